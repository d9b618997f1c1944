import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {historyAt, planAt, targetsAt} from '../../../lib/data';
import {fold, mean, ndarray, ridge, rng} from '../../../lib/math';
import {autoregression, lipCde, persistence, type FittedForecaster, type Network} from '../../../lib/models';
import {
  HIDDEN_KINDS, hiddenCohort, hiddenForecasters, hiddenQuestion, hiddenWorld, interventionalMean, negativeControl,
  randomPlan, regressionLimit, timeSeriesDeconfounder, type HiddenWorld, type HiddenWorldOptions,
} from '../../../lib/studies/hiddenConfounding';
import {learned} from '../../../lib/training';
import {expectSeesOnlyHistoryAndPlan} from '../../models/noLeak';

const PLACES: readonly HiddenWorldOptions[] = HIDDEN_KINDS.flatMap(kind =>
  [true, false].map(treatedBefore => ({kind, treatedBefore, confounding: 1.5, memory: 10})));
const told = ({kind, treatedBefore}: HiddenWorldOptions) => `${kind}, ${treatedBefore ? '' : 'not '}treated before`;
const UNITS = 8000;

/** Mean over units of `value`, with its standard error. */
function estimate(value: (i: number) => number): {mean: number; error: number} {
  const all = Array.from({length: UNITS}, (_, i) => value(i)), centre = mean(all);
  return {mean: centre, error: Math.sqrt(mean(all.map(v => (v - centre) ** 2)) / UNITS)};
}

