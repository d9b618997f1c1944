import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {historyAt, planAt, targetsAt} from '../../lib/data';
import {ndarray, rng} from '../../lib/math';
import {gNet, obsNode} from '../../lib/models';
import {readWeights} from '../../lib/nn';
import {flatten, learned, squaredError, type LearningOptions, type Selection} from '../../lib/training';
import {cohortWithStatics} from './cohorts';

const network = obsNode({blocks: 1, hiddenLayers: 1, width: 8, hidden: 8});
const options: LearningOptions = {
  epochs: 6, batch: 16, horizon: 2, decisions: [5], transform: 'log', rate: {from: 0.1, to: 0.1},
};

describe('weights that are kept', function () {
  this.timeout(120_000);
  const {training, validation} = cohortWithStatics();

  /** A training, and its weights after every epoch. */
  async function traced(extra: Partial<LearningOptions>) {
    const checkpoints = mkdtempSync(join(tmpdir(), 'obsnode-')), after: Float32Array[] = [];
    const onProgress = () => {
      const {weights} = readWeights(join(checkpoints, readdirSync(checkpoints)[0]));
      after.push(weights.params.data);
    };
    try {
      const forecaster = learned(network, {...options, ...extra, checkpoints});
      const fitted = await forecaster.fit(training, validation, {rng: rng(1), onProgress});
      return {fitted, after, errors: fitted.curve.map(e => e.validation), kept: flatten(fitted.weights)};
    } finally {
      rmSync(checkpoints, {recursive: true});
    }
  }

  it('are those of the smallest squared error on validation data, or of any other rule, or the last', async () => {
    const worst: Selection = (...given) => tf.neg(squaredError(...given));
    const [usual, opposite, last] = [await traced({}), await traced({select: worst}), await traced({select: 'last'})];
    assert.deepEqual(opposite.errors, usual.errors.map(e => -e));
    assert.deepEqual(opposite.after, usual.after);
    const best = usual.errors.indexOf(Math.min(...usual.errors));
    const poorest = usual.errors.indexOf(Math.max(...usual.errors));
    assert.ok(best !== 5 && poorest !== 5, `epochs ${best} and ${poorest} say nothing`);
    assert.deepEqual(usual.kept, usual.after[best]);
    assert.deepEqual(opposite.kept, usual.after[poorest]);
    assert.deepEqual(last.kept, usual.after[5]);
    assert.equal(new Set([usual, opposite, last].map(({fitted}) => fitted.identity)).size, 3);
    assert.equal((await traced({select: squaredError})).fitted.identity, usual.fitted.identity);
  });

  it('by the error at the last step: the curve shows that error of the forecasts, in scaled units', async () => {
    const lastStep: Selection = (net, params, {history, plan, target}) => {
      const at = (values: tf.Tensor3D) => values.slice([0, 1, 0], [-1, 1, -1]);
      const squares = tf.squaredDifference(at(net.forecast(params, history, plan)), at(target.outcomes));
      return tf.sum(tf.mul(at(target.observed), squares)).div(target.outcomes.shape[0]);
    };
    const {fitted, errors} = await traced({select: lastStep}), {forward} = fitted.preprocessing.outcomes;
    const {mean} = await fitted.forecast(historyAt(validation, 5), planAt(validation, 5, 2));
    const {outcomes, observed} = targetsAt(validation, 5, 2);
    const [z, y] = [forward(mean).data, forward(outcomes).data];
    const isLast = (k: number) => Math.floor(k / 2) % 2 === 1;
    const error = z.reduce((sum, v, k) => sum + (isLast(k) ? observed.data[k] * (v - y[k]) ** 2 : 0), 0) / 16;
    assert.ok(Math.abs(error - Math.min(...errors)) < 1e-4 * error, `${error} and ${Math.min(...errors)}`);
  });

  it('refuses what is no rule', () => {
    assert.throws(
      () => learned(network, {...options, select: 'first' as never}),
      /learned: argument `select` must be a function that gives an error, or 'last'; received "first"/,
    );
  });
});

describe('draws of a network that draws', function () {
  this.timeout(120_000);
  const {training, validation} = cohortWithStatics();
  const question = [historyAt(validation, 6), planAt(validation, 6, 3)] as const;
  const drawn = async (extra: Partial<LearningOptions>) => {
    const quick = {...options, epochs: 1, rate: {from: 1e-2, to: 1e-2}, ...extra};
    const forecaster = learned(gNet({width: 4, hidden: 4}), quick);
    const fitted = await forecaster.fit(training, validation, {rng: rng(1)});
    return {...await fitted.forecast(...question), identity: fitted.identity};
  };

  it('are as many as asked for, the first of a longer series, and the forecast is their mean', async () => {
    const [usual, few] = [await drawn({}), await drawn({draws: 3})], n = 16 * 3 * 2;
    assert.deepEqual([usual.samples!.shape, few.samples!.shape], [[20, 16, 3, 2], [3, 16, 3, 2]]);
    assert.deepEqual(few.samples!.data, usual.samples!.data.slice(0, 3 * n));
    const {data} = few.samples!;
    const mean = Float64Array.from({length: n}, (_, i) => (data[i] + data[n + i] + data[2 * n + i]) / 3);
    assert.deepEqual(few.mean, ndarray([16, 3, 2], mean));
    assert.equal(few.identity, usual.identity);
  });

  it('come from the generator that is given', async () => {
    const [first, again] = [await drawn({rng: rng(7)}), await drawn({rng: rng(7)})];
    const [other, usual] = [await drawn({rng: rng(8)}), await drawn({})];
    assert.deepEqual(first, again);
    for (const apart of [other, usual]) assert.notDeepEqual(apart.samples!.data, first.samples!.data);
  });

  it('are at least one', () => {
    const none = () => learned(gNet(), {...options, draws: 0});
    assert.throws(none, /learned: argument `draws` must be a whole number >= 1; received 0/);
  });
});
