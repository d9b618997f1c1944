import type {MathNode} from 'mathjs';
import {expect} from '../errors';
import {dual, type Arithmetic} from './arithmetic';
import {isNumber} from '../systems/numericNode';
import {SMOOTH} from '../systems/polynomial';
import {seriesAlgebra, type Series, type SeriesAlgebra} from './series';
import type {CompiledSystem} from '../systems/controlSystem';

/**
 * A random or given place to expand at: the state, and Taylor coefficients of each input, `[da][order]` (missing ones
 * are 0).
 */
export interface Place<T> {
  readonly state: readonly T[];
  readonly inputs: readonly (readonly T[])[];
}

/**
 * Derivatives of the Taylor coefficients of the outputs with respect to the state, by Taylor arithmetic: no formula is
 * differentiated, so long systems cost little. The formulas are read once; what is returned is then called for each
 * place.
 * @returns `(place) -> [order * dy][n]`: row `k dy + j` is d/dx of coefficient k of output j, which is y_j^(k) / k!
 * @throws ArgumentError for functions that are not smooth.
 * @reference Sedoglavic 2002, A probabilistic algorithm to test local algebraic observability in polynomial time.
 * doi:10.1006/jsco.2002.0532
 */
export function outputSlopes<T>(
  {system: {states, inputs}, f, h}: CompiledSystem, base: Arithmetic<T>, order: number,
): (place: Place<T>) => T[][] {
  const numbers = dual(base, states.length), tape: Series<T>[] = [], zero = numbers.of('0');
  const whole = Array.from({length: order + 1}, (_, k) => numbers.of(String(k)));
  const given = (): Series<T> => ({c: [], extend: () => undefined}), moving = states.map(given);
  const doses = inputs.map(given);
  const known = new Map([
    ...states.map((name, i) => [name, moving[i]] as const), ...inputs.map((name, i) => [name, doses[i]] as const),
  ]);
  const builder = seriesBuilder(base, seriesAlgebra(base, numbers, whole, tape), known), fields = f.map(builder);
  const outputs = h.map(builder);
  return place => {
    moving.forEach((x, i) => { x.c[0] = numbers.seed(place.state[i], i); });
    doses.forEach((a, i) => {
      for (let k = 0; k < order; k++) {
        a.c[k] = place.inputs[i]?.[k] === undefined ? zero : numbers.seed(place.inputs[i][k]);
      }
    });
    for (let k = 0; k < order; k++) {
      for (const series of tape) series.extend(k);
      fields.forEach((field, i) => { moving[i].c[k + 1] = numbers.divide(field.c[k], whole[k + 1]); });
    }
    return Array.from({length: order}, (_, k) => outputs.map(y => [...y.c[k].slopes])).flat();
  };
}

interface Part {readonly type: string; readonly name?: string; readonly value?: unknown; readonly fn?: string
  | {readonly name: string}; readonly content?: MathNode; readonly args?: readonly MathNode[]}

/** Turns formulas into series on the tape. */
function seriesBuilder<T>(
  base: Arithmetic<T>, {number, sum, difference, product, quotient, reciprocal, curve, pair}: SeriesAlgebra<T>,
  known: ReadonlyMap<string, Series<T>>,
): (node: MathNode) => Series<T> {
  type S = Series<T>;
  const wholePower = (a: S, n: number): S => (n === 0 ? number('1')
    : n === 1 ? a
    : n % 2 === 0 ? ((half: S) => product(half, half))(wholePower(a, n / 2))
    : product(a, wholePower(a, n - 1)));
  const exp = (a: S): S => {
    const f: S = curve('exp', a, () => f, (_at, value) => value);
    return f;
  };
  const log = (a: S): S => {
    const slope = reciprocal(a);
    return curve('log', a, () => slope, at => base.divide(base.of('1'), at));
  };
  const atan = (a: S): S => {
    const slope = reciprocal(sum(number('1'), product(a, a)));
    return curve('atan', a, () => slope, () => slope.c[0].value);
  };
  const functions: Record<string, (a: S, b?: S) => S> = {
    exp, log: (a, b) => (b ? quotient(log(a), log(b)) : log(a)), add: (a, b) => sum(a, b!),
    subtract: (a, b) => difference(a, b!), multiply: (a, b) => product(a, b!), divide: (a, b) => quotient(a, b!),
    sin: a => pair('sin', 'cos', '-1', a)[0], cos: a => pair('sin', 'cos', '-1', a)[1],
    sinh: a => pair('sinh', 'cosh', '1', a)[0], cosh: a => pair('sinh', 'cosh', '1', a)[1],
    tan: a => { const [s, c] = pair('sin', 'cos', '-1', a); return quotient(s, c); },
    tanh: a => { const [s, c] = pair('sinh', 'cosh', '1', a); return quotient(s, c); },
    atan, sqrt: a => realPower(a, number('0.5')), cbrt: a => realPower(a, quotient(number('1'), number('3'))),
    square: a => product(a, a), cube: a => wholePower(a, 3), unaryMinus: a => difference(number('0'), a),
    unaryPlus: a => a, pow: (a, b) => realPower(a, b!),
    log10: a => quotient(log(a), log(number('10'))), log2: a => quotient(log(a), log(number('2'))),
  };
  function realPower(a: S, b: S): S { return exp(product(b, log(a))); }
  return function build(node: MathNode): S {
    const part = node as unknown as Part, args = part.args ?? [];
    if (part.type === 'ConstantNode') return number(String(part.value));
    if (part.type === 'SymbolNode') return known.get(part.name!)!;
    if (part.type === 'ParenthesisNode') return build(part.content!);
    const name =
      part.type === 'OperatorNode' ? part.fn as string : (part.fn as {name?: string} | undefined)?.name ?? part.type;
    expect(Object.hasOwn(functions, name), {
      fn: 'outputSlopes', argument: 'system', expected: `made of + - * / ^ and ${SMOOTH.join(', ')}`, received: name,
    });
    const n = name === 'pow' ? wholeExponent(args[1]) : undefined;
    if (n !== undefined) return n >= 0 ? wholePower(build(args[0]), n) : reciprocal(wholePower(build(args[0]), -n));
    return functions[name](build(args[0]), args[1] && build(args[1]));
  };
}

/** Values of exponents, which are asked for at every place. */
const exponents = new WeakMap<MathNode, number>();

/** The exponent of a power, where it is a whole number: such powers are products, for a base of any sign. */
function wholeExponent(node: MathNode): number | undefined {
  const value = exponents.get(node) ?? (isNumber(node) ? Number(node.evaluate()) : NaN);
  exponents.set(node, value);
  return Number.isInteger(value) && Math.abs(value) <= 1000 ? value : undefined;
}
