import assert from 'node:assert/strict';
import fc from 'fast-check';
import {historyAt, planAt, takeUnits, timesOf, trajectories, unitsAt, type Trajectories} from '../../lib/data';
import {ndarray, rng, type NdArray} from '../../lib/math';
import {
  autoregression, causalTransformer, cfOde, crn, directBoosting, doseAi, gNet, igcNet, iteratedBoosting, latentNode,
  obsNode, optAb, oracle,
  persistence, perTimeMean, rmsn, scipNet, teCde, type FittedForecaster, type Network,
} from '../../lib/models';
import {cancerCohort, mechanistic} from '../../lib/studies/cancer';
import {untrained} from '../../lib/training';
import {changedAfter, irregular, otherwiseTreated} from '../data/irregular';
import {stirred} from './wholeNetwork';

const N = 8, HORIZON = 3, SHAPE = {outcomes: 2, treatments: 2, statics: 1}, data = irregular(1, {N});
const small = {hidden: 6, width: 6}, cde = {state: 4, width: 6};
const NETWORKS = [
  obsNode(small), obsNode({...small, scheme: 'recursive'}), latentNode(small), teCde(cde), scipNet(cde), doseAi(cde),
  optAb(cde), cfOde(), crn(), rmsn(),
  causalTransformer(), igcNet({horizon: HORIZON}), gNet(small),
] as unknown as readonly Network<never>[];
const fitted = (network: Network<never>) =>
  untrained(network, {weights: stirred(network, SHAPE as never), engine: 'cpu'}).fit(data, data, {rng: rng(1)});

/** As many copies of unit `i`, on its own grid and nothing behind it. */
function alone(all: Trajectories, i: number): Trajectories {
  const n = timesOf(all, i).length, copies = takeUnits(all, Array(N).fill(i)), [, T] = all.outcomes.shape;
  const cut = ({shape: [, , d], data: values}: NdArray) =>
    ndarray([N, n, d], values.filter((_, at) => Math.floor(at / d) % T < n));
  return trajectories({
    ...copies, time: timesOf(all, i), counts: undefined, ids: undefined,
    outcomes: cut(copies.outcomes), treatments: cut(copies.treatments), observed: cut(copies.observed),
  });
}

/** The forecast of row `i`. */
const rowOf = ({shape: [, s, d], data: values}: NdArray, i: number, steps: number) =>
  Array.from(values.subarray(i * s * d, (i * s + steps) * d));

/** @param draws whether it draws noise, whose numbers depend on the number of steps: then only plans of equal length can be compared */
async function expectEachAlone(forecaster: FittedForecaster, draws = false): Promise<void> {
  const c = 1, batch = await forecaster.forecast(historyAt(data, c), planAt(data, c, HORIZON));
  for (let i = 0; i < N; i++) {
    const one = alone(data, i), steps = Math.min(HORIZON, one.outcomes.shape[1] - 1 - c);
    if (draws && steps < HORIZON) continue;
    const own = await forecaster.forecast(historyAt(one, c), planAt(one, c, steps));
    assert.deepEqual(rowOf(batch.mean, i, steps), rowOf(own.mean, i, steps), `${forecaster.name}, unit ${i}`);
  }
}

/** As `expectSeesOnlyHistoryAndPlan`, for decisions at a time of each unit's own between its measurements. */
async function expectSeesOnlyHistoryAndPlanByTime(forecaster: FittedForecaster, usesPlan: boolean): Promise<void> {
  const situations = fc.tuple(fc.double({min: 0.1, max: 0.5, noNaN: true}), fc.double({min: 2, max: 3, noNaN: true}));
  await fc.assert(fc.asyncProperty(situations, async ([share, horizon]) => {
    const time = data.ids.map((_, i) => timesOf(data, i)[0] + share * (data.followed[i] - timesOf(data, i)[0]));
    const end = time.map(t => t + horizon);
    const units = unitsAt(data, {time}, horizon);
    const answer = async (world: Trajectories) => {
      const {mean} = await forecaster.forecast(
        historyAt(world, {time}, {units}), planAt(world, {time}, horizon, {units}),
      );
      return Array.from(units, (_, k) =>
        rowOf(mean, k, planAt(data, {time}, horizon, {units: [units[k]]}).treatments.shape[1]));
    };
    const truth = await answer(data);
    assert.deepEqual(await answer(changedAfter(data, time, end)), truth, `future after ${share}`);
    assert.equal(
      JSON.stringify(await answer(otherwiseTreated(data, time, end))) !== JSON.stringify(truth), usesPlan,
      `plan at ${share}`,
    );
  }), {numRuns: 3, seed: 1});
}

