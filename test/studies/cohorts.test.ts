import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {historyAt, planAt, takeUnits, type Cohort, type History, type Plan} from '../../lib/data';
import {evaluate, protocol, swappedPlans, twinPlans, unscaled} from '../../lib/evaluation';
import {fold, mean, ndarray, rng, uniform, type NdArray} from '../../lib/math';
import {oracle} from '../../lib/models';
import {cancerCohort} from '../../lib/studies/cancer';
import {confoundedPendulum} from '../../lib/studies/pendulum';
import {respondersCohort} from '../../lib/studies/responders';
import {twoStepCohort} from '../../lib/studies/twoStep';
import {cohortOf} from './semiSynthetic/small';
import {heatedRooms} from '../newcomer/thermostat';

interface Simulator {
  readonly name: string;
  readonly draw: (seed: number, units?: number) => Cohort;
  /** What noise adds to the next outcome, from the outcome now, the next one and the next one without noise. */
  readonly chance: (now: number, next: number, quiet: number) => number;
  /** Standard deviation of what noise adds to the first outcome after a decision, where it is one number. */
  readonly sd?: number;
}

const added = (_: number, next: number, quiet: number) => next - quiet;
const relative = (now: number, next: number, quiet: number) => (next - quiet) / now;
const logarithmic = (_: number, next: number, quiet: number) => Math.log(next / quiet);
const simulators: readonly Simulator[] = [
  {
    name: 'cancer, released', draw: (seed, patients = 20) => cancerCohort({patients, steps: 9, rng: seed}),
    chance: relative,
  },
  {
    name: 'cancer, printed',
    draw: (seed, patients = 8) => cancerCohort({patients, steps: 7, rng: seed, variant: 'printed'}),
    chance: logarithmic,
  },
  {name: 'two steps', draw: (seed, units = 20) => twoStepCohort(rng(seed), {units}), chance: added, sd: 1},
  {
    name: 'responders', draw: (seed, units = 20) => respondersCohort(rng(seed), {units, testDose: 0.3}), chance: added,
    sd: 0.3,
  },
  {
    name: 'pendulum', draw: (seed, units = 12) => confoundedPendulum(rng(seed), {units, steps: 7}), chance: added,
    sd: 0.4,
  },
  {
    name: 'semi-synthetic care', draw: (seed, patients = 12) => cohortOf('informative', patients, {}, seed),
    chance: added, sd: cohortOf('informative', 1).world.model.noiseSd,
  },
  {name: "a newcomer's rooms", draw: (seed, units = 12) => heatedRooms(rng(seed), units), chance: added, sd: 0.3},
];

const sizeOf = ({trajectories: {outcomes, treatments}}: Cohort) =>
  ({N: outcomes.shape[0], T: outcomes.shape[1], da: treatments.shape[2]});

/** Treatments at random, `[N, s, da]`, each in [0, 1). */
function randomPlan(cohort: Cohort, s: number, seed: number): NdArray {
  const {N, da} = sizeOf(cohort);
  return ndarray([N, s, da], uniform(fold(rng(seed), 'plan'), N * s * da));
}

/** A seed, a decision and a number of steps that fit the simulator. */
function situations({draw}: Simulator) {
  const {T} = sizeOf(draw(0, 2));
  return fc.tuple(fc.nat(1e6), fc.integer({min: 0, max: T - 2})).chain(([seed, c]) =>
    fc.tuple(fc.constant(seed), fc.constant(c), fc.integer({min: 1, max: T - 1 - c})));
}

