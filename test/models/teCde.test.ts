import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {normal, rng} from '../../lib/math';
import {cdeDecodeStepwise, teCde} from '../../lib/models';
import {ownForecasts, teacher} from '../../lib/models/neuralCde/feedback';
import {cdeSettings} from '../../lib/models/neuralCde/settings';
import {tensors} from '../../lib/nn';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, stirred,
} from './wholeNetwork';

const small = {state: 6, width: 8} as const;

describe('TE-CDE', () => {
  it('trains every weight', () => expectGradientEverywhere(teCde(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(teCde(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(teCde(small)));

  const network = teCde(small), params = tensors(stirred(network)), {plan, target} = exampleBatch();
  const {solving, timeScale} = cdeSettings('test', small);
  const start = {
    z: tf.tensor2d(Float32Array.from(normal(rng(1), 36)), [6, 6]), outcome: tf.zeros<tf.Rank.R2>([6, 2]),
    treatment: tf.zeros<tf.Rank.R2>([6, 1]),
  };
  const decode = (feed: typeof ownForecasts) =>
    cdeDecodeStepwise(params.decoder, start, plan, {feed, solving, timeScale}).forecasts;
  const step = (x: tf.Tensor3D, k: number) => Array.from(x.slice([0, k, 0], [6, 1, 2]).dataSync());

  it('in training reads the outcomes that came true, so its path leaves that of its own forecasts '
      + 'after one step', () => {
    assert.deepEqual(step(decode(teacher(target)), 0), step(decode(ownForecasts), 0));
    assert.notDeepEqual(step(decode(teacher(target)), 1), step(decode(ownForecasts), 1));
  });

  it('in training never reads an outcome before it has forecast it', () => {
    const changed = {...target, outcomes: tf.add<tf.Tensor3D>(target.outcomes, tf.tensor3d([0, 1, 0], [1, 3, 1]))};
    for (const k of [0, 1])
      assert.deepEqual(step(decode(teacher(changed)), k), step(decode(teacher(target)), k), `step ${k}`);
    assert.notDeepEqual(step(decode(teacher(changed)), 2), step(decode(teacher(target)), 2));
  });

  it('goes on with its own forecast where nothing was measured', () => {
    const unseen = {outcomes: target.outcomes, observed: tf.zerosLike(target.observed)};
    for (const k of [0, 1, 2]) assert.deepEqual(step(decode(teacher(unseen)), k), step(decode(ownForecasts), k));
  });
});
