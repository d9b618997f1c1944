import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {rng} from '../../lib/math/rng';
import {tensors} from '../../lib/nn';
import {initField, observableField} from '../../lib/models/stateSpace/obsnode/field';

describe('the observable normal form (eq. 5)', () => {
  const m = 3, dy = 2, da = 2;
  const params = initField(rng(3), {blocks: m, outcomes: dy, treatments: da}, {hiddenLayers: 2, width: 8});
  const p = tensors(params);
  const f = (z: number[], a: number[]) =>
    Array.from(observableField(p, tf.tensor2d([z]), tf.tensor2d([a]), 'tanh').dataSync());
  const z = [0.1, -0.4, 0.7, 0.2, -0.3, 0.5], a = [0.6, -1];

  it('block i moves by block i + 1 with coefficient one', () => {
    const base = f(z, a);
    for (let k = dy; k < m * dy; k++) {
      const moved = f(z.map((v, j) => j === k ? v + 0.25 : v), a);
      const row = k - dy;
      assert.ok(Math.abs(moved[row] - base[row] - 0.25) < 1e-6, `d f_${row} / d z_${k} is 1`);
    }
  });

  it('block i does not see any later block but i + 1', () => {
    const base = f(z, a);
    for (let k = 2 * dy; k < m * dy; k++) {
      const moved = f(z.map((v, j) => j === k ? v + 1 : v), a);
      for (let row = 0; row < (Math.floor(k / dy) - 1) * dy; row++) assert.equal(moved[row], base[row]);
    }
  });

  it('every block sees the treatment', () => {
    const base = f(z, a), moved = f(z, [0, 1]);
    base.forEach((v, row) => assert.notEqual(moved[row], v));
  });

  it('with one block is a plain neural ODE on the outcomes', () => {
    const single = initField(rng(4), {blocks: 1, outcomes: dy, treatments: da}, {hiddenLayers: 0, width: 1});
    const [layer] = single[0].layers;
    const t = tensors(single);
    const out = observableField(t, tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]]), 'tanh').dataSync();
    assert.ok(Math.abs(out[0] - layer.weight.data[0]) < 1e-6);
  });

  it('refuses zero blocks', () => {
    assert.throws(
      () => initField(rng(1), {blocks: 0, outcomes: 2, treatments: 2}, {hiddenLayers: 1, width: 4}),
      /initField: argument `blocks`/,
    );
  });
});
