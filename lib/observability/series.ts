import type {Arithmetic, Dual} from './arithmetic';

/**
 * Taylor coefficients in time; `extend(k)` finds number k once all earlier ones, and number k of the series it is made
 * of, are there.
 */
export interface Series<T> {
  readonly c: Dual<T>[];
  extend(k: number): void;
}

/** Arithmetic of series: what is made is put on a tape, in the order in which coefficients must be found. */
export type SeriesAlgebra<T> = ReturnType<typeof seriesAlgebra<T>>;

/**
 * The operations of series over `base` numbers, by the coefficients they are made of.
 * @throws NoSuchFunction for a function that this kind of number does not have.
 */
export function seriesAlgebra<T>(
  base: Arithmetic<T>, {add, subtract, multiply, divide, of, isZero}: Arithmetic<Dual<T>>, whole: readonly Dual<T>[],
  tape: Series<T>[],
) {
  type S = Series<T>;
  const zero = of('0');
  const on = (rule: (k: number, c: readonly Dual<T>[]) => Dual<T>): S => {
    const c: Dual<T>[] = [], series: S = {c, extend: k => { c[k] = rule(k, c); }};
    tape.push(series);
    return series;
  };
  const number = (decimal: string): S => {
    const value = of(decimal);
    return on(k => (k === 0 ? value : zero));
  };
  /** Coefficient k of a product: sum over i = from ... k of weight(i) a[i] b[k - i] */
  const convolution = (
    from: number, weight?: (i: number) => Dual<T>,
  ) => (a: readonly Dual<T>[], b: readonly Dual<T>[], k: number): Dual<T> => {
    let sum = zero;
    for (let i = from; i <= k; i++) {
      if (isZero(a[i]) || isZero(b[k - i])) continue;
      const term = multiply(a[i], b[k - i]);
      sum = add(sum, weight ? multiply(weight(i), term) : term);
    }
    return sum;
  };
  const all = convolution(0), allButFirst = convolution(1), derivative = convolution(1, i => whole[i]);
  const sum = (a: S, b: S): S => on(k => add(a.c[k], b.c[k]));
  const difference = (a: S, b: S): S => on(k => subtract(a.c[k], b.c[k]));
  const product = (a: S, b: S): S => on(k => all(a.c, b.c, k));
  const quotient = (a: S, b: S): S =>
    on((k, c) => divide(subtract(a.c[k], k === 0 ? zero : allButFirst(b.c, c, k)), b.c[0]));
  const call = (fn: string, at: T): T => {
    if (!base.call) throw new NoSuchFunction(fn);
    return base.call(fn, at);
  };
  /**
   * fn(a), from its derivative: as a series (which may be made of fn(a) itself), and as a function of the place and the
   * value there.
   */
  const curve = (fn: string, a: S, slope: () => S, rate: (at: T, value: T) => T): S => on(k => {
    if (k > 0) return divide(derivative(a.c, slope().c, k), whole[k]);
    const {value: at, slopes} = a.c[0], value = call(fn, at), steep = rate(at, value);
    return {value, slopes: slopes === zero.slopes ? slopes : slopes.map(s => base.multiply(steep, s))};
  });
  /** sin and cos, or sinh and cosh: each is the derivative of the other, up to `sign`. */
  const pair = (first: string, second: string, sign: string, a: S): [S, S] => {
    const f: S = curve(first, a, () => g, at => call(second, at));
    const g: S = curve(second, a, () => signed, at => base.multiply(base.of(sign), call(first, at)));
    const signed = product(number(sign), f);
    return [f, g];
  };
  const reciprocal = (a: S): S => quotient(number('1'), a);
  return {number, sum, difference, product, quotient, reciprocal, curve, pair};
}

/** A function that a kind of number does not have. */
export class NoSuchFunction extends Error {
  override readonly name = 'NoSuchFunction';
  constructor(readonly fn: string) {
    super(`no value of ${fn}`);
  }
}
