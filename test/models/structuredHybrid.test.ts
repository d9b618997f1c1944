import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {structuredHybrid, type StructuredHybridOptions} from '../../lib/models';
import {leaves, rebuild, tensors, type Weight} from '../../lib/nn';
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

  it('that replays its history is where the whole plan would have taken it from rest', () => {
    const network = hybrid({start: 'replayed', substeps: 2}), weights = stirred(network);
    // What it reads of a history is left out: all rows have the same constants.
    leaves<Weight>(weights.head).forEach(({value}) => value.data.fill(0));
    const params = tensors(weights);
    const kicks = [0.3, 0, -0.8, 0.5, 0, 0.2], ones = (n: number) => tf.ones<tf.Rank.R2>([1, n]);
    const asked = (seen: number, pad: number) => {
      const L = seen + 1 + pad, along = (of: (k: number) => number) => Array.from({length: L}, (_, k) => of(k));
      const history = {
        time: tf.tensor2d([along(k => Math.min(0, (k - seen) * 0.1))]),
        treatments: tf.tensor3d([along(k => (k < seen ? kicks[k] : 0)).map(v => [v])]),
        outcomes: tf.zeros<tf.Rank.R3>([1, L, 2]), observed: tf.zeros<tf.Rank.R3>([1, L, 2]),
        last: tf.tensor2d([along(k => Number(k === seen))]), statics: tf.tensor2d([[0.4]]),
      };
      const treatments = tf.tensor3d([kicks.slice(seen).map(v => [v])]);
      return values(network.forecast(params, history, {treatments, duration: ones(6 - seen).mul(0.1)}));
    };
    const whole = asked(0, 0);
    for (const pad of [0, 3]) asked(3, pad).forEach((v, k) => assert.ok(Math.abs(v - whole[6 + k]) < 1e-5, `${v}`));
    assert.ok(Math.max(...whole.map(Math.abs)) > 0.05);
  });

  it('refuses what does not fit', () => {
    assert.throws(() => hybrid({width: 0}), /structuredHybrid: argument `width`/);
    assert.throws(() => hybrid({learned: 'all' as never}), /argument `learned`/);
    assert.throws(() => hybrid({timeScale: 0}), /argument `timeScale`/);
    assert.throws(() => hybrid({start: 'guessed' as never}), /argument `start` must be 'measured' or 'replayed'/);
    assert.throws(() => hybrid({substeps: 0}), /argument `substeps`/);
    const other = (change: object) => () => structuredHybrid({...mechanism, ...change});
    assert.throws(other({ranges: [[0, 1]]}), /mechanism.ranges` must be ranges with 0 < low/);
    assert.throws(other({scale: [0, 1]}), /mechanism.scale` must be numbers above 0/);
    const fits = (change: object) => () => hybrid().init(rng(1), {...SHAPE, ...change});
    assert.throws(fits({treatments: 2}), /mechanism.doses` must be 2 numbers/);
    assert.throws(fits({outcomes: 3}), /mechanism.scale` must be of at least 3 states/);
  });
});
