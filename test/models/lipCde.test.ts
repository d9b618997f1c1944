import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {normal, rng} from '../../lib/math';
import {
  cdeEncode, historyPath, initStandIn, latentNode, lipCde, scipNet, standIn, gNet, type HistoryTensors,
  type StandInParams,
} from '../../lib/models';
import {leaves, linear, tensors, type Tensors, type Weight} from '../../lib/nn';
import {cdeSettings} from '../../lib/models/neuralCde/settings';
import {expectPaddingDoesNotMatter} from './padding';
import {exampleBatch, expectGradientEverywhere, expectRecordedEqualsEager, SHAPE} from './wholeNetwork';

const small = {state: 4, width: 6, causes: 2} as const, inner = {state: 4, width: 6} as const;
const values = (t: tf.Tensor) => Array.from(t.dataSync());
const {solving, timeScale} = cdeSettings('test', {reads: 'path', timeScale: 20});
const read = (params: Tensors<StandInParams>, history: HistoryTensors, lambda: number) =>
  standIn(params, history, {lipschitz: lambda, solving, timeScale});
const largest = (a: tf.Tensor2D, b: tf.Tensor2D) => values(tf.max(tf.abs(tf.sub(a, b)), 1));

/** How far apart the stand-ins of two batches of histories may be: exp(lambda V) (d + e) for each unit. */
function bound({encoder}: Tensors<StandInParams>, histories: readonly HistoryTensors[], lambda: number): number[] {
  const [a, b] = histories.map(h => historyPath(encoder.imputation, h, timeScale, 'path'));
  const size = (steps: readonly tf.Tensor2D[]) => values(tf.sum(tf.abs(tf.stack([...steps])), [0, 2]));
  const V = size(a.increments), e = size(a.increments.map((x, k) => tf.sub<tf.Tensor2D>(x, b.increments[k])));
  const d = largest(a.start, b.start);
  return V.map((v, i) => Math.exp(lambda * v) * (d[i] + e[i]));
}

describe('the stand-in of LipCDE', () => {
  it('moves no more than the record does, whatever the weights', () => {
    const {history} = exampleBatch(), {outcomes, observed} = history, later = tf.tensor3d([0, 0, 1, 0, 0], [1, 5, 1]);
    const near = {...history, outcomes: tf.add<tf.Tensor3D>(outcomes, tf.mul(tf.mul(later, observed), 1e-2))};
    for (let seed = 1; seed <= 6; seed++) {
      const lambda = [0.05, 0.1, 0.2][seed % 3], weights = initStandIn(rng(seed), SHAPE, small);
      leaves<Weight>(weights).forEach(({value: {data}}, i) => data.set(normal(rng(10 * seed + i), data.length)));
      const params = tensors(weights), most = bound(params, [history, near], lambda);
      const moved = largest(read(params, history, lambda), read(params, near, lambda));
      // 1e-6: what single precision may add.
      moved.forEach((v, i) => assert.ok(v <= most[i] + 1e-6, `seed ${seed}, unit ${i}: ${v} > ${most[i]}`));
      assert.ok(moved.some(v => v > 1e-5), 'the record is read');
    }
  });

  it('comes near its bound where the field is as steep as it may be, and without the bound would be far beyond', () => {
    // Two units at rest, whose states run away from 0: one start is a little above, the other a little below.
    const rest = (start: number): HistoryTensors => ({
      time: tf.tensor2d([[-4, -3, -2, -1, 0]]), outcomes: tf.fill([1, 5, 1], start), observed: tf.ones([1, 5, 1]),
      treatments: tf.zeros([1, 5, 1]), last: tf.tensor2d([[0, 0, 0, 0, 1]]), statics: tf.zeros([1, 0]),
    });
    const pair = [rest(1e-3), rest(-1e-3)], lambda = 2;
    for (const size of [1, 10, 100]) {
      const weights = initStandIn(rng(0), {outcomes: 1, treatments: 1, statics: 0}, {causes: 1, state: 1, width: 1});
      leaves<Weight>(weights).forEach(({path, value: {data}}) => data.fill(path.endsWith('weight') ? size : 0));
      weights.encoder.start.weight.data[1] = 0; // the mark of a measurement
      const params = tensors(weights), [most] = bound(params, pair, lambda);
      const [moved] = largest(read(params, pair[0], lambda), read(params, pair[1], lambda));
      assert.ok(moved <= most && (size === 1 || moved > 0.6 * most), `weights of ${size}: ${moved}, ${most}`);
      const steep = pair.map(h => cdeEncode(params.encoder, h, solving, timeScale).z);
      const free = largest(...steep.map(z => tf.tanh(linear(params.readout, z))) as [tf.Tensor2D, tf.Tensor2D]);
      assert.ok(size === 1 || free[0] > 10 * most, `weights of ${size}: ${free[0]}, ${most}`);
    }
  });
});

describe('LipCDE', () => {
  const network = lipCde(scipNet({...inner, policy: 'gaussian'}), small);

  it('trains every weight', () => expectGradientEverywhere(network));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(network));
  it('does not depend on padding', () => expectPaddingDoesNotMatter(network));

  it('hands on the noise and the weights of its outcome model', () => {
    assert.equal(lipCde(gNet(), small).noise!(3), gNet().noise!(3));
    assert.equal(lipCde(latentNode(), small).noise, undefined);
    assert.ok(network.rowWeights);
    assert.equal(lipCde(latentNode(), small).rowWeights, undefined);
  });

  it('refuses settings without meaning', () => {
    const make = (options: Parameters<typeof lipCde>[1]) => () => lipCde(latentNode(), options);
    assert.throws(make({causes: 0}), /lipCde: argument `causes` must be a whole number >= 1; received 0/);
    assert.throws(make({lipschitz: 0}), /lipCde: argument `lipschitz` must be a number > 0; received 0/);
    assert.throws(make({lipschitz: Infinity}), /argument `lipschitz`/);
    assert.throws(make({policy: 'dirac' as never}), /lipCde: argument `policy` must be 'bernoulli' or 'gaussian'/);
    assert.throws(make({width: 1.5}), /lipCde: argument `width`/);
    assert.throws(make({timeScale: -1}), /lipCde: argument `timeScale`/);
  });
});
