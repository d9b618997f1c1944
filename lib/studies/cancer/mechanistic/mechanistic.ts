import type {History, Plan} from '../../../data/history';
import {lastObserved} from '../../../data/last';
import {expectPlan} from '../../../data/question';
import {gridOf, targetTimes} from '../../../data/times';
import type {Trajectories} from '../../../data/trajectories';
import {expect, expectWhole} from '../../../errors';
import {ndarray} from '../../../math/ndarray';
import {normal} from '../../../math/normal';
import {releasedPopulation as law} from '../simulator/released';
import type {FitContext, FittedForecaster, Forecaster} from '../../../models/forecaster';
import {initialWeight, patientPosterior, radioShift, type TypePosterior} from './patient';

/** Options of {@link mechanistic}. */
export interface MechanisticOptions {
  /** Draws of a patient's constants per patient type, at least 2. Default 64. */
  readonly draws?: number;
}

/**
 * Knows the released cancer simulator and its population, and infers each patient's type and constants from the history
 * by Bayes' rule. The forecast is the posterior mean of noise-free roll-outs from the last outcome. It uses no training
 * data.
 * @throws ArgumentError for fewer than 2 draws; from `fit`: for data of another simulator
 */
export function mechanistic({draws = 64}: MechanisticOptions = {}): Forecaster {
  expectWhole('mechanistic', {draws}, 2);
  const name = 'mechanistic Bayes', information = 'equations + history + plan';
  return Object.freeze({
    name, information,
    async fit(train: Trajectories, _validation: Trajectories, {rng}: FitContext) {
      expectCancer(train);
      // The same standard normal numbers serve every patient and question: the answer is a fixed function of history
      // and plan.
      const z = normal(rng, draws * 7);
      return Object.freeze(
        {name, information, forecast: async (history, plan) => answer(history, plan, z)} satisfies FittedForecaster,
      );
    },
  });
}

function answer(history: History, plan: Plan, z: Float64Array) {
  expectPlan('mechanistic', history, plan);
  [history, plan].forEach(asked => gridOf(asked, 'mechanistic.forecast'));
  const [N, s] = plan.treatments.shape, out = new Float64Array(N * s * 2);
  const start = lastObserved(history, [0, Math.exp(law.logWeight.mean)]).data;
  for (let i = 0; i < N; i++) {
    const answers = out.subarray(i * s * 2, (i + 1) * s * 2);
    const treatments = plan.treatments.data.subarray(i * s * 2, (i + 1) * s * 2);
    const from = {volume: start[2 * i], weight: start[2 * i + 1], initialWeight: initialWeight(history, i), treatments};
    averageRollouts(patientPosterior(history, i), z, from, answers);
  }
  return {time: targetTimes(plan), mean: ndarray([N, s, 2], out)};
}

interface Start {
  readonly volume: number;
  readonly weight: number;
  readonly initialWeight: number;
  /** `[s * 2]`: concentration and dose of each step. */
  readonly treatments: Float64Array;
}

/** Weights of types that are this much less likely than the best (e^-9) are not worth drawing from. */
const NEGLIGIBLE = 9;

/** Writes the weighted mean of roll-outs over types and draws inside the limits of (a, rho) into `out`. */
function averageRollouts(types: readonly TypePosterior[], z: Float64Array, start: Start, out: Float64Array): void {
  const best = Math.max(...types.map(t => t.logWeight)), v = new Float64Array(3), w = new Float64Array(4);
  const path = new Float64Array(out.length);
  let total = 0;
  for (const {type, logWeight, volume, weight} of types) {
    if (logWeight < best - NEGLIGIBLE) continue;
    const share = Math.exp(logWeight - best);
    for (let k = 0; k < z.length; k += 7) {
      volume.draw(z, k, v);
      if (!inside(v[0]) || !inside(v[2])) continue;
      weight.draw(z, k + 3, w);
      rollOut({v, w, shift: radioShift(type)}, start, path);
      for (let j = 0; j < out.length; j++) out[j] += share * path[j];
      total += share;
    }
  }
  if (total > 0) for (let j = 0; j < out.length; j++) out[j] /= total;
  else clamped(types.find(t => t.logWeight === best)!, start, out);
}

const inside = (x: number): boolean => x > law.radioAndGrowth.low && x < law.radioAndGrowth.high;

/** No draw lies inside the limits: the likeliest constants, moved to the nearest limit. */
function clamped({type, volume, weight}: TypePosterior, start: Start, out: Float64Array): void {
  const {low, high} = law.radioAndGrowth, limit = (x: number) => Math.min(high, Math.max(low, x));
  const v = Float64Array.of(limit(volume.mean[0]), volume.mean[1], limit(volume.mean[2]));
  rollOut({v, w: weight.mean, shift: radioShift(type)}, start, out);
}

/** What a patient's path follows from. */
interface Constants {
  /** (rho, beta_c, a) */
  readonly v: Float64Array;
  /** (k_g, losses by chemotherapy, radiation, tumour) */
  readonly w: Float64Array;
  /** What the patient's type adds to alpha. */
  readonly shift: number;
}

/** The released simulator without noise. */
function rollOut({v, w, shift}: Constants, start: Start, out: Float64Array): void {
  const alpha = law.radio.factor * v[2] + shift;
  let V = start.volume, W = start.weight;
  for (let k = 0; k < out.length; k += 2) {
    const chemo = start.treatments[k], radio = start.treatments[k + 1];
    if (V > 0) {
      const nextV = V
        * (1 + v[0] * Math.log(law.capacity / V) - v[1] * chemo - alpha * (radio + radio ** 2 / law.radio.ratio));
      W *= 1 + w[0] * W * (1 - W / start.initialWeight) - w[1] * chemo - w[2] * radio - w[3] * V;
      V = Math.max(0, nextV);
    }
    out[k] = V;
    out[k + 1] = W;
  }
}

function expectCancer({channels}: Trajectories): void {
  const names = channels.outcomes.map(c => c.name).join(', ');
  expect(names === 'tumour volume, body weight', {
    fn: 'mechanistic.fit', argument: 'train',
    expected: 'trajectories of the cancer simulator (tumour volume, body weight)', received: names,
  });
}
