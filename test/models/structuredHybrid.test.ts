import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {structuredHybrid, type StructuredHybridOptions} from '../../lib/models';
import {leaves, rebuild, tensors} from '../../lib/nn';
import {rng} from '../../lib/math';
import {kickedMechanism} from '../../lib/studies/pendulum';
import {
  exampleBatch, expectGradientEverywhere, expectRecordedEqualsEager, lossOf, SHAPE, stirred,
} from './wholeNetwork';

const mechanism = kickedMechanism(), small = {hidden: 6, width: 8} as const;
const hybrid = (options: StructuredHybridOptions = {}) => structuredHybrid(mechanism, {...small, ...options});
const values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('A structured hybrid', () => {
  it('trains every weight', () => expectGradientEverywhere(hybrid({fitsShared: true})));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(hybrid({fitsShared: true})));

  it('begins at its mechanism', () => {
    const {history, plan} = exampleBatch(), told = (['split', 'whole', 'related', 'none'] as const).map(learned => {
      const network = hybrid({learned});
      return values(network.forecast(tensors(network.init(rng(1), SHAPE)), history, plan));
    });
    for (const other of told) assert.deepEqual(other, told[0]);
    assert.ok(told[0].every(Number.isFinite));
  });

  it('does nothing by its treatment part where nothing is given, and something where something is', () => {
    const weights = stirred(hybrid()), {history, plan} = exampleBatch();
    const never = {...plan, treatments: tf.zerosLike(plan.treatments)};
    const told = (learned: 'related' | 'none', what: typeof plan) =>
      values(hybrid({learned}).forecast(tensors(weights), history, what));
    assert.deepEqual(told('related', never), told('none', never));
    assert.notDeepEqual(told('related', plan), told('none', plan));
  });

  it('frozen, gives its encoder no gradient, and its corrections one', () => {
    const network = hybrid({encoder: 'frozen'}), weights = tensors(stirred(network)), all = leaves<tf.Tensor>(weights);
    const gradients = tf.grads((...given: tf.Tensor[]) =>
      lossOf(network, rebuild(weights, given) as never))(all.map(({value}) => value));
    const largest = (part: string) => Math.max(...gradients.flatMap((g, i) =>
      (all[i].path.startsWith(part) ? [values(tf.max(tf.abs(g)))[0]] : [])));
    for (const part of ['encoder', 'head', 'shared']) assert.equal(largest(part), 0, part);
    for (const part of ['unrelated', 'related']) assert.ok(largest(part) > 0, part);
  });

  it('refuses what does not fit', () => {
    assert.throws(() => hybrid({width: 0}), /structuredHybrid: argument `width`/);
    assert.throws(() => hybrid({learned: 'all' as never}), /argument `learned`/);
    assert.throws(() => hybrid({timeScale: 0}), /argument `timeScale`/);
    const other = (change: object) => () => structuredHybrid({...mechanism, ...change});
    assert.throws(other({ranges: [[0, 1]]}), /mechanism.ranges` must be ranges with 0 < low/);
    assert.throws(other({scale: [0, 1]}), /mechanism.scale` must be numbers above 0/);
    const fits = (change: object) => () => hybrid().init(rng(1), {...SHAPE, ...change});
    assert.throws(fits({treatments: 2}), /mechanism.doses` must be 2 numbers/);
    assert.throws(fits({outcomes: 3}), /mechanism.scale` must be of at least 3 states/);
  });
});
