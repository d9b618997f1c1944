import {expect} from '../../errors';

/** Half hours to which a curve of light response is fitted. */
export interface LightRows {
  /** `[n]`: days. */
  readonly day: Float64Array;
  /** `[n]`: short-wave radiation [W/m²], or photons, >= 0. */
  readonly light: Float64Array;
  /** `[n]`: net exchange of the ecosystem [µmol/m²/s], uptake negative. */
  readonly exchange: Float64Array;
}

/** Uptake as a rectangular hyperbola of light R: `alpha beta R / (alpha R + beta)`, plus a constant gamma. */
export interface LightCurve {
  /** Uptake per unit of faint light, <= 0. */
  readonly alpha: number;
  /** Uptake in endless light, <= 0. */
  readonly beta: number;
  /** Exchange in the dark, >= 0. */
  readonly gamma: number;
}

/** Limits within which curves are sought. */
const LOWEST = {alpha: -10, beta: -100};

/**
 * The light curve of smallest squared error with alpha in [-10, 0], beta in [-100, 0] and gamma >= 0. It is linear in
 * beta and gamma, `gamma + beta R / (R + half)`, once the half-saturating light `half = beta / alpha` is known, which
 * is sought by golden section over its logarithm, from 5 to 20,000.
 * @param light `[n]`, >= 0, n >= 3 @param exchange `[n]`
 * @throws ArgumentError for fewer rows
 */
export function lightCurve(light: ArrayLike<number>, exchange: ArrayLike<number>): LightCurve {
  const n = light.length;
  expect(n >= 3, {fn: 'lightCurve', argument: 'light', expected: 'at least three numbers', received: n});
  const at = (half: number) => {
    let s = 0, ss = 0, y = 0, sy = 0, yy = 0;
    for (let i = 0; i < n; i++) {
      const share = light[i] / (light[i] + half), v = exchange[i];
      [s, ss, y, sy, yy] = [s + share, ss + share * share, y + v, sy + share * v, yy + v * v];
    }
    const power = ss - s * s / n, inside = (v: number) => Math.min(0, Math.max(lowest(half), v));
    let beta = inside(power > 1e-12 * n ? (sy - s * y / n) / power : 0), gamma = (y - beta * s) / n;
    // Below 0 respiration ends: then the curve goes through the origin.
    if (gamma < 0) [beta, gamma] = [inside(ss > 0 ? sy / ss : 0), 0];
    const error = yy - 2 * beta * sy - 2 * gamma * y + beta * beta * ss + 2 * beta * gamma * s + n * gamma * gamma;
    return {alpha: beta / half, beta, gamma, error};
  };
  const lowest = (half: number) => Math.max(LOWEST.beta, LOWEST.alpha * half);
  const grid = Array.from({length: 33}, (_, k) => Math.log(5) + k * (Math.log(20_000) - Math.log(5)) / 32);
  const best = grid.reduce((a, b) => (at(Math.exp(b)).error < at(Math.exp(a)).error ? b : a));
  const width = grid[1] - grid[0];
  const {alpha, beta, gamma} = at(Math.exp(golden(v => at(Math.exp(v)).error, best - width, best + width)));
  return Object.freeze({alpha, beta, gamma});
}

/** Where a function of one valley is lowest, to 1e-6 of the interval. */
function golden(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to], a = high - ratio * (high - low), b = low + ratio * (high - low);
  let [fa, fb] = [f(a), f(b)];
  while (high - low > 1e-6 * (to - from)) {
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - ratio * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + ratio * (high - low);
      fb = f(b);
    }
  }
  return (low + high) / 2;
}

/**
 * Light as plants use it, `alpha R / (alpha R / beta + 1)` without its sign: a curve is fitted to every five days and
 * the fifteen on either side. In windows where it says nothing (fewer than 20 rows, or no uptake) the curve of all
 * rows is taken.
 * @returns `[n]`, in µmol/m²/s: the transform, which is also what the curve by itself says of gross uptake
 * @throws ArgumentError for fewer than 3 rows
 * @reference Cohrs et al. 2024, Causal hybrid modeling with double machine learning. doi:10.1088/2632-2153/ad5a60
 */
export function lightResponse({day, light, exchange}: LightRows): Float64Array {
  const first = day.reduce((a, b) => Math.min(a, b), Infinity);
  const bin = Int32Array.from(day, t => Math.floor((t - first) / 5));
  const all = lightCurve(light, exchange), curves = new Map<number, LightCurve>();
  for (const own of new Set(bin)) {
    const rows = Array.from(bin.keys()).filter(i => Math.abs(bin[i] - own) <= 3);
    const curve = rows.length < 20 ? all : lightCurve(rows.map(i => light[i]), rows.map(i => exchange[i]));
    curves.set(own, curve.beta < 0 ? curve : all);
  }
  return Float64Array.from(light, (R, i) => {
    const {alpha, beta} = curves.get(bin[i])!;
    return beta < 0 ? -alpha * R / (alpha * R / beta + 1) : 0;
  });
}
