import * as tf from '@tensorflow/tfjs';
import {handle, record, session} from '../../../lib/graph';

/**
 * FLOP/s of one large single-precision matrix product on one thread, best of ten: no program of products can be faster.
 * Counted in processor time, which other programs on the machine disturb less.
 */
export async function matMulRate(size = 768): Promise<number> {
  const s = await session(record((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [{shape: [size, size]}, {shape: [size, size]}]));
  const x = handle(new Float32Array(size * size).fill(0.5), [size, size]);
  let best = Infinity;
  for (let i = 0; i < 10; i++) {
    const start = process.cpuUsage();
    await s.run([x, x]);
    const {user, system} = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  await s.dispose();
  return (2 * size ** 3) / (best / 1000);
}
