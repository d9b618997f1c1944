import * as tf from '@tensorflow/tfjs';
import {handle, record, session} from '../../../lib/graph';

/**
 * FLOP/s of large single-precision matrix products on so many threads at once, best of ten: no program of products can be faster.
 * Counted in processor time, which other programs on the machine disturb less. Two threads that share one core, as two processors
 * of a virtual machine may, are hardly faster together than one alone.
 */
export async function matMulRate(threads: number, size = 768): Promise<number> {
  const s = await session(record((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [{shape: [size, size]}, {shape: [size, size]}]), {workers: threads});
  const x = handle(new Float32Array(size * size).fill(0.5), [size, size]);
  const best = await bestOfTen(() => s.run([x, x]));
  await s.dispose();
  return (threads * 2 * size ** 3) / (best / threads);
}

/** Processor seconds of one operation on single numbers, in a chain of 2000: what it costs to start an operation at all. */
export async function operationCost(length = 2000): Promise<number> {
  const chain = (x: tf.Tensor, w: tf.Tensor) => Array.from({length}).reduce<tf.Tensor>(y => tf.mul(y, w), x);
  const s = await session(record(chain, [{shape: [1, 1]}, {shape: [1, 1]}]), {provider: 'cpu'});
  const one = handle(Float32Array.of(1), [1, 1]);
  const best = await bestOfTen(() => s.run([one, one]));
  await s.dispose();
  return best / length;
}

/** Processor seconds, the best of ten runs. */
async function bestOfTen(run: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < 10; i++) {
    const start = process.cpuUsage();
    await run();
    const {user, system} = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}
