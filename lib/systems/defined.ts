import type {MathNode} from 'mathjs';
import {expect} from '../errors';
import {fold, rng, uniform} from '../math';
import type {Interval} from './interval';
import {isNumber} from './numericNode';

interface Part {readonly type: string; readonly fn?: string | {
  readonly name: string;
}; readonly args?: readonly MathNode[]}

/** Where something about a formula was found out. */
interface Finding {readonly formula: string; readonly at: Readonly<Record<string, number>>; readonly why: string}

/**
 * Checks that a formula has a finite real value on a box, as far as points tell: corners, the middle and random points.
 * A denominator that takes both signs there is zero between.
 * @throws ArgumentError that names the formula, the part and a point
 */
export function expectDefined(node: MathNode, whose: string, box: Readonly<Record<string, Interval>>): void {
  const points = placesIn(box), finding = badPart(node, points) ?? badValue(node, points);
  expect(!finding, {
    fn: 'compileSystem', argument: whose, expected: 'a formula that is defined on the whole region',
    received: node.toString(),
    remedy: finding && `${finding.formula} ${finding.why}, e.g. at ${Object.entries(finding.at)
      .map(([name, v]) => `${name} = ${Number(v.toPrecision(6))}`)
      .join(', ')}. Make the region smaller.`,
  });
}

/** Corners (of up to eight variables), the middle, places with one variable at 0, and random points. */
function placesIn(box: Readonly<Record<string, Interval>>): Record<string, number>[] {
  const names = Object.keys(box), at = (share: (i: number) => number) =>
    Object.fromEntries(names.map((name, i) => [name, box[name][0] + (box[name][1] - box[name][0]) * share(i)]));
  const corners = Array.from({length: names.length <= 8 ? 2 ** names.length : 0}, (_, k) => at(i => (k >> i) & 1));
  const middle = at(() => 0.5);
  const zeros = names.filter(name => box[name][0] <= 0 && box[name][1] >= 0).map(name => ({...middle, [name]: 0}));
  const random = Array.from({length: 64}, (_, k) => {
    const u = uniform(fold(rng(0), k), Math.max(1, names.length));
    return at(i => u[i]);
  });
  return [...random, middle, ...corners, ...zeros];
}

/** A denominator that is or becomes 0, or an argument outside the domain of log or sqrt. */
function badPart(node: MathNode, points: readonly Record<string, number>[]): Finding | undefined {
  let found: Finding | undefined;
  node.traverse(part => {
    found ??= restricted(part).map(({inner, allowed}) => offence(inner, points, allowed)).find(f => f);
  });
  return found;
}

type Domain = 'not 0' | 'above 0' | '0 or more';

function restricted(node: MathNode): {inner: MathNode; allowed: Domain}[] {
  const {type, fn, args} = node as unknown as Part;
  const name = type === 'OperatorNode' ? fn : type === 'FunctionNode' ? (fn as {name: string}).name : '';
  if (!args || typeof name !== 'string') return [];
  if (name === 'divide') return [{inner: args[1], allowed: 'not 0'}];
  if (['log', 'log10', 'log2'].includes(name)) return [{inner: args[0], allowed: 'above 0'}];
  if (name === 'sqrt') return [{inner: args[0], allowed: '0 or more'}];
  if (name !== 'pow') return [];
  const exponent = isNumber(args[1]) ? Number(args[1].evaluate()) : NaN;
  if (Number.isInteger(exponent)) return exponent < 0 ? [{inner: args[0], allowed: 'not 0'}] : [];
  return [{inner: args[0], allowed: exponent > 0 ? '0 or more' : 'above 0'}];
}

function offence(inner: MathNode, points: readonly Record<string, number>[], allowed: Domain): Finding | undefined {
  const code = inner.compile(), values = points.map(at => ({at, value: Number(code.evaluate({...at}))}));
  const formula = inner.toString();
  if (allowed !== 'not 0') {
    const bad = values.find(({value}) => value < 0 || (value === 0 && allowed === 'above 0'));
    return bad && {formula, at: bad.at, why: `must be ${allowed} but is ${Number(bad.value.toPrecision(6))}`};
  }
  const zero = values.find(({value}) => value === 0), sign = Math.sign(values[0].value);
  const other = values.find(({value}) => Math.sign(value) === -sign);
  if (zero) return {formula, at: zero.at, why: 'is a denominator and is 0'};
  return other && {formula, at: other.at, why: 'is a denominator and changes its sign, so it is 0 somewhere'};
}

function badValue(node: MathNode, points: readonly Record<string, number>[]): Finding | undefined {
  const code = node.compile(), at = points.find(p => {
    const value: unknown = code.evaluate({...p});
    return typeof value === 'object' || !Number.isFinite(Number(value));
  });
  return at && {formula: node.toString(), at, why: 'has no finite real value'};
}
