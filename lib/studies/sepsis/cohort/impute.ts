import {timesIn} from '../../../data/times';
import type {Trajectories} from '../../../data/trajectories';
import {expect} from '../../../errors';
import {nearestNeighbours, type Incomplete} from '../../../math/nearestNeighbours';
import {ndarray} from '../../../math/ndarray';
import {BODY, isCount} from './channels';

/** Options of how gaps at hour 0 are filled. */
export interface ImputeOptions {
  /** How many training stays are averaged, >= 1; `'none'` leaves gaps, but for statics, which get the training mean. */
  readonly neighbours?: number | 'none';
  /**
   * What stays are compared in: values divided by their spread over training stays; or as they come, which is what the
   * paper's program does and lets ALT decide. Default `'standardised'`.
   */
  readonly distance?: 'standardised' | 'raw';
}

/**
 * Learns from training stays to fill what is missing at hour 0, measured values and statics together. Filled values are
 * marked as observed, as in the paper; the counts of measurements still tell them apart.
 * @throws ArgumentError for options out of range; from the result: for other channels than the training stays have
 */
export function imputer(train: Trajectories, options: ImputeOptions = {}): (stays: Trajectories) => Trajectories {
  const {neighbours = 5, distance = 'standardised'} = options, fn = 'imputer';
  expect(['standardised', 'raw'].includes(distance), {
    fn, argument: 'distance', expected: "'standardised' or 'raw'", received: distance,
  });
  const measured = train.channels.outcomes.map((_, j) => j).filter(j => !isCount(train.channels.outcomes[j]));
  const fitted = firstValues(train, measured);
  // A value that no training stay has at hour 0 is not filled.
  const kept = columns(fitted).filter(j => knownOf(fitted, j).length > 0);
  const scale = kept.map(j => spread(knownOf(fitted, j), distance));
  const table = scaledTable(fitted, kept, scale);
  const filler = nearestNeighbours(table, {k: neighbours === 'none' ? Number.MAX_SAFE_INTEGER : neighbours});
  return stays => {
    const same = JSON.stringify(stays.channels) === JSON.stringify(train.channels);
    expect(same, {
      fn, argument: 'stays', expected: 'with the channels of the training stays',
      received: stays.channels.outcomes.map(({name}) => name),
    });
    const own = scaledTable(firstValues(stays, measured), kept, scale), filled = filler.fill(own);
    return withFirst(stays, (i, j) => {
      const at = kept.indexOf(j);
      if (at < 0 || (neighbours === 'none' && j < measured.length)) return undefined;
      return filled.data[i * kept.length + at] * scale[at].sd + scale[at].centre;
    }, measured);
  };
}

/** `[N, measured + body]`: what is known of each stay at its first time. */
function firstValues({outcomes, observed, statics, time}: Trajectories, measured: readonly number[]): Incomplete {
  const [N, , dy] = outcomes.shape, T = timesIn(time), ds = statics.shape[1], d = measured.length + BODY.length;
  const values = ndarray([N, d]), known = ndarray([N, d]);
  for (let i = 0; i < N; i++) {
    measured.forEach((j, k) => {
      values.data[i * d + k] = outcomes.data[i * T * dy + j];
      known.data[i * d + k] = observed.data[i * T * dy + j];
    });
    BODY.forEach((_, k) => {
      values.data[i * d + measured.length + k] = statics.data[i * ds + k];
      known.data[i * d + measured.length + k] = 1 - statics.data[i * ds + BODY.length + k];
    });
  }
  return {values, known};
}

const columns = ({values: {shape: [, d]}}: Incomplete): number[] => Array.from({length: d}, (_, j) => j);

const knownOf = ({values, known}: Incomplete, j: number): number[] => {
  const [N, d] = values.shape;
  return Array.from({length: N}, (_, i) => i * d + j).filter(at => known.data[at] === 1).map(at => values.data[at]);
};

function spread(values: readonly number[], distance: 'standardised' | 'raw'): {centre: number; sd: number} {
  if (distance === 'raw') return {centre: 0, sd: 1};
  const centre = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / values.length);
  return {centre, sd: sd > 0 ? sd : 1};
}

function scaledTable(
  {values, known}: Incomplete, kept: readonly number[], scale: readonly {centre: number; sd: number}[],
): Incomplete {
  const [N, d] = values.shape, shape = [N, kept.length], a = ndarray(shape), b = ndarray(shape);
  for (let i = 0; i < N; i++)
    kept.forEach((j, k) => {
      a.data[i * kept.length + k] = (values.data[i * d + j] - scale[k].centre) / scale[k].sd;
      b.data[i * kept.length + k] = known.data[i * d + j];
    });
  return {values: a, known: b};
}

/** The same stays with gaps of the first time filled by `value(stay, column)`. */
function withFirst(
  stays: Trajectories, value: (i: number, j: number) => number | undefined, measured: readonly number[],
): Trajectories {
  const {shape} = stays.outcomes, [N, T, dy] = shape, ds = stays.statics.shape[1];
  const outcomes = stays.outcomes.data.slice(), observed = stays.observed.data.slice();
  const statics = stays.statics.data.slice();
  for (let i = 0; i < N; i++) {
    measured.forEach((j, k) => {
      const at = i * T * dy + j, filled = observed[at] === 1 ? undefined : value(i, k);
      if (filled !== undefined) [outcomes[at], observed[at]] = [filled, 1];
    });
    BODY.forEach((_, k) => {
      const at = i * ds + k, missing = statics[at + BODY.length] === 1;
      if (missing) statics[at] = value(i, measured.length + k) ?? 0;
    });
  }
  return Object.freeze({
    ...stays, outcomes: ndarray(shape, outcomes), observed: ndarray(shape, observed),
    statics: ndarray(stays.statics.shape, statics),
  });
}
