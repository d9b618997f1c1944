import * as tf from '@tensorflow/tfjs';
import {handle, record, session, type Handle} from '../../../lib/graph';
import type {Engine} from './engine';
import {timed} from './engines';

/** Rows and columns of a large product. */
const SIZE = 768;

const largeProduct = (threads: number) =>
  session(
    record((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [{shape: [SIZE, SIZE]}, {shape: [SIZE, SIZE]}]),
    {workers: threads},
  );

/** FLOP/s of large single-precision matrix products on one thread, best of ten, counted in processor time. */
export async function matMulRate(): Promise<number> {
  const s = await largeProduct(1), x = handle(new Float32Array(SIZE * SIZE).fill(0.5), [SIZE, SIZE]);
  const best = await bestOfTen(() => s.run([x, x]));
  await s.dispose();
  return (2 * SIZE ** 3) / best;
}

/** The arithmetic of a step as large matrix products, which no program of small ones can be expected to beat; takes its turn among the engines. */
export async function arithmetic(flops: number, threads: number): Promise<Engine> {
  const s = await largeProduct(threads), products = flops / (threads * 2 * SIZE ** 3);
  // A product that gives back its right side, which is the next product's: so its memory is used again, like that of
  // weights in a step.
  const mean = handle(new Float32Array(SIZE * SIZE).fill(1 / SIZE), [SIZE, SIZE]);
  let right: Handle = handle(new Float32Array(SIZE * SIZE).fill(0.5), [SIZE, SIZE]);
  return {
    name: `arithmetic alone, ${threads} thread${threads > 1 ? 's' : ''}`,
    note: `as products of ${SIZE} x ${SIZE} matrices`,
    async time(n) {
      const whole = Math.ceil(n * products), {elapsed, processor} = await timed(async () => {
        for (let i = 0; i < whole; i++) [right] = await s.run([mean, right], {donate: [1]});
      });
      return {elapsed: elapsed * n * products / whole, processor: processor * n * products / whole};
    },
    close: () => s.dispose(),
  };
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
