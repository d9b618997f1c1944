import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {historyAt, planAt} from '../../lib/data';
import {rng} from '../../lib/math';
import {anchored, latentNode, persistence, rmsn, type FittedForecaster} from '../../lib/models';
import {tensors} from '../../lib/nn';
import {untrained} from '../../lib/training';
import {example} from '../data/example';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, stirred,
} from './wholeNetwork';

const small = {hidden: 8, width: 8, blocks: 2}, network = anchored(latentNode(small));

describe('a network anchored at the last measured values', () => {
  it('untrained forecasts the last measured value, however old; without the anchor it does not', async () => {
    const data = example(3, {N: 40, observedShare: 0.4}), [N, , dy] = data.outcomes.shape, c = 4;
    const history = historyAt(data, c), plan = planAt(data, c, 2);
    const answer = async (fitted: FittedForecaster) => (await fitted.forecast(history, plan)).mean.data;
    const fit = {rng: rng(0)};
    const last = await answer(await persistence.fit(data, data, fit));
    const [own, bare] = await Promise.all([network, latentNode(small)].map(async n =>
      answer(await untrained(n, {engine: 'cpu'}).fit(data, data, fit))));
    let carried = 0, same = 0;
    for (let i = 0; i < N; i++) for (let j = 0; j < dy; j++) {
      const seen = (t: number) => history.observed.data[(i * (c + 1) + t) * dy + j] === 1;
      if (seen(c) || ![0, 1, 2, 3].some(seen)) continue;
      carried++;
      for (const k of [i * 2 * dy + j, (i * 2 + 1) * dy + j]) assert.ok(Math.abs(own[k] - last[k]) < 1e-5);
      if (Math.abs(bare[i * 2 * dy + j] - last[i * 2 * dy + j]) < 1e-5) same++;
    }
    assert.ok(carried >= 20 && same === 0, `${carried} carried, ${same} equal without the anchor`);
  });

  it('is the network itself where everything was measured at the decision', () => {
    const {history, plan} = exampleBatch(), params = tensors(stirred(network));
    const full = {...history, observed: tf.maximum<tf.Tensor3D>(history.observed, history.last.expandDims(2))};
    const [a, b] = [network, latentNode(small)].map(n => n.forecast(params, full, plan).dataSync());
    assert.deepEqual(a, b);
    assert.notDeepEqual(network.forecast(params, history, plan).dataSync(), a);
  });

  it('weighs rows by what it reads, where the network weighs', () => {
    const weighing = rmsn({hidden: 8, decoderHidden: 8, width: 8, treatmentHidden: 6}), weights = stirred(weighing);
    const batch = exampleBatch(), params = tensors(weights);
    const [a, b] = [anchored(weighing), weighing].map(n => n.rowWeights!(params, batch).dataSync());
    assert.notDeepEqual(a, b);
    assert.equal(anchored(latentNode(small)).rowWeights, undefined);
  });

  it('trains every weight', () => expectGradientEverywhere(network));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(network));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(network));
});
