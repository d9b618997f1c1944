import {crossFit, effectCurve, foldsOf, residualsOf, type Residuals, type RowLearner} from '../../estimation';
import {mean} from '../../math/statistics';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {conditions, type Exchange} from './uptake';

/** Options of {@link partitioned}. */
export interface PartitionOptions {
  /** Tells net exchange and light from conditions. */
  readonly learner: RowLearner;
  /** Tells uptake per light from conditions. Default: `learner`. */
  readonly final?: RowLearner;
  /**
   * Learners of which one tells respiration from conditions: the one that errs least on what remains of parts that it
   * has not seen. Default: `final` alone.
   */
  readonly refits?: readonly RowLearner[];
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Parts for cross-fitting, >= 2. Default 5. */
  readonly folds?: number;
}

/** Net exchange divided into what goes in and what comes out. */
export interface Partition {
  /** `[n]`: gross uptake, theta times light [µmol/m²/s]. */
  readonly uptake: Float64Array;
  /** `[n]`: uptake per unit of light. */
  readonly theta: Float64Array;
  /** `[n]`: net exchange plus uptake: respiration, with all the noise of what was measured. */
  readonly rest: Float64Array;
  /** `[n]`: respiration as a learner tells it from conditions, fitted to `rest`. */
  readonly respiration: Float64Array;
  /** The learners that were tried for it with their errors on parts that they had not seen (RMSE), best first. */
  readonly refits: readonly {readonly learner: string; readonly error: number}[];
  /** What conditions leave of net exchange and of light. */
  readonly residuals: Residuals;
}

/**
 * Divides net exchange by residual on residual: `exchange = -theta(x) light + respiration(x)`, where x are conditions.
 * What x says is taken from exchange and light, rows of one part told from the others; then theta(x) is learned from
 * what is left.
 * @param light `[n]`: light, or a transform of it that uptake is proportional to
 * @throws ArgumentError for light that never changes, sizes that differ, or values that are not finite
 * @reference Cohrs et al. 2024, Causal hybrid modeling with double machine learning. doi:10.1088/2632-2153/ad5a60
 */
export async function partitioned(
  rows: Exchange, light: Float64Array, {learner, final = learner, refits = [final], rng, folds = 5}: PartitionOptions,
): Promise<Partition> {
  const features = conditions(rows), data = {outcome: rows.exchange.map(v => -v), treatment: light, features};
  const n = light.length, parts = foldsOf(n, folds, fold(rng, 'folds'));
  const residuals = await residualsOf(data, learner, parts, fold(rng, 'residuals'));
  const theta = await effectCurve(residuals, features, features, {learner: final, rng: fold(rng, 'theta')});
  const uptake = light.map((R, i) => theta[i] * R), rest = rows.exchange.map((v, i) => v + uptake[i]);
  return Object.freeze({uptake, theta, rest, residuals, ...await refitted(rest, features, {refits, parts, rng})});
}

/** Respiration told from conditions by the learner that does so best on parts it has not seen. */
async function refitted(
  rest: Float64Array, features: NdArray,
  {refits, parts, rng}: {readonly refits: readonly RowLearner[]; readonly parts: Int32Array; readonly rng: Rng},
): Promise<Pick<Partition, 'respiration' | 'refits'>> {
  const lesson = {features, targets: ndarray([rest.length, 1], rest)}, tried = [];
  for (const learner of refits) {
    const told = await crossFit(learner, lesson, parts, fold(rng, 'refits'));
    tried.push({learner, error: agreement(told.data, rest).rmse});
  }
  tried.sort((a, b) => a.error - b.error);
  const respiration = (await tried[0].learner.answers(lesson, features, fold(rng, 'respiration'))).data;
  return {respiration, refits: Object.freeze(tried.map(({learner: {name}, error}) => ({learner: name, error})))};
}

/**
 * The same by a learner of net exchange alone: what it says in the dark minus what it says in the light.
 * @returns gross uptake, `[n]`
 * @throws ArgumentError for sizes that differ or values that are not finite
 */
export async function byOutcome(
  rows: Exchange, light: Float64Array, {learner, rng}: {readonly learner: RowLearner; readonly rng: Rng},
): Promise<Float64Array> {
  const plain = conditions(rows), n = light.length, lesson = {
    features: beside(plain, light), targets: ndarray([n, 1], rows.exchange),
  };
  const asked = ndarray([2 * n, 5], Float64Array.from([
    ...lesson.features.data, ...beside(plain, new Float64Array(n)).data]));
  const {data} = await learner.answers(lesson, asked, rng);
  return data.slice(n).map((dark, i) => dark - data[i]);
}

/** `[n, d + 1]` */
function beside({shape: [n, d], data}: NdArray, column: Float64Array): NdArray {
  return ndarray([n, d + 1], Float64Array.from({length: n * (d + 1)}, (_, at) =>
    (at % (d + 1) < d ? data[Math.floor(at / (d + 1)) * d + at % (d + 1)] : column[Math.floor(at / (d + 1))])));
}

/** How well numbers agree with others: `R^2 = 1 - squares of the differences / squares around the mean`, and RMSE. */
export function agreement(told: ArrayLike<number>, truth: Float64Array): {readonly r2: number; readonly rmse: number} {
  const squares = mean(truth.map((v, i) => (v - told[i]) ** 2)), centre = mean(truth);
  return Object.freeze({r2: 1 - squares / mean(truth.map(v => (v - centre) ** 2)), rmse: Math.sqrt(squares)});
}
