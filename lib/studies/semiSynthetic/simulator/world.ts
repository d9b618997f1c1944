import {bernoulliPolicy, type BernoulliPolicy} from '../../../math/bernoulliPolicy';
import {bSpline, clampedKnots} from '../../../math/bSpline';
import {fourierFunction, fourierValues} from '../../../math/fourierFunction';
import {gaussianProcess, type GaussianProcess} from '../../../math/gaussianProcess';
import {matern} from '../../../math/matern';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {fold, type Rng} from '../../../math/rng';
import {mean, sd} from '../../../math/statistics';
import type {Substrate} from '../substrate/substrate';
import {released, type SemiSyntheticModel} from './model';

/** Everything that is common to all patients: the functions drawn for one cohort and their values on every stay. */
export interface SemiSyntheticWorld {
  readonly substrate: Substrate;
  readonly model: SemiSyntheticModel;
  /** `[stays, T]`: phi_Y of the labs. */
  readonly outcomeTerm: NdArray;
  /** `[stays, T, 2]`: Phi_l of the labs, creatinine for the first treatment, bilirubin and ALT for the second. */
  readonly policyTerms: NdArray;
  /** `[3, T]`: the curves, one of which each patient follows. */
  readonly splines: NdArray;
  /** Law of a patient's own path, times 0 ... T-1 [h]. */
  readonly path: GaussianProcess;
  /** One a treatment, over the features mean of recent outcomes and Phi_l. */
  readonly policies: readonly [BernoulliPolicy, BernoulliPolicy];
  /** `[T]`: share of an effect that is left at lag 0 ... T-1; 0 at lag 0 and beyond the window. */
  readonly fade: Float64Array;
}

/** Labs seen by phi_Y, Phi_1 and Phi_2. @paper Table 5 */
const SEES = [[0, 1, 2], [0], [1, 2]] as const;

/**
 * Draws the functions phi_Y, Phi_1, Phi_2 and sets up splines and paths. Training, validation and test cohorts of one
 * experiment share a world.
 * @param model of `semiSyntheticModel`
 * @param rng decides the three functions; equal generators give equal functions for every strength and effect
 * @paper A.3.2
 */
export function semiSyntheticWorld(substrate: Substrate, model: SemiSyntheticModel, rng: Rng): SemiSyntheticWorld {
  const [n, T] = substrate.labs.shape, labs = standardisedLabs(substrate.labs, model.scale);
  const [y, first, second] = SEES.map((seen, k) => {
    const law = k === 0 ? released.outcomeFunction : released.policyFunction;
    const f = fourierFunction(fold(rng, k), {...law, dimension: seen.length, features: released.features});
    const values = fourierValues(f, columns(labs, seen));
    return model.standardised ? standard(values) : values;
  });
  const policyTerms = new Float64Array(n * T * 2).map((_, k) => (k % 2 === 0 ? first : second)[k >> 1]);
  const world: SemiSyntheticWorld = {
    substrate, model, outcomeTerm: ndarray([n, T], y), policyTerms: ndarray([n, T, 2], policyTerms),
    splines: splineCurves(model.splines, T),
    path: gaussianProcess(Float64Array.from({length: T}, (_, t) => t), matern(model.kernel)),
    policies: [policy(model, 0), policy(model, 1)], fade: fading(model, T),
  };
  return Object.freeze(world);
}

function policy({policy: {bias, outcome, hidden}}: SemiSyntheticModel, l: 0 | 1): BernoulliPolicy {
  return bernoulliPolicy({bias: bias[l], weights: [outcome[l], hidden[l]]});
}

function fading({window, fading: kind}: SemiSyntheticModel, T: number): Float64Array {
  const power = kind === 'square' ? -2 : -0.5;
  return Float64Array.from({length: T}, (_, lag) => (lag < 1 || lag > window ? 0 : lag ** power));
}

/** The three curves at hours 0 ... T-1, `[3, T]`. */
export function splineCurves(kind: SemiSyntheticModel['splines'], T: number): NdArray {
  const {coefficients} = released.splines, last = T - 1, out = new Float64Array(coefficients.length * T);
  const quartic = Float64Array.from({length: 10}, (_, i) => (i - 4) * last), cubic = clampedKnots(5, 3, [0, last]);
  coefficients.forEach((c, k) => {
    const curve = kind === 'clamped cubic'
      ? bSpline({degree: 3, coefficients: c, knots: cubic}) : bSpline({degree: 4, coefficients: c, knots: quartic});
    for (let t = 0; t < T; t++) out[k * T + t] = curve(t);
  });
  return ndarray([coefficients.length, T], out);
}

/** Each lab `[stays, T, d]`, or its logarithm, with mean 0 and standard deviation 1 over all stays and hours. */
export function standardisedLabs({shape, data}: NdArray, scale: SemiSyntheticModel['scale']): NdArray {
  const d = shape[2], values = scale === 'logarithms' ? data.map(Math.log) : data, out = new Float64Array(data.length);
  for (let j = 0; j < d; j++) standard(values.filter((_, k) => k % d === j)).forEach((v, i) => (out[i * d + j] = v));
  return ndarray(shape, out);
}

function standard(values: Float64Array): Float64Array {
  const centre = mean(values), spread = sd(values, {ddof: 0});
  return values.map(v => (v - centre) / spread);
}

function columns({shape: [n, T, d], data}: NdArray, kept: readonly number[]): NdArray {
  const w = kept.length;
  return ndarray([n, T, w], new Float64Array(n * T * w).map((_, k) => data[Math.floor(k / w) * d + kept[k % w]]));
}
