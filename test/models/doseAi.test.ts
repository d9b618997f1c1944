import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {doseAi} from '../../lib/models';
import {leaves, tensors} from '../../lib/nn';
import {rng} from '../../lib/math';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, SHAPE, stirred,
} from './wholeNetwork';

const small = {state: 6, width: 8} as const, values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('DoseAI', () => {
  it('trains every weight', () => expectGradientEverywhere(doseAi(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(doseAi(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(doseAi(small)));

  it('untrained, repeats an outcome that was measured at t_c', () => {
    const network = doseAi(small), {history, plan} = exampleBatch();
    const forecast = values(network.forecast(tensors(network.init(rng(1), SHAPE)), history, plan));
    const [now, seen] = [history.outcomes, history.observed].map(t =>
      values(tf.sum(tf.mul(t, history.last.expandDims(2)), 1)));
    assert.ok(seen.includes(1));
    seen.forEach((o, i) => { if (o === 1)
      for (let k = 0; k < 3; k++) assert.equal(forecast[Math.floor(i / 2) * 6 + k * 2 + i % 2], now[i]); });
  });

  it('pays for a representation that tells the dose only as training goes on', () => {
    const network = doseAi({...small, balancing: 0.5}), weights = stirred(network);
    const {history, plan, target} = exampleBatch();
    const ofEncoder = (progress: number, balancing = 0.5) => {
      const other = doseAi({...small, balancing}), params = tensors(weights);
      const field = leaves<tf.Tensor>(params.encoder.field)[0].value;
      return values(tf.grad(weight => {
        const [first, ...others] = params.encoder.field.layers;
        const encoder = {...params.encoder, field: {layers: [{...first, weight}, ...others]}};
        return other.loss({...params, encoder} as never, {history, plan, target}, {progress: tf.scalar(progress)});
      })(field));
    };
    assert.deepEqual(ofEncoder(0), ofEncoder(1, 0)); // the reversed gradient starts at 0
    assert.notDeepEqual(ofEncoder(1), ofEncoder(1, 0));
  });

  it('refuses settings without meaning', () => {
    assert.throws(() => doseAi({balancing: -1}), /doseAi: argument `balancing` must be a number >= 0; received -1/);
    assert.throws(() => doseAi({state: 0}), /argument `state` must be a whole number >= 1/);
    assert.throws(() => doseAi({policy: 'softmax' as never}), /argument `policy` must be 'bernoulli' or 'gaussian'/);
  });
});
