import type {BigNumber, MathJsInstance} from 'mathjs';
import {mathjs} from '../math/mathjs';

/** A kind of number to calculate with. */
export interface Arithmetic<T> {
  /** The number that a decimal text such as `'-1.5e-7'` names. */
  of(decimal: string): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  /** @throws RangeError when `b` is 0. */
  divide(a: T, b: T): T;
  isZero(a: T): boolean;
  /** exp, log, sin, cos, tan, tanh, sinh, cosh or atan; nothing where such functions have no meaning. */
  call?(fn: string, a: T): T;
}

/** Numbers of 53 bits. */
export const float64: Arithmetic<number> = {
  of: Number, add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
  isZero: a => a === 0,
  call: (fn, a) => (Math as unknown as Record<string, (v: number) => number>)[fn](a),
};

/** The largest prime below 2^26, so that products of remainders are exact. */
export const PRIME = 67108859;

/**
 * Remainders of fractions: exact, so whole formulas can be tried at random points without rounding. They have no exp,
 * log or sin.
 */
export const modular: Arithmetic<number> = {
  of(decimal) {
    const [, sign, whole, part = '', exponent = '0'] = /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/.exec(decimal)!;
    const power = Number(exponent) - part.length;
    const digits = Number(BigInt(whole + part) % BigInt(PRIME)), ten = remainderPower(10, Math.abs(power));
    const size = power >= 0 ? digits * ten % PRIME : modular.divide(digits, ten);
    return sign ? modular.subtract(0, size) : size;
  },
  add: (a, b) => (a + b) % PRIME,
  subtract: (a, b) => (a - b + PRIME) % PRIME,
  multiply: (a, b) => a * b % PRIME,
  divide(a, b) {
    if (b === 0) throw new RangeError('division by zero');
    return a * remainderPower(b, PRIME - 2) % PRIME;
  },
  isZero: a => a === 0,
};

function remainderPower(base: number, exponent: number): number {
  let out = 1;
  for (let square = base % PRIME, left = exponent; left > 0; left = Math.floor(left
    / 2), square = square * square % PRIME) if (left % 2 === 1) out = out * square % PRIME;
  return out;
}

let made: MathJsInstance | undefined;
const wide = (): MathJsInstance =>
  (made ??= mathjs().create(mathjs().bignumberDependencies, {number: 'BigNumber', precision: 100}));

/** Numbers of 100 digits. */
export const decimals: Arithmetic<BigNumber> = {
  of: text => wide().bignumber(text), add: (a, b) => a.plus(b), subtract: (a, b) => a.minus(b),
  multiply: (a, b) => a.times(b), isZero: a => a.isZero(),
  divide(a, b) {
    if (b.isZero()) throw new RangeError('division by zero');
    return a.div(b);
  },
  call: (fn, a) => (fn === 'log' ? a.ln() : (a as unknown as Record<string, () => BigNumber>)[fn]()),
};

/** A number and how it changes along each of some directions. */
export interface Dual<T> {
  readonly value: T;
  readonly slopes: readonly T[];
}

/** Numbers that carry their derivatives along `n` directions. */
export function dual<T>(base: Arithmetic<T>, n: number): Arithmetic<Dual<T>>
  & {seed(value: T, direction?: number): Dual<T>} {
  const zero = base.of('0'), one = base.of('1'), none: readonly T[] = Array.from({length: n}, () => zero);
  const {add, subtract, multiply, divide} = base;
  return {
    seed: (value, direction) =>
      ({value, slopes: direction === undefined ? none : none.map((z, i) => (i === direction ? one : z))}),
    of: decimal => ({value: base.of(decimal), slopes: none}),
    add: (a, b) => ({value: add(a.value, b.value), slopes: added(a.slopes, b.slopes)}),
    subtract: (a, b) => ({
      value: subtract(a.value, b.value),
      slopes: b.slopes === none ? a.slopes : a.slopes.map((s, i) => subtract(s, b.slopes[i])),
    }),
    multiply: (a, b) =>
      ({value: multiply(a.value, b.value), slopes: added(timesAll(b.value, a.slopes), timesAll(a.value, b.slopes))}),
    divide(a, b) {
      const value = divide(a.value, b.value);
      return {value, slopes: a.slopes === none && b.slopes === none ? none : a.slopes.map((s, i) =>
        divide(subtract(s, multiply(value, b.slopes[i])), b.value))};
    },
    isZero: a => a.slopes === none && base.isZero(a.value),
  };

  function timesAll(factor: T, slopes: readonly T[]): readonly T[] {
    return slopes === none || base.isZero(factor) ? none : slopes.map(s => (base.isZero(s) ? s : multiply(factor, s)));
  }

  function added(left: readonly T[], right: readonly T[]): readonly T[] {
    return left === none ? right : right === none ? left : left.map((s, i) => add(s, right[i]));
  }
}
