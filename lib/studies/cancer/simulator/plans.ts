import {expect, expectWhole} from '../../../errors';
import {integers} from '../../../math/discrete';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {fold, type Rng} from '../../../math/rng';
import type {GridPlan, History} from '../../../data/history';
import {gridOf} from '../../../data/times';
import {concentrations} from './counterfactual';
import {cancerDoseLevels} from './policy';

/** A dose plan with a name for tables. */
export interface NamedCancerPlan {
  readonly name: string;
  /** `[N, s, 2]` */
  readonly doses: NdArray;
}

/**
 * Doses drawn at random from the levels, each as likely, independently for every patient and step: `[N, s, 2]`.
 * @throws ArgumentError unless both numbers are whole and >= 1
 */
export function randomDoses(patients: number, horizon: number, rng: Rng): NdArray {
  expectWhole('randomDoses', {patients, horizon});
  const n = patients * horizon, high = 4;
  const chemo = integers(fold(rng, 'chemo'), n, {high}), radio = integers(fold(rng, 'radio'), n, {high});
  return fill(patients, horizon, (i, k) =>
    [cancerDoseLevels.chemo[chemo[i * horizon + k]], cancerDoseLevels.radio[radio[i * horizon + k]]]);
}

/**
 * The 16 choices for the next step: every pair of levels, the same for all patients, `[N, 1, 2]` each.
 * @throws ArgumentError unless `patients` is a whole number >= 1
 */
export function oneStepPlans(patients: number): NamedCancerPlan[] {
  expectWhole('oneStepPlans', {patients});
  const {chemo, radio} = cancerDoseLevels;
  return chemo.flatMap(k => radio.map(d => ({name: `chemo ${k}, radio ${d}`, doses: fill(patients, 1, () => [k, d])})));
}

/**
 * Sliding treatment: the largest dose of one drug at one step of the horizon and nothing else, `2 * horizon` plans.
 * @throws ArgumentError unless both numbers are whole and >= 1
 * @reference Melnychuk, Frauen, Feuerriegel 2022, Causal transformer for estimating counterfactual outcomes.
 * arXiv:2204.07258
 */
export function slidingPlans(patients: number, horizon: number): NamedCancerPlan[] {
  expectWhole('slidingPlans', {patients, horizon});
  const at = (offset: number, doses: readonly [number, number]) =>
    fill(patients, horizon, (_, k) => (k === offset ? doses : [0, 0]));
  return Array.from({length: horizon}, (_, offset) => [
    {name: `chemo 7 at step ${offset + 1}`, doses: at(offset, [7, 0])},
    {name: `radio 3 at step ${offset + 1}`, doses: at(offset, [0, 3])},
  ]).flat();
}

/**
 * A forecaster's plan from doses: converts them into concentrations with what the history has left in the body.
 * @param doses `[N, s, 2]`
 * @param time `[s + 1]`, starting at t_c
 * @throws ArgumentError for doses of another shape or below 0, or times of another number or that start elsewhere
 */
export function cancerPlan(
  history: History, doses: NdArray, time: Float64Array, options: {carryOver?: number} = {},
): GridPlan {
  const [N, s] = doses.shape, [, steps, da] = history.treatments.shape;
  expect(time.length === s + 1 && time[0] === gridOf(history, 'cancerPlan').at(-1), {
    fn: 'cancerPlan', argument: 'time', expected: `${s + 1} times, the first of them t_c`, received: time,
  });
  const inherited = Float64Array.from({length: N}, (_, i) =>
    (steps > 0 ? history.treatments.data[(i * steps + steps - 1) * da] : 0));
  return Object.freeze({time, treatments: concentrations(doses, inherited, options)});
}

function fill(
  patients: number, horizon: number, doses: (unit: number, step: number) => readonly [number, number],
): NdArray {
  const out = new Float64Array(patients * horizon * 2);
  for (let i = 0; i < patients; i++) for (let k = 0; k < horizon; k++) out.set(doses(i, k), (i * horizon + k) * 2);
  return ndarray([patients, horizon, 2], out);
}