describe('forecasts for units with times of their own', function () {
  this.timeout(300_000);
  for (const network of NETWORKS) {
    it(`${network.name}: a row of a padded batch is what its unit gives alone on its own grid, to `
        + `the last bit`, async () =>
      expectEachAlone(await fitted(network), Boolean(network.noise)));
    it(`${network.name} sees history and plan only, at any time of decision`, async () =>
      expectSeesOnlyHistoryAndPlanByTime(await fitted(network), true));
  }
  for (const reference of [persistence, perTimeMean])
    it(`${reference.name}: the same two claims, and it is blind to the plan`, async () => {
      const own = await reference.fit(data, data, {rng: rng(1)});
      await expectEachAlone(own);
      await expectSeesOnlyHistoryAndPlanByTime(own, false);
    });

});

describe('methods that need a grid', () => {
  const cohort = cancerCohort({patients: 30, steps: 8, rng: 1}), grid = cohort.trajectories;
  const remedy = / (Ask|Decide and ask|Trees) /;
  const methods = [
    ['autoregression', autoregression()], ['directBoosting', directBoosting({trees: 2})],
    ['iteratedBoosting', iteratedBoosting({trees: 2})],
    ['oracle', oracle(cohort)], ['mechanistic', mechanistic({draws: 2})],
  ] as const;
  const refused = (ask: () => Promise<unknown>, message: RegExp) => assert.rejects(ask, (error: Error) => {
    assert.equal(error.name, 'ArgumentError');
    assert.match(error.message, message);
    assert.match(error.message, remedy);
    return true;
  });

  for (const [name, method] of methods) it(`${name} refuses other times by name, and says what to do`, async () => {
    // Nothing but times is looked at: there is nothing else in these data.
    const timesOnly = {time: data.time, counts: data.counts} as Trajectories;
    const early = {...grid, counts: new Int32Array(30).fill(7)};
    if (name !== 'oracle' && name !== 'mechanistic') {
      for (const [train, validation] of name === 'autoregression'
        ? [[timesOnly, grid]]
        : [[timesOnly, grid], [grid, timesOnly]])
        await refused(
          () => method.fit(train, validation, {rng: rng(1)}),
          new RegExp(`${name}\\.fit: argument \`time\` must be one grid that all units share; received`),
        );
      await refused(
        () => method.fit(early, early, {rng: rng(1)}),
        new RegExp(`${name}\\.fit: argument \`counts\` must be 8 everywhere`),
      );
    }
    const fitted = await method.fit(grid, grid, {rng: rng(1)}), ask = (history: object, plan: object) => () =>
      fitted.forecast({...historyAt(grid, 3), ...history}, {...planAt(grid, 3, 2), ...plan});
    await ask({}, {})();
    const own = {
      time: ndarray([30, 4], Float64Array.from({length: 120}, (_, k) => k % 4 + (k % 4 === 1 && k < 4 ? 0.5 : 0))),
    };
    await refused(ask(own, {}), new RegExp(`${name}\\.forecast: argument \`time\` must be one grid`));
    await refused(
      ask({time: Float64Array.of(0, 1.5, 2, 3)}, {}),
      new RegExp(`${name}\\.forecast: argument \`history.time\` must be .*; received`),
    );
    await refused(
      ask({}, {time: Float64Array.of(3, 4, 4.5)}),
      new RegExp(`${name}\\.forecast: argument \`plan.time\` must be .*; received`),
    );
    const between = {time: 3.5};
    await refused(
      () => fitted.forecast(historyAt(grid, between), planAt(grid, between, 2)),
      new RegExp(`${name}\\.forecast: argument \`(history|plan)\\.time\``),
    );
  });
});
