import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {
  handle, meanOverWorkers, record, session, toOnnx, type InputSpec, type Provider, type TensorData, type TensorFunction,
} from '../../lib/graph';
import {evaluate} from '../../lib/graph/reference/evaluate';
import {computed} from '../graph/edges';
import {processors} from '../graph/compare';

const f = (...shape: number[]): InputSpec => ({shape});
const i = (...shape: number[]): InputSpec => ({shape, dtype: 'int32'});
const b = (...shape: number[]): InputSpec => ({shape, dtype: 'bool'});

let providers: readonly Provider[] = [];

/** What every engine makes of a function, optimised and not. */
async function byAll(
  fn: TensorFunction, specs: readonly InputSpec[], data: readonly TensorData[],
): Promise<[by: string, outputs: ArrayLike<number>[]][]> {
  const program = record(fn, specs);
  const results: [string, ArrayLike<number>[]][] = [['reference', evaluate(program, data)]];
  for (const provider of providers) for (const optimise of [true, false])
    results.push([`${provider}, optimise: ${optimise}`, await computed(program, data, provider, optimise)]);
  return results;
}

/** Every engine gives these numbers, the same to the last bit. */
const equals = async (
  fn: TensorFunction, specs: readonly InputSpec[], data: readonly TensorData[], expected: readonly number[],
): Promise<void> => compare(await byAll(fn, specs, data), expected, 0);

/** Every engine gives these numbers, to a relative error. */
const near = async (
  fn: TensorFunction, specs: readonly InputSpec[], data: readonly TensorData[],
  {values, error}: {readonly values: readonly number[]; readonly error: number},
): Promise<void> => compare(await byAll(fn, specs, data), values, error);

function compare(
  all: readonly (readonly [by: string, outputs: ArrayLike<number>[]])[], expected: readonly number[], error: number,
): void {
  for (const [by, [actual]] of all) {
    assert.equal(actual.length, expected.length, by);
    expected.forEach((e, k) => assert.ok(
      Object.is(actual[k], e) || Math.abs(actual[k] - e) <= error * Math.abs(e), `${by}: ${actual[k]}, not ${e}`,
    ));
  }
}

/** Every engine refuses to run this; only the engine in C says it when it runs, others may when a constant is folded. */
async function refused(
  fn: TensorFunction, specs: readonly InputSpec[], data: readonly TensorData[], message: RegExp,
): Promise<void> {
  const program = record(fn, specs);
  assert.throws(() => evaluate(program, data), message);
  for (const provider of providers) for (const optimise of [true, false]) await assert.rejects(
    () => computed(program, data, provider, optimise), message, `${provider}, optimise: ${optimise}`,
  );
}

