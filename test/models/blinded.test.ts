import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {obsNode, rmsn, withoutHistory, withoutPlan, type HistoryTensors, type Network} from '../../lib/models';
import {tensors} from '../../lib/nn';
import {exampleBatch, expectGradientEverywhere, expectRecordedEqualsEager, stirred} from './wholeNetwork';

const network = obsNode({hidden: 8, width: 8, blocks: 2}), {history, plan} = exampleBatch();
const weights = tensors(stirred(network));
const answer = (of: Network<never>, h = history, p = plan) => of.forecast(weights as never, h, p).dataSync();

describe('a network without the plan', () => {
  const blind = withoutPlan(network) as Network<never>, other = {...plan, treatments: tf.add(plan.treatments, 1)};

  it('says the same under every plan, the network itself does not', () => {
    assert.deepEqual(answer(blind, history, other as typeof plan), answer(blind));
    assert.notDeepEqual(answer(network as never, history, other as typeof plan), answer(network as never));
  });

  it('is the network under a plan of zeros, and reads the history', () => {
    const zeros = {...plan, treatments: tf.zerosLike(plan.treatments)};
    assert.deepEqual(answer(blind), answer(network as never, history, zeros));
    assert.notDeepEqual(answer(blind, {...history, outcomes: tf.mul(history.outcomes, 2)}), answer(blind));
    assert.equal(blind.information, 'history');
  });

  it('is the same recorded as eager', () => expectRecordedEqualsEager(withoutPlan(network)));
});

describe('a network without the past', () => {
  const blind = withoutHistory(network) as Network<never>, earlier = tf.sub(1, history.last.expandDims(2));
  const past: HistoryTensors = {
    ...history, time: tf.mul(history.time, 3), treatments: tf.add(history.treatments, 1),
    outcomes: tf.add<tf.Tensor3D>(history.outcomes, tf.mul(earlier, history.observed)),
  };

  it('says the same after every past, the network itself does not', () => {
    assert.deepEqual(answer(blind, past), answer(blind));
    assert.notDeepEqual(answer(network as never, past), answer(network as never));
  });

  it('reads what was measured at the decision, and the plan', () => {
    assert.notDeepEqual(answer(blind, {...history, outcomes: tf.mul(history.outcomes, 2)}), answer(blind));
    const other = {...plan, treatments: tf.add(plan.treatments, 1)} as typeof plan;
    assert.notDeepEqual(answer(blind, history, other), answer(blind));
  });

  it('is the same recorded as eager', () => expectRecordedEqualsEager(withoutHistory(network)));
  it('without a plan every weight is trained, too', () =>
    expectGradientEverywhere(withoutPlan(obsNode({hidden: 8, width: 8, blocks: 2, scheme: 'recursive'}))));
});

it('rows are weighed by what a blinded network reads, where it weighs', () => {
  const weighing = rmsn({hidden: 8, decoderHidden: 8, width: 8, treatmentHidden: 6}), batch = exampleBatch();
  const params = tensors(stirred(weighing));
  const [bare, blind] = [weighing, withoutHistory(weighing)].map(n => n.rowWeights!(params, batch).dataSync());
  assert.notDeepEqual(blind, bare);
  assert.equal(withoutPlan(network).rowWeights, undefined);
});
