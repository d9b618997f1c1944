import type {Cohort} from '../../data/cohort';
import type {History, Plan} from '../../data/history';
import {expectOnGrid, expectPlan} from '../../data/question';
import {targetTimes} from '../../data/times';
import type {Trajectories} from '../../data/trajectories';
import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import type {FittedForecaster, Forecaster} from '../forecaster';

/**
 * Runs the simulator itself from the units' true states at t_c, without noise from there on. No method can know these:
 * what is left is the noise of the coming steps and outcomes, the floor of every table.
 * It recognises the units of `cohort`, and their twins under other treatments, by their first outcomes.
 * @throws ArgumentError when two units of the cohort start alike; from `forecast`: for a history that is of no unit of
 *   the cohort, that its simulator does not give under the history's treatments, or at other times than the simulator's
 * @paper equation (3), run on from the true state
 */
export function oracle(cohort: Cohort): Forecaster {
  const units = unitsByStart(cohort.trajectories);
  const fitted: FittedForecaster = Object.freeze({
    name: 'oracle', information: 'truth',
    forecast: async (history: History, plan: Plan) => truth(cohort, units, history, plan),
  });
  return Object.freeze({name: 'oracle', information: 'truth', fit: async () => fitted});
}

function startOf({data, shape: [, T, dy]}: NdArray, row: number): string {
  return data.subarray(row * T * dy, row * T * dy + dy).join(' ');
}

function unitsByStart({outcomes}: Trajectories): ReadonlyMap<string, number> {
  const N = outcomes.shape[0], units = new Map(Array.from({length: N}, (_, i) => [startOf(outcomes, i), i]));
  expect(units.size === N, {
    fn: 'oracle', argument: 'cohort', expected: 'of units that differ in their first outcomes',
    received: `${units.size} starts of ${N} units`,
  });
  return units;
}

function truth(cohort: Cohort, units: ReadonlyMap<string, number>, history: History, plan: Plan) {
  expectPlan('oracle', history, plan);
  expectOnGrid('oracle.forecast', cohort.trajectories.time, history, plan);
  const [N, known, dy] = history.outcomes.shape, s = plan.treatments.shape[1], out = ndarray([N, s, dy]);
  const unitOf = Array.from({length: N}, (_, row) => units.get(startOf(history.outcomes, row)));
  const stranger = unitOf.indexOf(undefined);
  expect(stranger < 0, {
    fn: 'oracle.forecast', argument: 'history', expected: 'of units of the cohort it was made with',
    received: startOf(history.outcomes, stranger), remedy: `Row ${stranger} starts with these outcomes.`,
  });
  for (const rows of onceEach(unitOf as number[])) {
    const treatments = spread(cohort, plan.treatments, rows);
    const world = worldOf(cohort, history, rows).twins(known - 1, treatments, {noise: 'none'});
    const {outcomes} = world.trajectories, [, T] = outcomes.shape;
    for (const {row, unit} of rows) {
      const first = (unit * T + known) * dy;
      out.data.set(outcomes.data.subarray(first, first + s * dy), row * s * dy);
    }
  }
  return {time: targetTimes(plan), mean: out};
}

interface Row {
  readonly row: number;
  readonly unit: number;
}

/** Rows in groups that hold no unit twice: one run of the simulator gives each unit one treatment path. */
function onceEach(unitOf: readonly number[]): Row[][] {
  const groups: Row[][] = [], seen = new Map<number, number>();
  unitOf.forEach((unit, row) => {
    const times = seen.get(unit) ?? 0;
    seen.set(unit, times + 1);
    (groups[times] ??= []).push({row, unit});
  });
  return groups;
}

/** The cohort with the treatments of the history, which may be those of twins. */
function worldOf(cohort: Cohort, {outcomes, observed, treatments}: History, rows: readonly Row[]): Cohort {
  const steps = treatments.shape[1], recorded = cohort.trajectories.treatments;
  const asRecorded = rows.every(({row, unit}) => equalRows({of: treatments, row}, {of: recorded, row: unit}));
  const world = asRecorded ? cohort : cohort.twins(0, spread(cohort, treatments, rows, recorded));
  const given = world.trajectories.outcomes;
  const other = rows.find(({row, unit}) => !equalRows({of: outcomes, row}, {of: given, row: unit}, observed));
  expect(!other, {
    fn: 'oracle.forecast', argument: 'history', expected: 'what the simulator gives these units under these treatments',
    received: other && startOf(outcomes, other.row),
    remedy: `Row ${other?.row} starts like this and differs later, among the first ${steps + 1} outcomes.`,
  });
  return world;
}

/** One row of an array `[rows, T, d]`. */
interface Place {
  readonly of: NdArray;
  readonly row: number;
}

/** Whether the row of `a` begins that of `b`, wherever `mask` is 1. */
function equalRows(a: Place, b: Place, mask?: NdArray): boolean {
  const [, t, d] = a.of.shape, from = a.row * t * d, other = b.row * b.of.shape[1] * d;
  for (let k = 0; k < t * d; k++) {
    if (mask?.data[from + k] !== 0 && a.of.data[from + k] !== b.of.data[other + k]) return false;
  }
  return true;
}

/** Treatments `[rows, s, da]` at their units' places, `[N, s, da]`; other units get those of `otherwise`, or none. */
function spread(cohort: Cohort, treatments: NdArray, rows: readonly Row[], otherwise?: NdArray): NdArray {
  const {shape: [, s, da], data} = treatments, [N, T] = cohort.trajectories.outcomes.shape;
  const out = new Float64Array(N * s * da);
  if (otherwise) for (let i = 0; i < N; i++) out.set(otherwise.data.subarray(i * T * da, (i * T + s) * da), i * s * da);
  for (const {row, unit} of rows) out.set(data.subarray(row * s * da, (row + 1) * s * da), unit * s * da);
  return ndarray([N, s, da], out);
}
