import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {normal, rng, split} from '../../lib/math';
import {generalObsNode, latentNode} from '../../lib/models';
import {generalField, initGeneralField} from '../../lib/models/stateSpace/generalObsNode/field';
import {tensors} from '../../lib/nn';
import {
  expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager,
} from './wholeNetwork';

const m = 3, da = 2, floor = 0.05;

/** A field with random weights, `loud` times as large as at the start, as a function of one state and treatment. */
function fieldOf(seed: number, dy: number, loud = 6) {
  const sizes = {blocks: m, outcomes: dy, treatments: da};
  const params = initGeneralField(rng(seed), sizes, {hiddenLayers: 1, width: 8, init: 'glorot'});
  const weights = tensors(params.map(({layers}) => ({
    layers: layers.map(layer => ({...layer, weight: {...layer.weight, data: layer.weight.data.map(v => loud * v)}})),
  })));
  const slope = (z: readonly number[], a: readonly number[]) =>
    generalField(weights as never, tf.tensor2d([[...z]]), tf.tensor2d([[...a]]), {activation: 'tanh', floor});
  return (z: readonly number[], a: readonly number[]) => tf.tidy(() => Array.from(slope(z, a).dataSync()));
}

/** What moving component `k` by one does to every slope; the form is linear in the block after each. */
const gain = (f: ReturnType<typeof fieldOf>, z: readonly number[], a: readonly number[], k: number) => {
  const [base, moved] = [f(z, a), f(z.map((v, j) => (j === k ? v + 1 : v)), a)];
  return moved.map((v, row) => v - base[row]);
};

describe('the general observable form', () => {
  for (const dy of [1, 2, 3]) {
    it(`${dy} outcomes: gains are triangular with at least the floor on their diagonal, in 100 random fields`, () => {
      for (let seed = 0; seed < 100; seed++) {
        const [forState, forDose] = split(rng(1000 + seed), 2), f = fieldOf(seed, dy);
        const z = [...normal(forState, m * dy)].map(v => 3 * v), a = [...normal(forDose, da)].map(v => 3 * v);
        for (let k = dy; k < m * dy; k++) {
          const own = gain(f, z, a, k), block = Math.floor(k / dy) - 1, diagonal = block * dy + k % dy;
          assert.ok(own[diagonal] >= floor - 1e-4, `gain ${own[diagonal]} of component ${k}, seed ${seed}`);
          for (let row = 0; row < diagonal; row++) assert.ok(Math.abs(own[row]) < 1e-4, `${row} sees ${k}`);
        }
      }
    });

    it(`${dy} outcomes: the state is worked out from block 1 and the slopes, whatever the treatment`, () => {
      for (let seed = 0; seed < 20; seed++) {
        // Not loud: single precision is amplified by each small gain on the way.
        const [forState, forDose] = split(rng(2000 + seed), 2), f = fieldOf(seed, dy, 1);
        const z = [...normal(forState, m * dy)], a = [...normal(forDose, da)], slopes = f(z, a);
        const known = [...z.slice(0, dy), ...Array<number>((m - 1) * dy).fill(0)];
        // Forward substitution, component by component: what is not known yet is 0 and acts on no slope used so far.
        for (let k = dy; k < m * dy; k++) {
          const row = k - dy, still = f(known, a);
          known[k] = (slopes[row] - still[row]) / gain(f, known, a, k)[row];
        }
        z.forEach((v, k) => assert.ok(Math.abs(known[k] - v) < 1e-3 * (1 + Math.abs(v)), `${k}: ${known[k]}, ${v}`));
      }
    });
  }

  it('a gain is at least the floor even where the network says minus a thousand', () => {
    const params = initGeneralField(rng(1), {blocks: 2, outcomes: 1, treatments: 1}, {
      hiddenLayers: 0, width: 1, init: 'zero',
    });
    const [{layers: [layer]}, last] = params;
    const low = [{layers: [{...layer, bias: {...layer.bias, data: Float32Array.of(0, -1000)}}]}, last];
    const slope = (z2: number) => generalField(tensors(low) as never, tf.tensor2d([[0, z2]]), tf.tensor2d([[0]]), {
      activation: 'tanh', floor,
    }).dataSync()[0];
    assert.ok(Math.abs(slope(1) - slope(0) - floor) < 1e-6, `${slope(1) - slope(0)}`);
  });

  it('starts as form (5): block i moves by block i + 1 with coefficient one', () => {
    const sizes = {blocks: m, outcomes: 2, treatments: da};
    const fresh = tensors(initGeneralField(rng(1), sizes, {hiddenLayers: 1, width: 8, initLast: 'zero'}));
    const z = [0.1, -0.4, 0.7, 0.2, -0.3, 0.5];
    const out = generalField(fresh, tf.tensor2d([z]), tf.tensor2d([[1, -2]]), {activation: 'tanh', floor}).dataSync();
    z.slice(2).concat(0, 0).forEach((v, k) => assert.ok(Math.abs(out[k] - v) < 1e-6));
  });

  it('a treatment can scale how strongly the next block acts, which form (5) excludes', () => {
    const f = fieldOf(3, 1), z = [0.2, 0.4, -0.3];
    const [weak, strong] = [gain(f, z, [-2, 0], 1)[0], gain(f, z, [2, 0], 1)[0]];
    assert.ok(Math.abs(weak - strong) > 0.1, `${weak}, ${strong}`);
  });
});

describe('an ObsNODE in the general form', () => {
  const network = generalObsNode({hidden: 8, width: 8, blocks: 2});

  it('refuses a floor that is none', () => {
    for (const bad of [0, -1, 1, NaN])
      assert.throws(() => generalObsNode({floor: bad}), /generalObsNode: argument `floor` must be in \(0, 1\)/);
    assert.throws(() => generalObsNode({blocks: 0}), /generalObsNode: argument `blocks`/);
    assert.notEqual(network.name, latentNode().name);
  });

  it('trains every weight', () => expectGradientEverywhere(network));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(network));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(network));
});