describe('outside: recorded programs', () => {
  before(async () => {
    await tf.setBackend('cpu');
    providers = await processors();
  });

  it('the remainder of the least whole number by -1 is 0, and stops no process', () =>
    equals(
      (x, y) => tf.mod(x, y), [i(3), i(3)], [Int32Array.of(-2147483648, -2147483648, 7), Int32Array.of(-1, 0, 0)],
      [0, 0, 0],
    ));

  it('the quotient of the least whole number by -1 wraps around, and by 0 is 0', () =>
    equals(
      (x, y) => tf.floorDiv(x, y), [i(4), i(4)],
      [Int32Array.of(-2147483648, -2147483648, 16777217, -7), Int32Array.of(-1, 0, 1, 2)],
      [-2147483648, 0, 16777217, -4],
    ));

  it('remainders keep their small digits, on both sides of 0', () => {
    const a = Float32Array.of(0.001, 123.456, -0.25, 5.5, -5.5), c = Float32Array.of(86400, 1e6, 86400, -3, -3);
    return near((x, y) => tf.mod(x, y), [f(5), f(5)], [a, c], {
      values: [a[0], a[1], 86399.75, -0.5, -2.5], error: 1e-7,
    });
  });

  it('floats beyond the whole numbers of 32 bits are cast as JavaScript casts them', () => {
    const x = Float32Array.of(3e9, -3e9, 1e20, NaN, Infinity, -5.9);
    return equals(v => tf.cast(v, 'int32'), [f(6)], [x], Array.from(x, v => v | 0));
  });

  it('the angle of (-1, -0) is -pi, and of (-1, 0) is pi', () =>
    near(
      (y, x) => tf.atan2(y, x), [f(4), f(4)],
      [Float32Array.of(-0, 0, Infinity, -Infinity), Float32Array.of(-1, -1, Infinity, -Infinity)],
      {values: [-Math.PI, Math.PI, Math.PI / 4, -3 * Math.PI / 4], error: 1e-6},
    ));

  it('means and sums of a million equal numbers lose no digits, whichever way they lie', async function () {
    this.timeout(60_000);
    const n = 2 ** 20, x = new Float32Array(2 * n).fill(0.1);
    for (const [by, outputs] of await byAll(v => [
      tf.mean(v.reshape([n, 2]), 0), tf.mean(v.reshape([2, n]), 1), tf.mean(v), tf.mean(v.reshape([n, 2, 1]), [0, 2]),
      tf.mean(v.reshape([2, n / 2, 2]), 1), tf.div(tf.sum(tf.slice(v, 0, 1_000_003)), 1_000_003),
    ], [f(2 * n)], [x]))
      for (const values of outputs)
        for (const v of Array.from(values)) assert.ok(Math.abs(v - 0.1) < 1e-6, `${by}: ${v}`);
  });

  it('booleans can be compared, and have a largest and a least', async () => {
    const data = [Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 1, 0, 1)];
    for (const [fn, expected] of [
      [tf.less, [0, 1, 0, 0]], [tf.greaterEqual, [1, 0, 1, 1]], [tf.maximum, [0, 1, 1, 1]], [tf.minimum, [0, 0, 0, 1]],
    ] as const)
      await equals((x, y) => fn(x, y), [b(4), b(4)], data, expected);
    for (const [fn, expected] of [
      [tf.max, [1, 1]], [tf.min, [0, 1]], [tf.argMax, [1, 0]], [tf.argMin, [0, 0]],
    ] as const)
      await equals(x => fn(x, 1), [b(2, 2)], [Uint8Array.of(0, 1, 1, 1)], expected);
    await equals(x => tf.pad(x, [[1, 1]], 1), [b(2)], [Uint8Array.of(0, 0)], [1, 0, 0, 1]);
    await equals(x => tf.cumsum(x), [b(4)], [Uint8Array.of(1, 1, 0, 1)], [1, 2, 2, 3]);
  });

  it('a NaN is the largest and the least of what it is among', () =>
    equals(x => tf.concat([tf.max(x, 1), tf.min(x, 1)]), [f(2, 2)], [Float32Array.of(1, NaN, 3, 4)], [NaN, 4, NaN, 3]));

  it('an index outside its axis is refused by every engine, a negative one as well, whatever the batch', async () => {
    const outside = /outside its axis|out of data bounds|indice|index/i, x = Float32Array.of(1, 2, 3, 4, 5, 6);
    for (const k of [-1, 3]) {
      await refused((v, at) => tf.gather(v, at), [f(3, 2), i(2)], [x, Int32Array.of(0, k)], outside);
      await refused((v, at) => tf.gatherND(v, at), [f(3, 2), i(1, 1)], [x, Int32Array.of(k)], outside);
      await refused(
        (v, at) => tf.scatterND(at, v, [3, 2]), [f(1, 2), i(1, 1)], [x.subarray(0, 2), Int32Array.of(k)], outside,
      );
      await refused((v, at) => tf.gather(v, at, 1, 1), [f(2, 3), i(2, 1)], [x, Int32Array.of(k, 1)], outside);
      await refused(v => tf.gather(v, tf.tensor1d([0, k], 'int32')), [f(3, 2)], [x], outside);
    }
  });

  it('rows of no segment are left out of the sums', () =>
    equals(
      (v, at) => tf.unsortedSegmentSum(v, at as tf.Tensor1D, 2), [f(4, 1), i(4)],
      [Float32Array.of(1, 2, 4, 8), Int32Array.of(-1, 0, 2, 1)], [2, 8],
    ));

  it('what no output needs may be there, optimised or not', () =>
    equals(x => {
      tf.exp(x);
      tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D);
      tf.split(tf.sum(x, 0), 2);
      return tf.neg(x);
    }, [f(2, 2)], [Float32Array.of(1, 2, 3, 4)], [-1, -2, -3, -4]));

  it('a sum of one repeated whole number is a whole number', () =>
    equals(x => tf.add(x, tf.sum(tf.fill([3], 7, 'int32'))), [i(1)], [Int32Array.of(1)], [22]));

  it('factors that are too large or too small together stay apart', async () => {
    await near(x => tf.mul(tf.mul(x, 1e30), 1e30), [f(2)], [Float32Array.of(0, 1e-30)], {
      values: [0, 1e30], error: 1e-6,
    });
    await equals(x => tf.div(x, 2 ** 127), [f(1)], [Float32Array.of(2 ** 127)], [1]);
    await equals(
      (x, y) => tf.mul(tf.mul(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D), 1e30), 1e30), [f(1, 1), f(1, 1)],
      [Float32Array.of(0), Float32Array.of(0)], [0],
    );
  });

  it('constants 0 and -0 are two constants', () =>
    equals(
      x => tf.concat([tf.div(x, tf.tensor1d([0, 1])), tf.div(x, tf.tensor1d([-0, 1]))]), [f(2)],
      [Float32Array.of(1, 1)], [Infinity, 1, -Infinity, 1],
    ));

  it('sums over no axis, and over every other one of ten, are right', async () => {
    const shape = Array<number>(10).fill(2), x = Float32Array.from({length: 1024}, (_, k) => k % 7);
    await equals(v => tf.sum(v, []), [f(3)], [Float32Array.of(1, 2, 3)], [1, 2, 3]);
    const total = Array.from({length: 32}, (_, at) => x.reduce(
      (sum, v, k) => ([0, 1, 2, 3, 4].every(bit => ((k >> (2 * bit)) & 1) === ((at >> bit) & 1)) ? sum + v : sum), 0,
    ));
    await equals(v => tf.sum(v.reshape(shape), [0, 2, 4, 6, 8]).reshape([32]), [f(1024)], [x], total);
  });

  it('places of donated inputs must be places of inputs', async () => {
    for (const provider of providers) {
      const s = await session(record(x => tf.neg(x), [f(1)]), {provider});
      for (const donate of [[7], [-1], [0.5], [NaN]]) await assert.rejects(
        () => s.run([handle(Float32Array.of(1), [1])], {donate}), /options\.donate.*from 0 to 0.*received/,
        `${provider}: ${donate[0]}`,
      );
      assert.equal((await s.run([handle(Float32Array.of(1), [1])], {donate: [0]}))[0].data[0], -1);
      await s.dispose();
    }
  });

  it('names that are made up are none that was given', async () => {
    const data = [Float32Array.of(1), Float32Array.of(2)];
    await equals((x, y) => tf.sub(x, y), [f(1), {...f(1), name: 'in0'}], data, [-1]);
    await equals((x, y) => tf.sub(x, y), [{...f(1), name: 'out0'}, {...f(1), name: 'in1'}], data, [-1]);
    assert.throws(() => toOnnx(record(x => tf.neg(x), [{...f(1), name: ''}])), /not empty/);
    const program = record((x, y) => tf.add(meanOverWorkers(tf.add(x, y)), y), [
      {...f(1), name: 'x0'}, {...f(1), name: 'x1'},
    ]);
    for (const provider of providers) {
      const s = await session(program, {provider, workers: 2, shard: ['x1']});
      assert.equal(
        (await (await s.run([handle(data[0], [1]), handle(Float32Array.of(2, 4), [2])]))[0].read())[0], 6, provider,
      );
      await s.dispose();
    }
  });

  it('arguments that are no whole numbers in their range are refused by name', async () => {
    const program = record(x => tf.neg(x), [{...f(), name: 'x'}]);
    for (const workers of [0, 1.5, 300, NaN])
      await assert.rejects(() => session(program, {workers}), /options\.workers.*from 1 to 256/);
    await assert.rejects(() => session(program, {workers: 2, shard: ['x']}), /options\.shard.*axis to cut/);
    assert.throws(() => record(x => x, [{shape: [1.5]}]), /examples/);
    assert.throws(() => record(x => x, [{shape: [1], dtype: 'float64' as 'float32'}]), /float32, int32, bool.*float64/);
    assert.throws(() => handle(Float32Array.of(1), [1], 'int32'), /a Int32Array for int32/);
    assert.throws(() => handle(new Float32Array(6), [-2, -3]), /whole numbers >= 0/);
  });
});
