import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {historyAt, type Trajectories} from '../../lib/data';
import {fold, ndarray, rng} from '../../lib/math';
import {binaryTreatments, optAb, scipNet, type Network} from '../../lib/models';
import {logIntensity} from '../../lib/models/scipNet/intensity';
import {tensors} from '../../lib/nn';
import {twoStepBias, twoStepCohort} from '../../lib/studies/twoStep';
import {learned} from '../../lib/training';
import {shareOfBias} from './twoStepEffect';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, stirred,
} from './wholeNetwork';

const small = {state: 6, width: 8} as const, values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('SCIP-Net', () => {
  it('trains every weight of all four networks', () => {
    expectGradientEverywhere(scipNet({...small, intensity: true}));
    expectGradientEverywhere(scipNet({...small, feedback: 'none', policy: 'gaussian'}));
  });
  it('is the same recorded as eager', () => expectRecordedEqualsEager(scipNet({...small, intensity: true})));
  it('learns within seconds from treatments on or off and sees nothing but history and plan', () =>
    expectLearnsWithoutLeak(scipNet(small), binaryTreatments));

  it('staged, trains the encoder on one-step forecasts alone: later outcomes do not reach it', () => {
    const gradient = (staged: boolean, shift: number) => {
      const network = scipNet({...small, staged}), params = tensors(stirred(network));
      const {history, plan, target} = exampleBatch();
      const later = {
        ...target, outcomes: tf.add<tf.Tensor3D>(target.outcomes, tf.tensor3d([0, shift, shift], [1, 3, 1])),
      };
      return values(tf.grad(weight => {
        const encoder = {...params.encoder, start: {...params.encoder.start, weight}};
        return network.loss({...params, encoder}, {history, plan, target: later}, {progress: tf.scalar(0)});
      })(params.encoder.start.weight));
    };
    assert.deepEqual(gradient(true, 0), gradient(true, 1));
    assert.notDeepEqual(gradient(false, 0), gradient(false, 1));
  });

  it('fed zeros, leaves the path of its own forecasts after two steps', () => {
    const {history, plan} = exampleBatch(), forecast = (feedback: 'zeros' | 'own forecasts') => {
      const network = scipNet({...small, feedback});
      return network.forecast(tensors(stirred(network)), history, plan);
    };
    const [fed, own] = [forecast('zeros'), forecast('own forecasts')];
    const step = (x: tf.Tensor3D, k: number) => values(x.slice([0, k, 0], [6, 1, 2]));
    assert.deepEqual([0, 1].map(k => step(fed, k)), [0, 1].map(k => step(own, k)));
    assert.notDeepEqual(step(fed, 2), step(own, 2));
  });

  it('takes regular decisions for the most likely at a rate of one over their distance, for every unit', () => {
    const duration = tf.fill([3, 2], 2);
    const slope = (logRate: number) =>
      values(tf.grad(r => tf.sum(logIntensity(r as tf.Tensor2D, duration as tf.Tensor2D)))(tf.fill([3, 2], logRate)));
    slope(-Math.log(2)).forEach(v => assert.ok(Math.abs(v) < 1e-6));
    slope(0).forEach(v => assert.equal(v, -1));
  });

  describe('on two steps with known truth', () => {
    const truth = -1;
    const cohort = (units: number, seed: number, confounding = 2): Trajectories =>
      twoStepCohort(fold(rng(5), seed), {units, confounding}).trajectories;
    const training = cohort(4000, 0), usual = cohort(1000, 1), randomised = cohort(1000, 1, 0);
    const start = usual.outcomes.data.filter((_, i) => i % 3 === 0);
    const known = start.reduce((sum, y) => sum + twoStepBias(y, 1) - twoStepBias(y, 0), 0) / start.length;

    /** Error of what the second treatment is said to do, on average over units. */
    async function errorOf<P>(network: Network<P>, validation: Trajectories): Promise<number> {
      const n = start.length, history = historyAt(usual, 0);
      const fitted = await learned(network, {epochs: 25, batch: 250, horizon: 2, decisions: [0], rate: {
        from: 1e-2, to: 1e-4,
      }, adam: {clipNorm: 1}}).fit(training, validation, {rng: rng(3)});
      const second = async (treated: number) => {
        const {mean} = await fitted.forecast(history, {
          time: Float64Array.of(0, 1, 2),
          treatments: ndarray([n, 2, 1], Float64Array.from({length: 2 * n}, (_, i) => (i % 2) * treated)),
        });
        return mean.data.reduce((sum, v, i) => sum + (i % 2) * v, 0) / n;
      };
      return await second(1) - await second(0) - truth;
    }

    it('the same decoder without weights has most of the bias of a regression', async () => {
      const error = await errorOf(optAb({...small, balancing: 0}), usual);
      assert.ok(error > 0.7 * known && error < 1.2 * known, `${error}, known bias ${known}`);
    });

    it('weights take away all of it that 4000 units can show, when the epoch is chosen on '
        + 'randomised units', async () => {
      const error = await errorOf(scipNet({...small, feedback: 'none'}), randomised);
      // about three standard errors over draws of the data
      assert.ok(Math.abs(error) < 0.1 * known, `${error}, known bias ${known}`);
    });

    it('and most of it when it is chosen on units treated as usual, where the biased answer fits better', async () => {
      const error = await errorOf(scipNet({...small, feedback: 'none'}), usual);
      assert.ok(Math.abs(error) < 0.25 * known, `${error}, known bias ${known}`);
    });
  });

  it('taught step by step on outcomes, needs no weights to remove the bias of the toy; a decoder that reads no '
      + 'outcomes does', async () => {
    const unweighted = (feedback: 'own forecasts' | 'none') =>
      shareOfBias(scipNet({...small, feedback, limit: 1 + 1e-9}), {epochs: 25});
    const [steps, direct] = [await unweighted('own forecasts'), await unweighted('none')];
    assert.ok(Math.abs(steps) < 0.15, `${steps} of the bias`);
    assert.ok(direct > 0.5, `${direct} of the bias`);
  });

  it('refuses settings without meaning', () => {
    assert.throws(
      () => scipNet({feedback: 'ones' as never}),
      /scipNet: argument `feedback` must be 'none', 'own forecasts' or 'zeros'/,
    );
    assert.throws(() => scipNet({limit: 1}), /argument `limit` must be a finite number > 1/);
  });
});