/** Correlation of two lists. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [mean(x), mean(y)], dot = (p: readonly number[], q: readonly number[], m: number, n: number) =>
    mean(p.map((v, i) => (v - m) * (q[i] - n)));
  return dot(x, y, a, b) / Math.sqrt(dot(x, x, a, a) * dot(y, y, b, b));
}

describe('the world of hidden confounding', () => {
  for (const options of PLACES) {
    it(`${told(options)}: no forecast from the record beats the interventional mean, and nothing known at the `
        + 'decision or planned tells of its errors', async () => {
      const world = hiddenWorld(options), {decision, horizon} = world;
      const cohort = hiddenCohort(world, {units: UNITS, rng: rng(1)});
      const twins = cohort.twins(decision, randomPlan(world, UNITS, rng(2))).trajectories;
      const history = historyAt(twins, decision), plan = planAt(twins, decision, horizon);
      const fitted = await interventionalMean(world).fit(twins, twins, {rng: rng(0)});
      const {mean: forecast} = await fitted.forecast(history, plan);
      const truth = targetsAt(twins, decision, horizon).outcomes;
      const known = (i: number) => [
        1, ...history.outcomes.data.subarray(i * (decision + 1), (i + 1) * (decision + 1)),
        ...history.treatments.data.subarray(2 * i * decision, 2 * (i + 1) * decision),
        ...plan.treatments.data.subarray(2 * i * horizon, 2 * (i + 1) * horizon),
      ];
      for (let k = 0; k < horizon; k++) {
        const off = (i: number) => truth.data[i * horizon + k] - forecast.data[i * horizon + k];
        for (let j = 0; j < known(0).length; j++) {
          const {mean: together, error} = estimate(i => off(i) * known(i)[j]);
          // 5 standard errors: some 500 such products are looked at in all.
          assert.ok(Math.abs(together) <= 5 * error, `step ${k + 1}, product ${j}: ${together} ± ${error}`);
        }
      }
    });
  }

  it('gives the same units under a plan that is what the policy did anyway', () => {
    const world = hiddenWorld({kind: 'exciting inputs'}), cohort = hiddenCohort(world, {units: 5, rng: rng(3)});
    const {treatments, outcomes} = cohort.trajectories, [, , da] = treatments.shape;
    const plan = {shape: [5, 3, da], data: Float64Array.from({length: 5 * 3 * da}, (_, k) =>
      treatments.data[(Math.floor(k / (3 * da)) * 12 + 8) * da + k % (3 * da)])};
    assert.deepEqual(cohort.twins(8, plan).trajectories.outcomes.data, outcomes.data);
  });

  it('refuses numbers without meaning', () => {
    assert.throws(() => hiddenWorld({memory: 0}), /hiddenWorld: argument `memory` must be a number > 0/);
    assert.throws(() => hiddenWorld({kind: 'some' as never}), /argument `kind` must be one of every input/);
    assert.throws(() => hiddenWorld({decay: 1}), /argument `decay`/);
  });
});

describe('the limit of a confounded regression', () => {
  it('is, one step ahead of people who were never treated and show nothing, the textbook omitted-variable bias', () => {
    for (const g of [0, 0.5, 1, 2]) {
      const world = hiddenWorld({kind: 'no input', treatedBefore: false, confounding: g, horizon: 1, push: 1.3});
      // Cov(u, a_j) / Var along the sum of two doses that u drives alike, each planned with variance 1.
      assert.ok(Math.abs(regressionLimit(world)[0] - Math.SQRT2 * 1.3 * g / (2 * g * g + 1)) < 1e-12, `${g}`);
    }
  });

  for (const options of PLACES.filter(({kind}) => kind !== 'exciting inputs')) {
    it(`${told(options)}: is where a regression of very many records ends`, async () => {
      const world = hiddenWorld(options), records = hiddenCohort(world, {units: UNITS, rng: rng(4)}).trajectories;
      const fitted = await autoregression().fit(records, records, {rng: rng(0)});
      const {excess} = await hiddenQuestion(world, {units: 4000, rng: rng(5)}).score(fitted);
      regressionLimit(world).forEach((limit, k) => {
        // Up to 31 weights from 8000 records, of residual sd below 1.5 at three steps, move a forecast by
        // 1.5 sqrt(31 / 8000) < 0.1 in quadrature; a root mean square over 4000 units is known to 1 / sqrt(8000).
        const high = Math.hypot(limit, 0.1) + 4 * limit / Math.sqrt(8000), low = limit - 0.1;
        assert.ok(excess[k] < high && excess[k] > low, `step ${k + 1}: ${excess[k]}, ${limit}`);
      });
    });
  }

  it('is 0 without confounding, and not told where the world is not linear', () => {
    assert.ok(regressionLimit(hiddenWorld({confounding: 0})).every(v => v < 1e-9));
    assert.throws(() => regressionLimit(hiddenWorld({kind: 'exciting inputs'})), /regressionLimit: argument `world`/);
  });

  it('falls with the memory of a process that outcomes show, and does not where they do not', () => {
    const at = (kind: HiddenWorldOptions['kind'], memory: number) =>
      regressionLimit(hiddenWorld({kind, memory, treatedBefore: false, horizon: 1}))[0];
    assert.ok(at('every input', 100) < at('every input', 10) / 3);
    assert.ok(Math.abs(at('no input', 100) - at('no input', 10)) < 1e-12);
  });
});

describe('methods for hidden causes', () => {
  it('the negative control takes out bias that regression on the present outcome keeps, where the previous outcome '
      + 'shows the cause, and none where nothing does', async () => {
    const excess = async (kind: HiddenWorldOptions['kind']) => {
      const world = hiddenWorld({kind, treatedBefore: false, memory: 50, horizon: 1}), {decision: c} = world;
      const records = hiddenCohort(world, {units: UNITS, rng: rng(6)}).trajectories, [, T] = records.outcomes.shape;
      const row = (y: number, doses: ArrayLike<number>) => [y, doses[0], doses[1]];
      const dosesOf = (i: number) => records.treatments.data.subarray(2 * (i * T + c), 2 * (i * T + c) + 2);
      const known = Array.from({length: UNITS}, (_, i) => row(records.outcomes.data[i * T + c], dosesOf(i)));
      const next = Float64Array.from(known, (_, i) => records.outcomes.data[i * T + c + 1]);
      const plain = ridge(ndarray([UNITS, 3], Float64Array.from(known.flat())), next, 1), present: FittedForecaster = {
        name: 'present', information: 'history + plan',
        forecast: async ({outcomes: {shape: [N], data}}, {treatments, time}) => {
          const seen = (i: number) => row(data[(i + 1) * (c + 1) - 1], treatments.data.subarray(2 * i, 2 * i + 2));
          const answer = (i: number) => seen(i).reduce((sum, v, k) => sum + v * plain.weights[k], plain.intercept);
          return {time, mean: ndarray([N, 1, 1], Float64Array.from({length: N}, (_, i) => answer(i)))};
        },
      };
      const control = await negativeControl(c).fit(records, records, {rng: rng(7)});
      const question = hiddenQuestion(world, {units: 4000, rng: rng(8)});
      return [(await question.score(control)).excess[0], (await question.score(present)).excess[0]];
    };
    const [lit, plainLit] = await excess('every input'), [dim, plainDim] = await excess('no input');
    assert.ok(lit < plainLit / 2, `${lit}, ${plainLit}`);
    assert.ok(dim > 0.9 * plainDim, `${dim}, ${plainDim}`);
  });

  it('the deconfounder tells its outcome model a factor of the past, and nothing of plan or future', async () => {
    const world = hiddenWorld({confounding: 1}), records = hiddenCohort(world, {units: 300, rng: rng(9)}).trajectories;
    const seen: number[] = [];
    const outcome = {
      name: 'spy', information: 'history + plan' as const,
      fit: async () => ({
        name: 'spy', information: 'history + plan' as const,
        forecast: async ({statics}: {statics: {data: Float64Array}}, {time}: {time: Float64Array}) => {
          seen.push(...statics.data);
          return {time, mean: {shape: [1, 1, 1], data: new Float64Array(1)}};
        },
      }),
    };
    const fitted = await timeSeriesDeconfounder(8, outcome as never).fit(records, records, {rng: rng(0)});
    await fitted.forecast(historyAt(records, 8), planAt(records, 8, 1));
    const {hidden} = hiddenCohort(world, {units: 300, rng: rng(9)}).truth;
    const u = seen.map((_, i) => hidden.data[i * 12 + 8]);
    assert.equal(seen.length, 300);
    const close = correlation(seen, u);
    assert.ok(Math.abs(close) > 0.7, `${close}`); // the factor stands for the hidden process
  });

  describe('LipCDE', () => {
    const units = 300, strong = hiddenWorld({confounding: 2}), weak = hiddenWorld({confounding: 0.5});
    const records = (world: HiddenWorld, name: string) => hiddenCohort(world, {units, rng: fold(rng(10), name)});

    it('learns a stand-in for the hidden process from the doses alone', async () => {
      // An outcome model without weights, whose forecast is what it is told.
      const echo: Network<object> = {
        name: 'echo', information: 'history', config: {}, init: () => ({}), loss: () => tf.scalar(0),
        forecast: (_, {statics}, {duration: {shape: [B, S]}}) =>
          tf.tile(statics.reshape<tf.Tensor3D>([B, 1, 1]), [1, S, 1]),
      };
      const options = {epochs: 30, batch: 100, horizon: 1, decisions: [8], rate: {from: 1e-2, to: 1e-3}};
      const {trajectories, truth: {hidden}} = records(strong, 'test'), train = records(strong, 'training').trajectories;
      const fitted = await learned(lipCde(echo, {timeScale: 8}), {...options, select: 'last'})
        .fit(train, train, {rng: rng(0)});
      const told = await fitted.forecast(historyAt(trajectories, 8), planAt(trajectories, 8, 1));
      const close = correlation(Array.from(told.mean.data), Array.from({length: units}, (_, i) =>
        hidden.data[i * 12 + 8]));
      assert.ok(Math.abs(close) > 0.7, `${close}`);
    });

    it('beats repeating the last outcome within seconds, and sees nothing but history and plan', async () => {
      const [train, validation] = ['training', 'validation'].map(name => records(weak, name).trajectories);
      const [{forecaster}] = hiddenForecasters(weak, {methods: ['LipCDE'], epochs: 20});
      const fitted = await forecaster.fit(train, validation, {rng: rng(1)});
      const last = await persistence.fit(train, train, {rng: rng(2)});
      const question = hiddenQuestion(weak, {units, rng: rng(11)});
      const [own, other] = [(await question.score(fitted)).error, (await question.score(last)).error];
      // 0.75 to 0.80 three steps ahead, over three draws of units
      own.forEach((v, k) => assert.ok(v < 0.9 * other[k], `step ${k + 1}: ${v}, persistence ${other[k]}`));
      await expectSeesOnlyHistoryAndPlan(fitted, validation, {usesPlan: true, runs: 4});
      await fitted.dispose?.();
    });
  });

  it('are refused by a name that does not exist', () =>
    assert.throws(() => hiddenForecasters(hiddenWorld(), {methods: ['magic']}), /argument `methods` must be names/));
});
