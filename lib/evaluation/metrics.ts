import {expect} from '../errors';
import {RMSE, type Metric, type PointForecast} from './metric';

/** Root mean squared error of the mean. */
export const rmse: Metric = Object.freeze({
  ...RMSE, draws: 0,
  score: (truth: number, {mean}: PointForecast) => (mean - truth) ** 2, total: Math.sqrt,
});

/** Mean absolute error of the mean. A forecast of the median would make it lowest, so it favours whoever gives that. */
export const mae: Metric = Object.freeze({
  name: 'MAE', unit: 'outcome' as const, ranks: true, draws: 0,
  score: (truth: number, {mean}: PointForecast) => Math.abs(mean - truth),
});

/**
 * Continuous ranked probability score, estimated without bias however few the draws are: `mean |x - y| - mean |x - x'|
 * / 2`, the latter over pairs of different draws. It is lowest in expectation for the true law, and equals the absolute
 * error of a forecast without spread.
 * @reference Gneiting & Raftery 2007, Strictly proper scoring rules, prediction, and estimation.
 * doi:10.1198/016214506000001437
 * @reference Ferro 2014, Fair scores for ensemble forecasts. doi:10.1002/qj.2270
 */
export const crps: Metric = Object.freeze({
  name: 'CRPS', unit: 'outcome' as const, ranks: true, draws: 2,
  score(truth: number, {samples}: PointForecast) {
    const m = samples.length;
    let far = 0, apart = 0;
    for (let i = 0; i < m; i++) {
      far += Math.abs(samples[i] - truth);
      apart += (2 * i - m + 1) * samples[i];
    }
    return far / m - apart / (m * (m - 1));
  },
});

/**
 * Share of targets inside the central interval of the draws, ends included. For S draws from the true law it is
 * `level`, exactly where `(1 - level) / 2 * (S + 1)` is whole.
 * @param level probability that the interval should hold the truth, in (0, 1)
 * @reference Hyndman & Fan 1996, Sample quantiles in statistical packages, definition 6.
 * doi:10.1080/00031305.1996.10473566
 * @throws ArgumentError for a level out of range
 */
export function coverage(level: number): Metric {
  return Object.freeze({
    name: `coverage ${level}`, unit: 'share' as const, ranks: false, draws: drawsFor('coverage', level),
    score(truth: number, {samples}: PointForecast) {
      const [low, high] = centralInterval(samples, level);
      return low <= truth && truth <= high ? 1 : 0;
    },
  });
}

/**
 * Width of the central interval of the draws, and `2 / (1 - level)` times the distance by which a truth outside misses
 * it. It is lowest in expectation for the true quantiles.
 * @param level probability that the interval should hold the truth, in (0, 1)
 * @reference Gneiting & Raftery 2007, Strictly proper scoring rules, prediction, and estimation, eq. (43).
 * doi:10.1198/016214506000001437
 * @throws ArgumentError for a level out of range
 */
export function intervalScore(level: number): Metric {
  return Object.freeze({
    name: `interval score ${level}`, unit: 'outcome' as const, ranks: true, draws: drawsFor('intervalScore', level),
    score(truth: number, {samples}: PointForecast) {
      const [low, high] = centralInterval(samples, level);
      return high - low + 2 / (1 - level) * Math.max(0, low - truth, truth - high);
    },
  });
}

/** Number of draws from which on the quantiles at both ends of the interval lie among them. */
function drawsFor(fn: string, level: number): number {
  expect(level > 0 && level < 1, {fn, argument: 'level', expected: 'in (0, 1)', received: level});
  // As a decimal fraction the level itself is rounded.
  return Math.max(2, Math.ceil(2 / (1 - level) - 1 - 1e-9));
}

/** Between neighbouring draws the quantile of share p is at rank p (S + 1), linearly. */
function centralInterval(samples: Float64Array, level: number): readonly [number, number] {
  const last = samples.length - 1, rank = Math.max(0, (1 - level) / 2 * (last + 2) - 1);
  const below = Math.floor(rank), part = rank - below;
  const between = (a: number, b: number) => (part === 0 ? a : a + part * (b - a));
  return [between(samples[below], samples[below + 1]), between(samples[last - below], samples[last - below - 1])];
}
