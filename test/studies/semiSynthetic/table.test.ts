import assert from 'node:assert/strict';
import {evaluate} from '../../../lib/evaluation';
import {rng} from '../../../lib/math';
import {persistence} from '../../../lib/models';
import {
  alwaysMinusNever, forecastEffect, publishedFigure3, publishedTable2, semiSyntheticFloor, semiSyntheticForecasters,
  semiSyntheticQuestions,
} from '../../../lib/studies/semiSynthetic';
import {cohortOf} from './small';

const train = cohortOf('informative', 60).trajectories, test = cohortOf('informative', 40, {}, 2);
const task = {train, test}, context = {rng: rng(0)}, asked = {decision: 12, rng: rng(3)};

describe('the table of the semi-synthetic study', () => {
  it('asks as treated at every hour wanted, and about plans by a coin at the decision', async () => {
    const questions = semiSyntheticQuestions(task, {...asked, rows: [2, 12, 20]});
    assert.deepEqual(questions['as treated'].decisions, [2, 12, 20]);
    const {decisions, plans} = questions['other plans'], [twins] = plans.at(test.trajectories, 12);
    assert.deepEqual(decisions, [12]);
    const planned = twins.treatments.data.filter((_, k) => Math.floor(k / 2) % 19 >= 12 && Math.floor(k / 2) % 19 < 18);
    const given = planned.reduce((a, b) => a + b, 0) / planned.length;
    // 480 tosses: within 4 standard deviations.
    assert.ok(planned.length === 480 && Math.abs(given - 0.5) < 4 * Math.sqrt(0.25 / 480), `${given}`);
  });

  it('released: asks about other patients\' plans, since 0 and 1 are no probabilities; twins are the patients', () => {
    const world = cohortOf('released', 30), questions = semiSyntheticQuestions({train: world.trajectories, test: world},
      asked);
    const [twins] = questions['other plans'].plans.at(world.trajectories, 12), {treatments} = world.trajectories;
    const row = (i: number) => [...treatments.data.subarray((i * 49 + 12) * 2, (i * 49 + 18) * 2)].join();
    const theirs = [...twins.treatments.data.subarray(12 * 2, 18 * 2)].join();
    assert.ok(Array.from({length: 30}, (_, i) => row(i)).includes(theirs));
    assert.equal(twins.outcomes.data[18], world.trajectories.outcomes.data[18]);
  });

  it('the effect by a method that knows everything is the truth, up to what chance adds; by the last value it is 0',
    async () => {
      const knowing = await semiSyntheticFloor(test, 'at all times').fit(train, train, context);
      const {scaling: {divisors: [unit]}} = semiSyntheticQuestions(task, asked)['as treated'];
      const truth = alwaysMinusNever(test, 12, 6).map(v => v / unit!), mean = (v: Float64Array) =>
        v.reduce((a, b) => a + b, 0) / v.length;
      const known = await forecastEffect(knowing, task, asked);
      assert.ok(Math.abs(known.trueEffect - mean(truth)) < 1e-12 && known.trueEffect < -0.3);
      // Probabilities follow expected outcomes in place of noisy ones: a relative error of about a percent.
      assert.ok(known.effectError < 0.03 * Math.abs(known.trueEffect), `${known.effectError} of ${known.trueEffect}`);
      const still = await forecastEffect(await persistence.fit(train, train, context), task, asked);
      assert.deepEqual([still.effect, still.effectSize], [0, 0]);
      assert.ok(Math.abs(still.effectError - Math.sqrt(mean(truth.map(v => v * v)))) < 1e-12);
    });

  it('persistence scores the same at a row as alone', async () => {
    const fitted = await persistence.fit(train, train, context);
    const at = async (rows: number[]) => {
      const {cells} = await evaluate(
        fitted, test.trajectories, semiSyntheticQuestions(task, {...asked, rows})['as treated'],
      );
      return cells.filter(cell => cell.decision === 12).map(cell => cell.rmse);
    };
    assert.deepEqual(await at([3]), await at([]));
  });

  it('the printed table is the second row of each published map, rounded', () => {
    for (const {method, mean} of publishedTable2()) {
      const row = publishedFigure3(method as 'ObsNODE')[1];
      mean.forEach((v, k) => assert.ok(Math.abs(v - row[k + 2]!) <= 0.0055, `${method} ${v} ${row[k + 2]}`));
    }
    assert.throws(() => publishedFigure3('DoseAI' as 'ObsNODE'), /argument `model` must be one of ObsNODE, OptAB/);
  });

  it('lists every method once, each with a rate of its own', () => {
    const names = semiSyntheticForecasters().map(({name}) => name);
    assert.equal(new Set(names).size, names.length);
    const wanted = ['ObsNODE', 'recursive ObsNODE', 'latent NODE', 'G-Net', 'CRN', 'SCIP-Net'];
    assert.ok(wanted.every(name => names.includes(name)));
    assert.ok(semiSyntheticForecasters({rate: 1e-3}).every(({rate}) => rate === 1e-3));
    assert.throws(() => semiSyntheticForecasters({models: ['']}), /semiSyntheticForecasters: argument `models`/);
  });
});
