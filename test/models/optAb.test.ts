import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {balancingLoss, binaryTreatments, initPropensity, optAb} from '../../lib/models';
import {saturatedAdversary} from '../../lib/models/optAb/saturated';
import type {Trajectories} from '../../lib/data';
import {normal, rng} from '../../lib/math';
import {leaves, tensors, type Weight} from '../../lib/nn';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, smallCohort, stirred,
} from './wholeNetwork';

const small = {state: 6, width: 8} as const, values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('OptAB', () => {
  it('trains every weight', () => expectGradientEverywhere(optAb(small)));
  it('is the same recorded as eager, with either adversary', async () => {
    await expectRecordedEqualsEager(optAb(small));
    await expectRecordedEqualsEager(optAb({...small, adversary: 'saturated'}));
  });
  it('learns within seconds from treatments on or off and sees nothing but history and plan', () =>
    expectLearnsWithoutLeak(optAb(small), binaryTreatments));

  it('with the treatment held, looks at the first planned treatment and at no later one', () => {
    const network = optAb({...small, plan: 'held'}), params = tensors(stirred(network));
    const {history, plan} = exampleBatch();
    const forecast = (change: (a: tf.Tensor3D) => tf.Tensor3D) =>
      values(network.forecast(params, history, {...plan, treatments: change(plan.treatments)}));
    const from = (step: number) => tf.tensor3d([0, 1, 2].map(k => (k >= step ? 1 : 0)), [1, 3, 1]);
    assert.deepEqual(forecast(a => tf.add(a, from(1))), forecast(a => a));
    assert.notDeepEqual(forecast(a => tf.add(a, from(0))), forecast(a => a));
    assert.equal(network.name, 'OptAB, treatment held');
  });

  it('as released, has next to no balancing: its gradient is below a hundredth of that of a term that works', () => {
    const n = 200, z = tf.tensor2d(Float32Array.from(normal(rng(1), n * 4)), [n, 4]);
    const given = tf.sub(tf.mul(tf.cast(tf.greater(z.slice([0, 0], [n, 1]), 0), 'float32'), 2), 1) as tf.Tensor2D;
    const weights = initPropensity(rng(2), 4, 1, {policy: 'bernoulli'});
    leaves<Weight>(weights).forEach(({value}, i) =>
      normal(rng(5 + i), value.data.length).forEach((v, k) => { value.data[k] += 0.3 * v; }));
    const head = tensors(weights);
    const size = (f: (x: tf.Tensor2D) => tf.Scalar) =>
      (tf.norm(tf.grad(x => f(x as tf.Tensor2D))(z)) as tf.Scalar).dataSync()[0];
    const rows = {treatments: given, active: tf.ones<tf.Rank.R2>([n, 1])};
    const works = size(x => balancingLoss(head, {representation: x, ...rows}, tf.scalar(1), 'bernoulli'));
    const released = size(x => saturatedAdversary(head, x, given));
    assert.ok(released < 0.01 * works, `${released} and ${works}`);
    assert.ok(released > 0);
  });

  it('tells on from off by thresholds: a concentration that has decayed below its own reads off, '
      + 'though not 0', async () => {
    const {training, validation} = smallCohort(), seen: number[][] = [];
    const spy = {name: 'spy', information: 'history + plan' as const, fit: (data: Trajectories) => {
      seen.push(Array.from(data.treatments.data));
      return Promise.resolve({
        name: 'spy', information: 'history + plan' as const, forecast: () => Promise.reject(new Error('not asked')),
      });
    }};
    const {treatments: {data}} = training, context = {rng: rng(1)};
    await binaryTreatments(spy, {above: [5, 0]}).fit(training, validation, context);
    await binaryTreatments(spy).fit(training, validation, context);
    assert.deepEqual(seen[0], Array.from(data, (v, i) => Number(v > [5, 0][i % 2])));
    assert.ok(data.some((v, i) => i % 2 === 0 && v > 0 && seen[0][i] === 0 && seen[1][i] === 1));
    assert.throws(() => binaryTreatments(spy, {above: [NaN]}), /argument `above` must be of finite numbers/);
    await assert.rejects(
      binaryTreatments(spy, {above: [1]}).fit(training, validation, context), /argument `above` must be 2 numbers/,
    );
  });

  it('refuses settings without meaning', () => {
    assert.throws(() => optAb({plan: 'none' as never}), /argument `plan` must be 'followed' or 'held'/);
    assert.throws(() => optAb({adversary: 'none' as never}), /argument `adversary`/);
  });
});
