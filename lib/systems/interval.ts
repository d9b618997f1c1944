import type {MathNode} from 'mathjs';
import {isNumber} from './numericNode';

/** Closed interval; the ends may be infinite. */
export type Interval = readonly [low: number, high: number];

/** Ranges of the variables of a formula. */
export type Box = Readonly<Record<string, Interval>>;

interface Part { readonly type: string; readonly name?: string; readonly value?: number; readonly fn?: string
  | {readonly name: string}; readonly content?: MathNode; readonly args?: readonly MathNode[] }

const ALL: Interval = [-Infinity, Infinity];

/**
 * An interval that holds every value of a formula on a box, by interval arithmetic. Each operation is widened by a few
 * units in the last place, so rounding cannot make the answer too small. Anything it does not know becomes the whole
 * line, which proves nothing.
 * @reference Moore, Kearfott & Cloud 2009, Introduction to interval analysis, doi:10.1137/1.9780898717716
 */
export function enclose(node: MathNode, box: Box): Interval {
  const part = node as unknown as Part, inside = (part.args ?? []).map(arg => enclose(arg, box));
  switch (part.type) {
    case 'ConstantNode': return widen([Number(part.value), Number(part.value)]);
    case 'SymbolNode': return box[part.name!] ?? ALL;
    case 'ParenthesisNode': return enclose(part.content!, box);
    case 'OperatorNode': {
      // An exponent is the number that is written there.
      const [, exponent] = part.fn === 'pow' ? part.args! : [];
      return widen(operation(part.fn as string, exponent && isNumber(exponent)
        ? [inside[0], [exponent.evaluate() as number, exponent.evaluate() as number]]
        : inside));
    }
    case 'FunctionNode': return widen(call((part.fn as {name: string}).name, inside));
    default: return ALL;
  }
}

/**
 * The sign of a formula on a whole box: 1 or -1 when proved, 0 when not. The box is halved where the enclosure is too
 * wide.
 * @param cells how many pieces are looked at before giving up
 */
export function signOn(node: MathNode, box: Box, cells = 2000): -1 | 0 | 1 {
  const queue: Box[] = [box];
  let sign: -1 | 0 | 1 = 0;
  for (let seen = 0; queue.length > 0; seen++) {
    if (seen >= cells) return 0;
    const cell = queue.pop()!, [low, high] = enclose(node, cell), here = low > 0 ? 1 : high < 0 ? -1 : 0;
    if (here === 0) {
      const halves = halve(cell, box);
      if (!halves) return 0;
      queue.push(...halves);
    } else if (sign === -here) return 0;
    else sign = here;
  }
  return sign;
}

/**
 * The two halves of a box across the side that is longest beside that of the `whole`, whatever the units; nothing where
 * all sides are points.
 */
function halve(box: Box, whole: Box): [Box, Box] | undefined {
  const share = (name: string, [low, high]: Interval) => (high - low) / (whole[name][1] - whole[name][0] || 1);
  const longest = Object.entries(box).reduce<[string, number]>((best, [name, side]) =>
    (share(name, side) > best[1] ? [name, share(name, side)] : best), ['', 0]);
  if (longest[1] === 0) return undefined;
  const [low, high] = box[longest[0]], middle = (low + high) / 2;
  return [{...box, [longest[0]]: [low, middle]}, {...box, [longest[0]]: [middle, high]}];
}

function operation(name: string, [a, b]: readonly Interval[]): Interval {
  switch (name) {
    case 'add': return [a[0] + b[0], a[1] + b[1]];
    case 'subtract': return [a[0] - b[1], a[1] - b[0]];
    case 'unaryMinus': return [-a[1], -a[0]];
    case 'unaryPlus': return a;
    case 'multiply': return product(a, b);
    case 'divide': return b[0] > 0 || b[1] < 0 ? product(a, [1 / b[1], 1 / b[0]]) : ALL;
    case 'pow': return b[0] === b[1] ? power(a, b[0]) : ALL;
    default: return ALL;
  }
}

function product(a: Interval, b: Interval): Interval {
  const ends = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]].map(v => (Number.isNaN(v) ? 0 : v));
  return [Math.min(...ends), Math.max(...ends)];
}

function power(a: Interval, n: number): Interval {
  if (a[0] > 0 || (a[0] === 0 && n > 0)) return n >= 0 ? [a[0] ** n, a[1] ** n] : [a[1] ** n, a[0] ** n];
  if (!Number.isInteger(n) || n < 0) return ALL;
  if (n % 2 === 1) return [a[0] ** n, a[1] ** n];
  const ends = [a[0] ** n, a[1] ** n];
  return [a[0] <= 0 && a[1] >= 0 ? (n === 0 ? 1 : 0) : Math.min(...ends), Math.max(...ends)];
}

const RISING = new Set(['exp', 'sinh', 'tanh', 'atan']);

function call(name: string, [a]: readonly Interval[]): Interval {
  if (RISING.has(name)) { const f = Math[name as 'exp']; return [f(a[0]), f(a[1])]; }
  if (name === 'log' && a[0] > 0) return [Math.log(a[0]), Math.log(a[1])];
  if (name === 'sqrt' && a[0] >= 0) return [Math.sqrt(a[0]), Math.sqrt(a[1])];
  if (name === 'sin') return cosine([a[0] - Math.PI / 2, a[1] - Math.PI / 2]);
  return name === 'cos' ? cosine(a) : ALL;
}

/** Range of the cosine: its ends, and 1 or -1 where a multiple of pi lies between. */
function cosine([low, high]: Interval): Interval {
  if (!(high - low < 2 * Math.PI)) return [-1, 1];
  const holds = (offset: number) =>
    Math.floor((high - offset) / (2 * Math.PI) + 1e-12) > Math.floor((low - offset) / (2 * Math.PI) - 1e-12);
  const ends = [Math.cos(low), Math.cos(high)];
  return [holds(Math.PI) ? -1 : Math.min(...ends), holds(0) ? 1 : Math.max(...ends)];
}

function widen([low, high]: Interval): Interval {
  const out = (v: number) => 8 * Number.EPSILON * Math.abs(v) + Number.MIN_VALUE;
  return [low - (Number.isFinite(low) ? out(low) : 0), high + (Number.isFinite(high) ? out(high) : 0)];
}
