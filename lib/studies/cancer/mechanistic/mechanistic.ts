import type {History, Plan} from '../../../data/history';
import {lastObserved} from '../../../data/last';
import {expectOnGrid, expectPlan} from '../../../data/question';
import {targetTimes} from '../../../data/times';
import type {Trajectories} from '../../../data/trajectories';
import {expect, expectWhole} from '../../../errors';
import {ndarray} from '../../../math/ndarray';
import {normal} from '../../../math/normal';
import {mapOf} from '../../../systems';
import {releasedPopulation as law} from '../simulator/released';
import {releasedStep} from '../systems';
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
  const [N, s] = plan.treatments.shape, known = history.outcomes.shape[1];
  const cycles = Float64Array.from({length: known + s}, (_, k) => k);
  expectOnGrid('mechanistic.forecast', cycles, history, plan);
  const out = new Float64Array(N * s * 2);
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

/** Constants of one patient: `v` is (rho, beta_c, a), `w` (k_g, losses by chemotherapy, radiation, tumour). */
interface Drawn {
  readonly v: ArrayLike<number>;
  readonly w: ArrayLike<number>;
}

/** Writes the weighted mean of roll-outs over types and draws inside the limits of (a, rho) into `out`. */
function averageRollouts(types: readonly TypePosterior[], z: Float64Array, start: Start, out: Float64Array): void {
  const best = Math.max(...types.map(t => t.logWeight));
  let total = 0;
  for (const posterior of types) {
    if (posterior.logWeight < best - NEGLIGIBLE) continue;
    const share = Math.exp(posterior.logWeight - best), constants = drawsInside(posterior, z);
    const paths = rollOuts(constants, radioShift(posterior.type), start);
    paths.forEach((value, at) => { out[at % out.length] += share * value; });
    total += share * constants.length;
  }
  if (total > 0) for (let j = 0; j < out.length; j++) out[j] /= total;
  else out.set(clamped(types.find(t => t.logWeight === best)!, start));
}

function drawsInside({volume, weight}: TypePosterior, z: Float64Array): Drawn[] {
  const found: Drawn[] = [];
  for (let k = 0; k < z.length; k += 7) {
    const v = new Float64Array(3), w = new Float64Array(4);
    volume.draw(z, k, v);
    if (!inside(v[0]) || !inside(v[2])) continue;
    weight.draw(z, k + 3, w);
    found.push({v, w});
  }
  return found;
}

const inside = (x: number): boolean => x > law.radioAndGrowth.low && x < law.radioAndGrowth.high;

/** No draw lies inside the limits: the likeliest constants, moved to the nearest limit. */
function clamped({type, volume: {mean: [rho, betaC, a]}, weight}: TypePosterior, start: Start): Float64Array {
  const {low, high} = law.radioAndGrowth, limit = (x: number) => Math.min(high, Math.max(low, x));
  return rollOuts([{v: [limit(rho), betaC, limit(a)], w: weight.mean}], radioShift(type), start);
}

/** The released simulator without noise, for as many patients as there are constants: `[constants, s, 2]`, flat. */
function rollOuts(constants: readonly Drawn[], shift: number, {volume, weight, initialWeight: G, treatments}: Start) {
  const v = (j: number) => Float64Array.from(constants, drawn => drawn.v[j]);
  const w = (j: number) => Float64Array.from(constants, drawn => drawn.w[j]);
  const alpha = v(2).map(a => law.radio.factor * a + shift), beta = alpha.map(value => value / law.radio.ratio);
  const growth = {rho: v(0), K: law.capacity, betaC: v(1), alpha, beta}, width = treatments.length;
  const step = mapOf(releasedStep, {...growth, kg: w(0), G, betaW: w(1), alphaW: w(2), lambda: w(3)});
  const out = new Float64Array(constants.length * width);
  let state = Float64Array.from({length: 2 * constants.length}, (_, j) => (j % 2 ? weight : volume));
  for (let k = 0; k < width; k += 2) {
    const before = state, next = step(before, before.map((_, j) => treatments[k + j % 2]));
    // Without a tumour the simulator stands still.
    state = next.map((x, j) => (before[j - j % 2] <= 0 ? before[j] : j % 2 ? x : Math.max(0, x)));
    state.forEach((x, j) => { out[(j >> 1) * width + k + j % 2] = x; });
  }
  return out;
}

function expectCancer({channels}: Trajectories): void {
  const names = channels.outcomes.map(c => c.name).join(', ');
  expect(names === 'tumour volume, body weight', {
    fn: 'mechanistic.fit', argument: 'train',
    expected: 'trajectories of the cancer simulator (tumour volume, body weight)', received: names,
  });
}
