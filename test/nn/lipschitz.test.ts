import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {normal, rng} from '../../lib/math';
import {linear, lipschitz} from '../../lib/nn';

const INPUTS = 4, OUTPUTS = 3;

describe('a layer that may not be steep', () => {
  it('moves each output by at most so much for a move of 1, and by that or its own slope for the worst', () => {
    fc.assert(fc.property(fc.nat(), fc.double({min: 0.1, max: 10, noNaN: true}), (seed, most) => {
      const W = Float32Array.from(normal(rng(seed), INPUTS * OUTPUTS, {mean: 0, sd: 1}));
      const bounded = lipschitz({weight: tf.tensor2d(W, [INPUTS, OUTPUTS]), bias: tf.zeros([OUTPUTS])}, most);
      for (let j = 0; j < OUTPUTS; j++) {
        const column = Array.from({length: INPUTS}, (_, i) => W[i * OUTPUTS + j]);
        const own = column.reduce((sum, w) => sum + Math.abs(w), 0);
        // No move of at most 1 in each input does more to output j than this one.
        const moved = linear(bounded, tf.tensor2d([column.map(Math.sign)])).dataSync()[j];
        assert.ok(Math.abs(moved - Math.min(most, own)) < 1e-5 * Math.max(1, most), `${moved}: ${most}, ${own}`);
      }
    }), {numRuns: 30, seed: 1});
  });
});
