import {trajectories, type Channel, type Trajectories} from '../../data/trajectories';
import {expect, expectWhole} from '../../errors';
import {choice} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {semiSyntheticNoise, type SemiSyntheticNoise} from './simulator/noise';
import {simulateSemiSynthetic, type SemiSyntheticRun, type SetTreatments} from './simulator/simulate';
import type {SemiSyntheticWorld} from './simulator/world';

/** Simulated patients. Models get `trajectories`; the rest is for references and tests. */
export interface SemiSyntheticCohort {
  readonly trajectories: Trajectories;
  /**
   * The same patients with the same noise, treated as in fact up to index `decision` and by `plan` from then on.
   * @param plan `[N, s, 2]`; the series ends s hours after the decision
   */
  readonly twins: (decision: number, plan: NdArray) => Trajectories;
  /**
   * What no record holds: `outcome term` phi_Y, `spline` and `path` (each weighted, `[N, T]`), `untreated`, `effect`
   * `[N, T]`, `policy terms` Phi_l and `propensities` `[N, T, 2]`, `labs` `[N, T, 3]` in their units.
   */
  readonly truth: Readonly<Record<string, NdArray>>;
  readonly world: SemiSyntheticWorld;
  /** `[N]`: row of the substrate that each patient is. */
  readonly stays: Int32Array;
  readonly noise: SemiSyntheticNoise;
}

/** Options of {@link semiSyntheticCohort}. */
export interface SemiSyntheticCohortOptions {
  /** N, at least 1. Default 3557, as in the paper. */
  readonly patients?: number;
  /** Rows of the substrate to draw from, with replacement. Default: all. */
  readonly among?: ArrayLike<number>;
}

/**
 * Patients of a world: stays drawn with replacement, each with noise of its own.
 * @throws ArgumentError when there is no stay to draw from
 * @paper A.3.2
 */
export function semiSyntheticCohort(
  world: SemiSyntheticWorld, rng: Rng, {patients = 3557, among}: SemiSyntheticCohortOptions = {},
): SemiSyntheticCohort {
  const fn = 'semiSyntheticCohort', n = world.substrate.stays.length,
    rows = among ?? Int32Array.from({length: n}, (_, i) => i);
  expectWhole(fn, {patients});
  expect(rows.length > 0 && Array.from(rows).every(i => Number.isInteger(i) && i >= 0 && i < n), {
    fn, argument: 'among', expected: `rows in [0, ${n - 1}], at least one`, received: rows,
  });
  const stays = choice(fold(rng, 'stays'), rows.length, patients, {replace: true}).map(k => rows[k]);
  const noise = semiSyntheticNoise(world, patients, fold(rng, 'noise')), drawn = {stays, noise};
  const run = simulateSemiSynthetic(world, drawn), recorded = recordOf(world, run, nameOf(world));
  const twins = (decision: number, plan: NdArray) => {
    const set = plannedFrom(recorded, decision, plan), T = decision + plan.shape[1] + 1;
    const twin = simulateSemiSynthetic(world, drawn, set);
    return recordOf(world, twin, `${recorded.name}, twins from ${decision}`, T);
  };
  return Object.freeze({trajectories: recorded, twins, truth: truthOf(world, drawn, run), world, ...drawn});
}

const nameOf = ({model, substrate}: SemiSyntheticWorld): string =>
  `semi-synthetic (${model.variant}, beta ${model.beta}, strength ${model.policy.hidden.join(' and ')}), `
    + substrate.name;

/** Treatments in fact before the decision, planned ones after it. */
function plannedFrom({treatments}: Trajectories, decision: number, plan: NdArray): SetTreatments {
  const [N, T, da] = treatments.shape, fn = 'semiSyntheticCohort.twins';
  expectWhole(fn, {decision}, 0, T - 2);
  const [n, s] = plan.shape;
  expect(plan.shape.length === 3 && n === N && plan.shape[2] === da && s >= 1 && decision + s <= T - 1, {
    fn, argument: 'plan', expected: `of shape [${N}, s, ${da}] with s in [1, ${T - 1 - decision}]`,
      received: plan.shape,
  });
  const odd = plan.data.findIndex(v => !(v >= 0 && v <= 1));
  expect(odd < 0, {fn, argument: 'plan', expected: 'in [0, 1]', received: plan.data[odd]});
  return {from: decision, treatments: plan};
}

function recordOf({model}: SemiSyntheticWorld, run: SemiSyntheticRun, name: string, length?: number): Trajectories {
  const [N, T] = run.outcomes.shape, steps = length ?? T, dy = model.outcomes;
  const outcomes = new Float64Array(N * steps * dy), treatments = new Float64Array(N * steps * 2);
  for (let i = 0; i < N; i++) {
    for (let k = 0; k < steps * dy; k++) outcomes[i * steps * dy + k] = run.outcomes.data[i * T + Math.floor(k / dy)];
    treatments.set(run.treatments.data.subarray(i * T * 2, (i * T + steps) * 2), i * steps * 2);
  }
  const channel = (kind: string) => (_: unknown, k: number): Channel => ({name: `${kind} ${k + 1}`, unit: '1'});
  return trajectories({
    name, time: Float64Array.from({length: steps}, (_, t) => t), timeUnit: 'h',
    outcomes: ndarray([N, steps, dy], outcomes), treatments: ndarray([N, steps, 2], treatments),
    observed: ndarray([N, steps, dy], new Float64Array(N * steps * dy).fill(1)), statics: ndarray([N, 0]),
    channels: {outcomes: Array.from({length: dy}, channel('outcome')), treatments: [0, 1].map(channel('treatment')),
      statics: []},
  });
}

function truthOf(
  world: SemiSyntheticWorld, {stays, noise}: Pick<SemiSyntheticCohort, 'stays' | 'noise'>, run: SemiSyntheticRun,
): Readonly<Record<string, NdArray>> {
  const {weights} = world.model, {splines, outcomeTerm, policyTerms, substrate} = world;
  return Object.freeze({
    'outcome term': scaled(ofRows(outcomeTerm, stays), weights.hidden),
      'spline': scaled(ofRows(splines, noise.spline), weights.spline),
    'path': scaled(noise.path, weights.path), 'untreated': run.untreated, 'effect': run.effects,
    'policy terms': ofRows(policyTerms, stays), 'propensities': run.propensities, 'labs': ofRows(substrate.labs, stays),
  });
}

const scaled = ({shape, data}: NdArray, factor: number): NdArray => ndarray(shape, data.map(v => factor * v));

/** `[rows, ...]` of `[n, ...]`. */
function ofRows({shape: [n, ...rest], data}: NdArray, rows: Int32Array): NdArray {
  const width = data.length / n, out = new Float64Array(rows.length * width);
  rows.forEach((row, i) => out.set(data.subarray(row * width, (row + 1) * width), i * width));
  return ndarray([rows.length, ...rest], out);
}
