import {expect, expectWhole} from '../errors';

/** A spline curve as a sum of B-splines. */
export interface BSplineFields {
  /** Degree of the polynomial pieces, >= 0; 3 for cubic. */
  readonly degree: number;
  /** `[n]`, n >= degree + 1, finite. */
  readonly coefficients: ArrayLike<number>;
  /** `[n + degree + 1]`, finite and never decreasing. */
  readonly knots: ArrayLike<number>;
}

/**
 * The curve `sum_k coefficients[k] B_k(x)` on the base interval `[knots[degree], knots[n]]`, both ends included.
 * @returns a function of x that throws an ArgumentError outside the base interval, where B-splines do not sum to 1
 * @throws ArgumentError when sizes do not fit, knots decrease or the base interval is empty
 * @reference de Boor 1972, On calculating with B-splines. doi:10.1016/0021-9045(72)90080-9
 */
export function bSpline({degree, coefficients, knots}: BSplineFields): (x: number) => number {
  const fn = 'bSpline', n = coefficients.length, t = Float64Array.from(knots), c = Float64Array.from(coefficients);
  expectWhole(fn, {degree}, 0);
  const enough = n > degree && c.every(Number.isFinite);
  expect(enough, {fn, argument: 'coefficients', expected: `at least ${degree + 1} finite numbers`, received: c});
  const ordered = t.length === n + degree + 1 && t.every((v, i) => Number.isFinite(v) && (i === 0 || v >= t[i - 1]));
  expect(ordered, {fn, argument: 'knots', expected: `${n + degree + 1} finite numbers in order`, received: t});
  const low = t[degree], high = t[n];
  expect(low < high, {fn, argument: 'knots', expected: `with knots[${degree}] < knots[${n}]`, received: [low, high]});
  return x => {
    expect(x >= low && x <= high, {fn, argument: 'x', expected: `in [${low}, ${high}]`, received: x});
    return deBoor({degree, coefficients: c, knots: t}, interval(t, degree, n, x), x);
  };
}

/**
 * Knots of a clamped spline: evenly spaced on `[low, high]`, the ends repeated, so that the curve starts at its first
 * coefficient and ends at its last.
 * @param count number of coefficients, above `degree`
 * @returns `[count + degree + 1]`
 * @throws ArgumentError unless `degree` >= 0 and `count` above it are whole numbers and the interval is finite and in
 * order.
 */
export function clampedKnots(count: number, degree: number, [low, high]: readonly [number, number]): Float64Array {
  const fn = 'clampedKnots', pieces = count - degree;
  expectWhole(fn, {degree}, 0);
  expectWhole(fn, {count}, degree + 1);
  expect(low < high && Number.isFinite(high - low), {
    fn, argument: 'interval', expected: 'two finite numbers in order', received: [low, high],
  });
  const at = (i: number) => (i <= 0 ? low : i >= pieces ? high : low + ((high - low) * i) / pieces);
  return Float64Array.from({length: count + degree + 1}, (_, i) => at(i - degree));
}

/** The k in [degree, n) with knots[k] <= x < knots[k + 1]; the last one that is not empty at the upper end. */
function interval(knots: Float64Array, degree: number, n: number, x: number): number {
  let k = n - 1;
  while (k > degree && (knots[k] > x || knots[k] === knots[n])) k--;
  return k;
}

/** Repeated convex combinations of the coefficients that matter in one interval. */
function deBoor({degree: p, coefficients, knots}: BSplineFields, k: number, x: number): number {
  const d = Float64Array.from({length: p + 1}, (_, j) => coefficients[k - p + j]);
  for (let r = 1; r <= p; r++)
    for (let j = p; j >= r; j--) {
      const left = knots[j + k - p], a = (x - left) / (knots[j + 1 + k - r] - left);
      d[j] = (1 - a) * d[j - 1] + a * d[j];
    }
  return d[p];
}
