import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {record} from '../../lib/graph';
import {gradientReversal, stopGradient} from '../../lib/nn';
import {compiled} from '../graph/compare';

const x = [1, -2, 3], strength = 0.7;
type Through = (x: tf.Tensor, strength: tf.Scalar) => tf.Tensor;
/** Gradient of sum(f(x)^3) with f the identity on the way forward, whose plain gradient is 3 x^2. */
const gradient = (through: Through) => (input: tf.Tensor, alpha: tf.Tensor): tf.Tensor =>
  tf.grad(v => tf.sum(tf.pow(through(v, tf.mul(alpha, 1).asScalar()), 3)))(input);
const close = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expected.forEach((e, i) => assert.ok(Math.abs(actual[i] - e) < 1e-5, `${actual[i]} is not ${e}`));

/** Eager and recorded, the same. */
async function bothWays(through: Through): Promise<ArrayLike<number>> {
  const eager = gradient(through)(tf.tensor1d(x), tf.scalar(strength)).dataSync();
  const program = record(gradient(through), [{shape: [3]}, {shape: []}]);
  const [recorded] = await compiled(program, [Float32Array.from(x), Float32Array.of(strength)]);
  close(recorded, Array.from(eager));
  return eager;
}

describe('gradient tricks', () => {
  it('both leave the value alone', () => {
    close(stopGradient(tf.tensor1d(x)).dataSync(), x);
    close(gradientReversal(tf.tensor1d(x), tf.scalar(strength)).dataSync(), x);
  });

  it('no gradient flows through stopGradient, eager or recorded', async () =>
    close(await bothWays(v => stopGradient(v)), [0, 0, 0]));

  it('stopGradient stops one path and leaves the other: the gradient of (2 x - stop(x))^3 is 6 x^2', async () =>
    close(await bothWays(v => tf.sub(tf.mul(v, 2), stopGradient(v))), x.map(v => 6 * v ** 2)));

  it('reversal multiplies the gradient by exactly -strength, eager or recorded', async () =>
    close(await bothWays(gradientReversal), x.map(v => -strength * 3 * v ** 2)));
});
