import {expect} from '../errors';
import type {NdArray} from '../math/ndarray';
import type {Plan} from './history';
import {fitScaler, scaler, scalerFields, type Scaler, type ScalerFields, type ScalingOptions} from './scaler';
import type {SeriesShape, Trajectories} from './trajectories';

/** The numbers of a {@link Preprocessing}: plain data, to be stored with a model. */
export interface PreprocessingFields {
  /** Of dy outcomes. */
  readonly outcomes: ScalerFields;
  /** Of da treatments. */
  readonly treatments: ScalerFields;
  /** Of ds statics. */
  readonly statics: ScalerFields;
}

/**
 * How outcomes, treatments and statics become numbers for a network, and outcomes become what they were: as arrays
 * (`forward`, `inverse`) and as tensors (`forwardTensor`, `inverseTensor`).
 */
export interface Preprocessing extends PreprocessingFields {
  /** `[..., dy]` */
  readonly outcomes: Scaler;
  /** `[..., da]` */
  readonly treatments: Scaler;
  /** `[..., ds]` */
  readonly statics: Scaler;
}

/** How each kind of channel is scaled. */
export interface PreprocessingOptions {
  /** Default: standardised. */
  readonly outcomes?: ScalingOptions;
  /** Default: standardised, those that are only on or off too. */
  readonly treatments?: ScalingOptions;
  /** Default: standardised `'unless binary'`, so that on-or-off and one-hot channels stay as they are. */
  readonly statics?: ScalingOptions;
}

/**
 * Preprocessing learned from training data only.
 * @throws ArgumentError as `fitScaler`, e.g. when an outcome was never measured
 */
export function fitPreprocessing(train: Trajectories, options: PreprocessingOptions = {}): Preprocessing {
  const {outcomes, treatments, statics} = options;
  return Object.freeze({
    outcomes: fitScaler(train, outcomes),
    treatments: fitScaler(train, {...treatments, of: 'treatments'}),
    statics: fitScaler(train, {standardise: 'unless binary', ...statics, of: 'statics'}),
  });
}

/** Preprocessing from stored numbers. @throws ArgumentError as `scaler` */
export function preprocessing({outcomes, treatments, statics}: PreprocessingFields): Preprocessing {
  return Object.freeze({outcomes: scaler(outcomes), treatments: scaler(treatments), statics: scaler(statics)});
}

/** Preprocessing that leaves everything in the data's own units. */
export function noPreprocessing({outcomes, treatments, statics}: SeriesShape): Preprocessing {
  const untouched = (d: number): ScalerFields => {
    const all = <V>(value: V) => new Array<V>(d).fill(value);
    return {transform: all('identity'), floor: all(0), mean: all(0), sd: all(1)};
  };
  return preprocessing({outcomes: untouched(outcomes), treatments: untouched(treatments), statics: untouched(statics)});
}

/** The numbers alone, frozen; `preprocessing(preprocessingFields(p))` does what `p` does. */
export function preprocessingFields({outcomes, treatments, statics}: PreprocessingFields): PreprocessingFields {
  const [y, a, x] = [outcomes, treatments, statics].map(scalerFields);
  return Object.freeze({outcomes: y, treatments: a, statics: x});
}

/**
 * The same preprocessing of treatments that are first seen as on (1, above their threshold) or off (0).
 * @param above `[da]`, finite, in the treatments' own units
 * @throws ArgumentError unless there is one threshold for each treatment and none has a transform yet
 */
export function onOrOff({outcomes, treatments, statics}: Preprocessing, above: readonly number[]): Preprocessing {
  const {transform, mean, sd} = treatments, fn = 'onOrOff';
  expect(above.length === mean.length, {fn, argument: 'above', expected: `${mean.length} numbers`, received: above});
  expect(transform.every(t => t === 'identity'), {
    fn, argument: 'preprocessing', expected: 'without a transform of treatments', received: transform,
  });
  const told = scaler({transform: transform.map(() => 'on or off'), floor: above, mean, sd});
  return Object.freeze({outcomes, treatments: told, statics});
}

/** Arrays of trajectories or of a history. */
interface Scalable {
  readonly outcomes: NdArray;
  readonly observed: NdArray;
  readonly treatments: NdArray;
  readonly statics: NdArray;
}

/**
 * The same trajectories, or the same history, with scaled outcomes, treatments and statics; unobserved outcomes become
 * 0, the training mean. A kind without a scaler stays as it is.
 */
export function scaleTrajectories<T extends Scalable>(trajectories: T, scalers: Partial<Preprocessing>): T {
  const {outcomes, treatments, statics} = scalers;
  return Object.freeze({
    ...trajectories,
    ...(outcomes && {outcomes: outcomes.forward(trajectories.outcomes, trajectories.observed)}),
    ...(treatments && {treatments: treatments.forward(trajectories.treatments)}),
    ...(statics && {statics: statics.forward(trajectories.statics)}),
  });
}

/** The same plan with scaled treatments. */
export function scalePlan(plan: Plan, {treatments}: Pick<Preprocessing, 'treatments'>): Plan {
  return Object.freeze({...plan, treatments: treatments.forward(plan.treatments)});
}
