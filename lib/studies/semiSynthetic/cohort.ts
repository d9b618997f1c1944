import {simulatedCohort, type Cohort, type Simulated} from '../../data/cohort';
import {trajectories, type Channel, type GridTrajectories} from '../../data/trajectories';
import {expect, expectWhole} from '../../errors';
import {choice} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {semiSyntheticNoise, type SemiSyntheticNoise} from './simulator/noise';
import {simulateSemiSynthetic, type SemiSyntheticPatients, type SemiSyntheticRun} from './simulator/simulate';
import type {SemiSyntheticWorld} from './simulator/world';

/**
 * Simulated patients. `truth`: `outcome term` phi_Y, `spline` and `path` (each weighted, `[N, T]`), `untreated`,
 * `effect` `[N, T]`, `policy terms` Phi_l and `propensities` `[N, T, 2]`, `labs` `[N, T, 3]` in their units.
 */
export interface SemiSyntheticDraw extends Simulated {
  readonly world: SemiSyntheticWorld;
  /** `[N]`: row of the substrate that each patient is. */
  readonly stays: Int32Array;
  readonly noise: SemiSyntheticNoise;
}

/** Patients with their twins; plans hold treatments in [0, 1]. */
export type SemiSyntheticCohort = Cohort<SemiSyntheticDraw>;

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
  return simulatedCohort(scenario => {
    const run = simulateSemiSynthetic(world, drawn, scenario);
    return {trajectories: recordOf(world, run, nameOf(world)), truth: truthOf(world, drawn, run), world, ...drawn};
  }, world.path.points.length);
}

const nameOf = ({model, substrate}: SemiSyntheticWorld): string =>
  `semi-synthetic (${model.variant}, beta ${model.beta}, strength ${model.policy.hidden.join(' and ')}), `
    + substrate.name;

function recordOf({model}: SemiSyntheticWorld, run: SemiSyntheticRun, name: string): GridTrajectories {
  const [N, T] = run.outcomes.shape, dy = model.outcomes;
  const outcomes = Float64Array.from({length: N * T * dy}, (_, k) => run.outcomes.data[Math.floor(k / dy)]);
  const channel = (kind: string) => (_: unknown, k: number): Channel => ({name: `${kind} ${k + 1}`, unit: '1'});
  return trajectories({
    name, time: Float64Array.from({length: T}, (_, t) => t), timeUnit: 'h',
    outcomes: ndarray([N, T, dy], outcomes), treatments: run.treatments,
    observed: ndarray([N, T, dy], new Float64Array(N * T * dy).fill(1)), statics: ndarray([N, 0]),
    channels: {outcomes: Array.from({length: dy}, channel('outcome')), treatments: [0, 1].map(channel('treatment')),
      statics: []},
  });
}

function truthOf(
  world: SemiSyntheticWorld, {stays, noise}: SemiSyntheticPatients, run: SemiSyntheticRun,
): Simulated['truth'] {
  const {weights} = world.model, {splines, outcomeTerm, policyTerms, substrate} = world, T = run.outcomes.shape[1];
  return Object.freeze({
    'outcome term': scaled(ofRows(outcomeTerm, stays, T), weights.hidden),
    'spline': scaled(ofRows(splines, noise.spline, T), weights.spline),
    'path': scaled(ofRows(noise.path, stays.map((_, i) => i), T), weights.path),
    'untreated': run.untreated, 'effect': run.effects, 'policy terms': ofRows(policyTerms, stays, T),
    'propensities': run.propensities, 'labs': ofRows(substrate.labs, stays, T),
  });
}

const scaled = ({shape, data}: NdArray, factor: number): NdArray => ndarray(shape, data.map(v => factor * v));

/** The first T times, `[rows, T, ...]`, of `[n, times, ...]`. */
function ofRows({shape: [n, times, ...rest], data}: NdArray, rows: Int32Array, T: number): NdArray {
  const width = data.length / n, used = width / times * T, out = new Float64Array(rows.length * used);
  rows.forEach((row, i) => out.set(data.subarray(row * width, row * width + used), i * used));
  return ndarray([rows.length, T, ...rest], out);
}
