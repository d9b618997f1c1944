import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {crn} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {tensors} from '../../lib/nn';
import {
  exampleBatch, stirred, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager,
} from './wholeNetwork';

const small = {hidden: 8, representation: 6, width: 8};

describe('CRN', () => {
  it('trains every weight', () => expectGradientEverywhere(crn(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(crn(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(crn(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(crn(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(crn(small), {chosenBy: 'confounded'}));

  it('balances both representations: with progress, the encoder is taught against the treatment heads', () => {
    const network = crn({...small, balance: 1}), {history, plan, target} = exampleBatch();
    const weights = tensors(stirred(network));
    const gradient = (at: number) => tf.grad(weight => {
      const first = {...weights.first, representation: {...weights.first.representation, weight}};
      return network.loss({...weights, first}, {history, plan, target}, {progress: tf.scalar(at)});
    })(weights.first.representation.weight);
    const [none, some, most] = [0, 0.1, 1].map(gradient);
    const length = (t: tf.Tensor) => (tf.norm(t) as tf.Scalar).dataSync()[0];
    const share = length(tf.sub(some, none)) / length(tf.sub(most, none));
    assert.ok(Math.abs(share - (2 / (1 + Math.exp(-1)) - 1) / (2 / (1 + Math.exp(-10)) - 1)) < 1e-3, `${share}`);
  });

  it('refuses settings without meaning', () => {
    assert.throws(() => crn({balance: -1}), /crn: argument `balance` must be a number >= 0; received -1/);
    assert.throws(() => crn({hidden: 0}), /argument `hidden` must be a whole number >= 1/);
    assert.throws(() => crn({policy: 'none' as never}), /argument `policy`/);
  });
});