for (const simulator of simulators) describe(`the cohort of ${simulator.name}`, () => {
  const each = (check: (cohort: Cohort, c: number, s: number, seed: number) => void) =>
    fc.assert(fc.property(situations(simulator), ([seed, c, s]) => check(simulator.draw(seed), c, s, seed)), {
      numRuns: 20, seed: 1,
    });

  it('with the same seed is the same', () => {
    const [one, two] = [simulator.draw(5), simulator.draw(5)];
    assert.deepEqual([one.trajectories, one.truth], [two.trajectories, two.truth]);
    assert.notDeepEqual(simulator.draw(6).trajectories.outcomes, one.trajectories.outcomes);
  });

  it('under the treatments in fact given has the factual path, bit for bit', () => each((cohort, c, s) => {
    const twins = cohort.twins(c, planAt(cohort.trajectories, c, s).treatments), {T} = sizeOf(cohort);
    assert.deepEqual(historyAt(twins.trajectories, c + s), historyAt(cohort.trajectories, c + s));
    if (c + s === T - 1) assert.deepEqual(twins.truth, cohort.truth);
  }));

  it('has twins that equal the factual units up to the decision and are given the plan from it on', () =>
    each((cohort, c, s, seed) => {
      const plan = randomPlan(cohort, s, seed), {trajectories} = cohort.twins(c, plan), {N, da} = sizeOf(cohort);
      const {data} = trajectories.observed;
      assert.deepEqual(historyAt(trajectories, c), historyAt(cohort.trajectories, c));
      assert.equal(trajectories.outcomes.shape[1], c + s + 1);
      const given = planAt(trajectories, c, s).treatments, dy = trajectories.outcomes.shape[2];
      const followed = (i: number, k: number) => data[(i * (c + s + 1) + c + k + 1) * dy] === 1;
      for (let i = 0; i < N; i++) for (let k = 0; k < s; k++) for (let j = 0; j < da; j++) {
        const at = (i * s + k) * da + j;
        if (followed(i, k)) assert.equal(given.data[at], plan.data[at]);
      }
    }));

  it('has twins of twins: the last plan holds, the one before it up to then', () => each((cohort, c, s, seed) => {
    const first = randomPlan(cohort, s, seed), twins = cohort.twins(c, first);
    assert.deepEqual(twins.twins(c, first).trajectories.outcomes, twins.trajectories.outcomes);
    if (s > 1) assert.deepEqual(
      twins.twins(c + s - 1, randomPlan(cohort, 1, seed)).trajectories.outcomes.data.length,
      twins.trajectories.outcomes.data.length,
    );
    if (s > 1) assert.deepEqual(
      historyAt(twins.twins(c + s - 1, randomPlan(cohort, 1, seed + 1)).trajectories, c + s - 1),
      historyAt(twins.trajectories, c + s - 1),
    );
  }));

  it('has the same future noise under every plan', () => each((cohort, c, _, seed) => {
    const noise = (plan: NdArray) => {
      const [noisy, quiet] = (['same', 'none'] as const).map(kind => cohort.twins(c, plan, {noise: kind}).trajectories);
      const [N, T, dy] = noisy.outcomes.shape;
      return Array.from({length: N}, (__, i) => {
        const next = (i * T + c + 1) * dy, alive = [noisy, quiet].every(({observed, outcomes}) =>
          observed.data[next] === 1 && outcomes.data[next] > 0);
        const value = simulator.chance(
          noisy.outcomes.data[next - dy], noisy.outcomes.data[next], quiet.outcomes.data[next],
        );
        return simulator.chance === added || (alive && noisy.observed.data[next + 1] === 1) ? value : NaN;
      });
    };
    const [one, other] = [seed, seed + 1].map(k => noise(randomPlan(cohort, 1, k)));
    one.forEach((v, i) => assert.ok(
      Number.isNaN(v) || Number.isNaN(other[i]) || Math.abs(v - other[i]) < 1e-9, `unit ${i}: ${v} and ${other[i]}`,
    ));
    assert.ok(one.some(v => Math.abs(v) > 1e-6), 'there is noise');
  }));

  it('without noise repeats what was, and then moves by its equations alone', () => each((cohort, c, s, seed) => {
    const plan = randomPlan(cohort, s, seed), quiet = cohort.twins(c, plan, {noise: 'none'});
    assert.deepEqual(historyAt(quiet.trajectories, c), historyAt(cohort.trajectories, c));
    assert.deepEqual(
      quiet.twins(c, plan).trajectories.outcomes, quiet.trajectories.outcomes, 'twins of quiet twins are quiet',
    );
  }));

  it('refuses plans of a wrong shape, with NaN, or that outlast it, and decisions it does not have', () => {
    const cohort = simulator.draw(1), {N, T, da} = sizeOf(cohort);
    assert.throws(() => cohort.twins(0, ndarray([N + 1, 1, da])), /twins: argument `plan` must be of shape/);
    assert.throws(() => cohort.twins(0, ndarray([N, 1, da + 1])), /argument `plan`/);
    assert.throws(() => cohort.twins(1, ndarray([N, T - 1, da])), /argument `plan`/);
    assert.throws(
      () => cohort.twins(0, ndarray([N, 1, da], new Float64Array(N * da).fill(NaN))), /finite everywhere; received NaN/,
    );
    for (const bad of [-1, 0.5, T - 1, NaN])
      assert.throws(() => cohort.twins(bad, ndarray([N, 1, da])), /argument `decision`/);
    assert.throws(
      () => cohort.twins(0, ndarray([N, 1, da])).twins(2, ndarray([N, 1, da])), /argument `decision`/, 'twins end',
    );
  });

  it('has an oracle that is exact but for the noise, factual or not, for any units in any order', async () => {
    const cohort = simulator.draw(3), {T} = sizeOf(cohort), c = Math.min(2, T - 2), s = T - 1 - c;
    const fitted = await oracle(cohort).fit(cohort.trajectories, cohort.trajectories, {rng: rng(0)});
    const plan = randomPlan(cohort, s, 7), quiet = cohort.twins(c, plan, {noise: 'none'}), units = [3, 0, 3, 1];
    const asked = {
      time: planAt(cohort.trajectories, c, s).time, treatments: planAt(quiet.trajectories, c, s).treatments,
    };
    const expected = takeUnits(quiet.trajectories, units).outcomes;
    const answers = await fitted.forecast(historyAt(cohort.trajectories, c, {units}), {
      ...asked, treatments: pickRows(plan, units),
    });
    assert.deepEqual([...answers.mean.data], [...afterIndex(expected, c)]);
    // Twins under another past are units of the cohort as well.
    const past = cohort.twins(0, randomPlan(cohort, c + 1, 9)).trajectories;
    const other = await fitted.forecast(historyAt(past, c), {
      time: asked.time.slice(0, 2), treatments: planAt(past, c, 1).treatments,
    });
    const again = cohort.twins(0, planAt(past, 0, c).treatments).twins(c, planAt(past, c, 1).treatments, {
      noise: 'none',
    });
    assert.deepEqual(other.mean.data, afterIndex(again.trajectories.outcomes, c));
  });

  it('has an oracle that refuses strangers and histories that are none of its units', async () => {
    const cohort = simulator.draw(3), c = Math.min(2, sizeOf(cohort).T - 2);
    const fitted = await oracle(cohort).fit(cohort.trajectories, cohort.trajectories, {rng: rng(0)});
    const ask = (history: History, plan: Plan) => fitted.forecast(history, plan);
    const {trajectories: other} = simulator.draw(4), {trajectories: own} = cohort;
    await assert.rejects(
      ask(historyAt(other, c), planAt(other, c, 1)), /argument `history` must be of units of the cohort/,
    );
    const history = historyAt(own, c), data = history.outcomes.data.slice();
    const last = data.length - 1 - (own.outcomes.shape[2] - 1);
    data[last] += 1e-9;
    if (history.observed.data[last] === 1)
      await assert.rejects(
        ask({...history, outcomes: ndarray(history.outcomes.shape, data)}, planAt(own, c, 1)),
        /what the simulator gives these units/,
      );
  });

  if (simulator.sd) it(`leaves the oracle the noise of its outcomes: ${simulator.sd}`, async () => {
    const N = 3000, cohort = simulator.draw(11, N), {trajectories} = cohort;
    const fitted = await oracle(cohort).fit(trajectories, trajectories, {rng: rng(0)});
    const answers = await fitted.forecast(historyAt(trajectories, 1), planAt(trajectories, 1, 1));
    const square = mean(answers.mean.data.map((v, i) =>
      (v - trajectories.outcomes.data[i * sizeOf(cohort).T + 2]) ** 2));
    // A mean of N squared normal numbers has relative standard deviation sqrt(2 / N).
    assert.ok(Math.abs(square / simulator.sd! ** 2 - 1) < 4 * Math.sqrt(2 / N), `${square}`);
  });

  it('is scored under plans that nobody chose, whatever it is', async () => {
    const cohort = simulator.draw(12), {trajectories} = cohort;
    const fitted = await oracle(cohort).fit(trajectories, trajectories, {rng: rng(0)});
    const ask = (plans?: ReturnType<typeof swappedPlans>) => protocol({
      name: 'p', decisions: [1], horizon: 1, scaling: unscaled(trajectories.outcomes.shape[2]),
      ...(plans ? {plans} : {}),
    });
    const rmse = async (plans?: ReturnType<typeof swappedPlans>) =>
      (await evaluate(fitted, trajectories, ask(plans))).cells[0].rmse;
    const factual = await rmse();
    for (const plans of [
      swappedPlans(cohort, {rng: rng(1), draws: 2}), twinPlans('random', cohort, () => [randomPlan(cohort, 1, 3)]),
    ]) {
      const found = await rmse(plans);
      // Noise that is added to the outcome is the same under every plan, so the oracle errs as much.
      if (simulator.chance === added) assert.ok(Math.abs(found - factual) < 1e-9, `${found} and ${factual}`);
      else assert.ok(found > 0 && Number.isFinite(found));
      assert.notDeepEqual(
        plans.at(trajectories, 1)[0].treatments.data.slice(0, 40), trajectories.treatments.data.slice(0, 40),
      );
    }
  });
});

const pickRows = ({shape: [, s, d], data}: NdArray, rows: readonly number[]) =>
  ndarray([rows.length, s, d], Float64Array.from(rows.flatMap(i => [...data.subarray(i * s * d, (i + 1) * s * d)])));

/** Values after index c, `[N, T - 1 - c, d]`. */
const afterIndex = ({shape: [N, T, d], data}: NdArray, c: number) =>
  Float64Array.from(Array.from({length: N}, (_, i) => [...data.subarray((i * T + c + 1) * d, (i + 1) * T * d)]).flat());

describe('a simulator', () => {
  it('is written in at most 30 lines, imports and all', () => {
    const lines = readFileSync(join(__dirname, '../newcomer/thermostat.ts'), 'utf8').trimEnd().split('\n');
    assert.ok(lines.length <= 30 && lines.every(line => line.length <= 120), `${lines.length} lines`);
  });
});
