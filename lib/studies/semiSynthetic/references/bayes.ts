import type {History, Plan} from '../../../data/history';
import {expectPlan} from '../../../data/question';
import {targetTimes, timesIn} from '../../../data/times';
import type {GaussianCondition} from '../../../math/gaussianCondition';
import {ndarray, type NdArray} from '../../../math/ndarray';
import type {FittedForecaster, Forecaster} from '../../../models/forecaster';
import {released} from '../simulator/model';
import type {SemiSyntheticWorld} from '../simulator/world';
import {commonPart, expectedOutcomes, replay, residualLaw, type HiddenPart, type PatientRecord} from './expected';
import {recordAt} from './record';

/** Parts of the mixture whose share is below this are not followed into the future. */
const NEGLIGIBLE = 1e-8;

/**
 * A Bayes filter: all functions are known, the hidden confounders are not. A patient's confounders are taken to be
 * those of one of the `stays`, each as likely beforehand, and the spline one of the three; outcomes and treatments on
 * record say which (the patient's own path is integrated out exactly). Forecasts average over what remains. Planned
 * treatments are set, so they tell nothing. It is attainable, not a proven optimum: real confounders are like those of
 * no other stay. Where the record holds probabilities in place of treatments (`released`), only outcomes are used.
 * @param stays rows of the world's substrate, those of the training data
 * @throws ArgumentError, from `forecast`: for a history and plan that do not fit each other
 * @paper eq. (4), with a mixture in place of the integral
 */
export function bayesFilter(world: SemiSyntheticWorld, stays: ArrayLike<number>): Forecaster {
  const name = 'Bayes filter', information = 'equations + history + plan', dy = world.model.outcomes;
  const known = new Map<string, Float64Array>();
  const forecast = async (history: History, plan: Plan) => {
    expectPlan(name, history, plan);
    const [N, s] = plan.treatments.shape, out = new Float64Array(N * s * dy), c = timesIn(history.time) - 1;
    const law = residualLaw(world, c), parts = hiddenParts(world, stays);
    for (let i = 0; i < N; i++) {
      const record = recordAt(history, plan, i), mean = new Float64Array(s);
      const weights = ask(record, c, () => posterior(world, law, record, parts));
      const top = weights.reduce((a, b) => Math.max(a, b));
      weights.forEach((weight, k) => {
        if (weight < NEGLIGIBLE * top) return;
        expectedOutcomes(world, law, record, upTo(parts[k], c + s + 1)).forEach((y, h) => (mean[h] += weight * y));
      });
      for (let k = 0; k < s * dy; k++) out[i * s * dy + k] = mean[Math.floor(k / dy)];
    }
    return {time: targetTimes(plan), mean: ndarray([N, s, dy], out)};
  };
  const fitted: FittedForecaster = Object.freeze({name, information, forecast});
  return Object.freeze({name, information, fit: async () => fitted});

  /** What a record says, remembered while the decision stays the same: other plans ask about the same records. */
  function ask({outcomes, treatments}: PatientRecord, c: number, compute: () => Float64Array): Float64Array {
    const key = `${c} ${outcomes.join(' ')} ${treatments.subarray(0, 2 * c).join(' ')}`;
    if (known.size > 0 && !known.keys().next().value!.startsWith(`${c} `)) known.clear();
    if (!known.has(key)) known.set(key, compute());
    return known.get(key)!;
  }
}

/**
 * What outcomes and treatments on record say about which stay and spline a patient is, `[N, stays * 3]`; rows sum to 1.
 */
export function bayesWeights(world: SemiSyntheticWorld, stays: ArrayLike<number>, history: History): NdArray {
  const N = history.outcomes.shape[0], parts = hiddenParts(world, stays),
    law = residualLaw(world, timesIn(history.time) - 1);
  const out = new Float64Array(N * parts.length);
  for (let i = 0; i < N; i++) out.set(posterior(world, law, recordAt(history, undefined, i), parts), i * parts.length);
  return ndarray([N, parts.length], out);
}

/** All pairs of a stay and a spline, the spline fastest. */
function hiddenParts(world: SemiSyntheticWorld, stays: ArrayLike<number>): HiddenPart[] {
  const T = world.path.points.length;
  return Array.from(stays).flatMap(stay => released.splines.shares.map((_, spline) => ({
    outcomeTerm: world.outcomeTerm.data.subarray(stay * T, (stay + 1) * T),
    policyTerms: world.policyTerms.data.subarray(2 * stay * T, 2 * (stay + 1) * T), spline,
  })));
}

const upTo = ({outcomeTerm, policyTerms, spline}: HiddenPart, length: number): HiddenPart =>
  ({outcomeTerm: outcomeTerm.subarray(0, length), policyTerms: policyTerms.subarray(0, 2 * length), spline});

/** Probability of each part given the record. */
function posterior(
  world: SemiSyntheticWorld, law: GaussianCondition, record: PatientRecord, parts: readonly HiddenPart[],
): Float64Array {
  const {shares} = released.splines, logs = new Float64Array(parts.length), known = record.outcomes.length;
  for (let k = 0; k < parts.length; k += shares.length) {
    // Effects and probabilities do not depend on the spline: they are computed once a stay.
    const {path, withoutEffect} = replay(world, record, upTo(parts[k], known).policyTerms);
    const decisions = world.model.policy.treatment === 'drawn'
      ? logDecisions(path.propensities, record.treatments, known - 1) : 0;
    shares.forEach((share, j) => {
      const residual = withoutEffect.map((y, t) => y - commonPart(world, parts[k + j], t));
      logs[k + j] = Math.log(share) + decisions - squaredLength(law.whitening, residual) / 2;
    });
  }
  const top = logs.reduce((a, b) => Math.max(a, b)), weights = logs.map(v => Math.exp(v - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map(w => w / total);
}

/** Log probability of the decisions of the first `hours` hours. */
function logDecisions(propensities: Float64Array, treatments: Float64Array, hours: number): number {
  let sum = 0;
  for (let k = 0; k < 2 * hours; k++) sum += Math.log(treatments[k] === 1 ? propensities[k] : 1 - propensities[k]);
  return sum;
}

/** |W r|^2 of a lower triangular W. */
function squaredLength({data}: NdArray, r: Float64Array): number {
  const n = r.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let k = 0; k <= i; k++) row += data[i * n + k] * r[k];
    sum += row * row;
  }
  return sum;
}
