import {fold, gradientBoosting, ndarray, predictTrees, type NdArray} from '../../../math';
import {foldsOf} from '../../../estimation';
import type {PropofolRecord} from '../data/record';
import type {Subject} from './covariateModel';
import {fitCovariates} from './fitCovariates';
import {features} from './features';
import type {PropofolMethod} from './method';
import {logPrediction} from './prediction';
import {allometricModel} from './structures';

/** Minutes after which a trace of what was given has faded to a third. */
const FADING = [1, 5, 20, 100, 500];

/**
 * What was given to somebody before each sample, and who they are, in numbers without any compartment: traces of the
 * dose per kg that fade within 1 to 500 minutes, all of it, the rate now, the time since the start. `[m, 19]`
 */
export function doseSummaries({person, dosing, times}: Subject): NdArray {
  const who = Array.from(features(person)), rows = traces(dosing, times, FADING).map(({faded, total, rate}, k) => [
    ...faded.map(v => Math.log(v / person.weight + 1e-3)), Math.log(total / person.weight + 1e-3),
    Math.log(rate / person.weight + 1e-3), Math.log1p(Math.max(0, times[k] - dosing.time[0])), ...who,
  ]);
  return ndarray([rows.length, FADING.length + 3 + who.length], Float64Array.from(rows.flat()));
}

interface Trace {
  readonly faded: readonly number[];
  readonly total: number;
  readonly rate: number;
}

/** Doses so far, faded and whole [mg], and the rate [mg/min], at each sample. */
function traces(
  {time, rate, bolus}: Subject['dosing'], samples: ArrayLike<number>, fading: readonly number[],
): Trace[] {
  const out: Trace[] = [], n = time.length;
  let faded = fading.map(() => 0), total = 0, at = 0;
  const after = (u: number, dt: number) => faded.map((v, j) =>
    u * fading[j] + (v - u * fading[j]) * Math.exp(-dt / fading[j]));
  for (; at < samples.length && samples[at] < time[0]; at++) out.push({faded, total: 0, rate: 0});
  for (let k = 0; k < n; k++) {
    const end = k + 1 < n ? time[k + 1] : Infinity;
    faded = faded.map(v => v + bolus[k]);
    total += bolus[k];
    for (; at < samples.length && samples[at] < end; at++) {
      const dt = samples[at] - time[k];
      out.push({faded: after(rate[k], dt), total: total + rate[k] * dt, rate: rate[k]});
    }
    if (k + 1 === n) break;
    faded = after(rate[k], end - time[k]);
    total += rate[k] * (end - time[k]);
  }
  return out;
}

/** Options of {@link boostingMethod}. */
export interface BoostingMethodOptions {
  /**
   * Whether trees are grown on what the law of size, fitted before, leaves over. Default false: on log concentrations.
   */
  readonly residual?: boolean;
  /** Trees at most, >= 1. Default 300; how many are kept is decided by studies of the training data. */
  readonly trees?: number;
}

/**
 * Boosted trees on {@link doseSummaries}: a black box for tables. A fifth of the training studies decides on the number
 * of trees; then all of them are learned from.
 */
export function boostingMethod({residual = false, trees = 300}: BoostingMethodOptions = {}): PropofolMethod {
  return Object.freeze<PropofolMethod>({
    name: residual ? 'allometric + boosting' : 'boosting',
    fit(training, rng) {
      const size = allometricModel(), {constants} = residual ? fitCovariates(size, training) : {constants: size.start};
      const base = (subject: Subject) => (residual ? logPrediction(subject, size.locals(constants, subject.person))
        : new Float64Array(subject.times.length));
      const grow = {rate: 0.05, maxDepth: 4, minLeaf: 20, subsample: 0.5};
      const part = foldsOf(training.map(({study}) => study), 5, fold(rng, 'held out'));
      const [taught, held] = [true, false].map(inside =>
        rowsOf(training.filter((_, i) => (part[i] > 0) === inside), base));
      const tried = gradientBoosting(taught.features, taught.targets, {
        ...grow, trees, weights: taught.weights, rng: fold(rng, 'tried'), validation: held, patience: 60,
      });
      const all = rowsOf(training, base), count = Math.max(1, tried.trees.length);
      const grown = gradientBoosting(all.features, all.targets, {
        ...grow, trees: count, weights: all.weights, rng: fold(rng, 'grown'),
      });
      const predict = (subject: Subject) => {
        const known = base(subject);
        return predictTrees(grown, doseSummaries(subject)).map((v, k) => v + known[k]);
      };
      return {predict, note: `${count} trees`};
    },
  });
}

/** Samples of all people as rows, each person counting the same. */
function rowsOf(people: readonly PropofolRecord[], base: (subject: Subject) => Float64Array) {
  const blocks = people.map(record => doseSummaries(record).data), d = doseSummaries(people[0]).shape[1];
  const data = new Float64Array(blocks.reduce((sum, block) => sum + block.length, 0));
  blocks.reduce((at, block) => (data.set(block, at), at + block.length), 0);
  const spread = (of: (record: PropofolRecord) => ArrayLike<number>) =>
    Float64Array.from(people.flatMap(record => Array.from(of(record))));
  return {
    features: ndarray([data.length / d, d], data), weights: spread(({times}) => times.map(() => 1 / times.length)),
    targets: spread(record => base(record).map((v, k) => Math.log(record.measured[k]) - v)),
  };
}
