import type {Targets} from '../data/cut';
import type {Forecast} from '../data/history';
import {expect} from '../errors';
import type {NdArray} from '../math/ndarray';
import type {Metric} from './metric';

/** Sums of scores in one cell. */
export interface Tally {
  /** `[metrics][dy]` */
  readonly sums: readonly Float64Array[];
  /** `[dy]`: measured targets behind each. */
  readonly count: Float64Array;
}

export function emptyTally(metrics: readonly Metric[], outcomes: number): Tally {
  return {sums: metrics.map(() => new Float64Array(outcomes)), count: new Float64Array(outcomes)};
}

/** A forecast, what came true, and where it is counted. */
export interface Answered {
  readonly forecast: Forecast;
  readonly target: Targets;
  /** The tally of row `i`'s step `k`, both from 0 on. */
  readonly tallyOf: (i: number, k: number) => Tally;
}

/**
 * Scores every measured target and adds to the tallies.
 * @param name of the forecaster
 * @throws ArgumentError for a forecast with a wrong shape, a value that is not finite, or fewer draws than a metric
 * needs
 */
export function addScores(metrics: readonly Metric[], name: string, {forecast, target, tallyOf}: Answered): void {
  const {mean} = forecast, [N, s, dy] = target.outcomes.shape, fn = `${name}.forecast`;
  expectShape(fn, 'mean', mean, [N, s, dy]);
  const samplesOf = sampler(fn, metrics, forecast, [N, s, dy]);
  for (let i = 0; i < mean.data.length; i++) {
    if (target.observed.data[i] === 0) continue;
    const truth = target.outcomes.data[i], said = {mean: mean.data[i], samples: samplesOf(i)};
    const unit = Math.floor(i / (s * dy)), step = Math.floor(i / dy) % s, {sums, count} = tallyOf(unit, step);
    expect(Number.isFinite(said.mean - truth) && said.samples.every(Number.isFinite), {
      fn, argument: Number.isFinite(said.mean - truth) ? 'samples' : 'mean', expected: 'finite everywhere',
      received: Number.isFinite(said.mean - truth) ? said.samples : said.mean,
      remedy: `Unit ${unit}, step ${step + 1}, outcome ${i % dy}.`,
    });
    metrics.forEach((metric, m) => { sums[m][i % dy] += metric.score(truth, said); });
    count[i % dy]++;
  }
}

const NONE = new Float64Array(0);

/** The draws of one target, ascending; none where no metric looks at them. */
function sampler(
  fn: string, metrics: readonly Metric[], {mean, samples}: Forecast, shape: readonly number[],
): (i: number) => Float64Array {
  const strictest = metrics.reduce((a, b) => (b.draws > a.draws ? b : a));
  const n = mean.data.length, S = samples?.shape[0] ?? 0;
  if (strictest.draws === 0) return () => NONE;
  expect(S >= strictest.draws, {
    fn: 'evaluate', argument: 'metrics', expected: `metrics of the mean for ${fn}, which gives ${S} draws`,
    received: strictest.name, remedy: `It needs ${strictest.draws} draws at least.`,
  });
  expectShape(fn, 'samples', samples!, [S, ...shape]);
  return i => Float64Array.from({length: S}, (_, draw) => samples!.data[draw * n + i]).sort();
}

function expectShape(fn: string, argument: string, {shape, data}: NdArray, wanted: readonly number[]): void {
  const values = wanted.reduce((a, b) => a * b, 1);
  expect(shape.length === wanted.length && shape.every((n, k) => n === wanted[k]), {
    fn, argument, expected: `of shape [${wanted.join(', ')}]`, received: shape,
  });
  expect(data.length === values, {fn, argument, expected: `${values} values for its shape`, received: data.length});
}
