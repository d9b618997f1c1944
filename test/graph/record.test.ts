import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {handle, record, RecordingError, session} from '../../lib/graph';
import {compiled, eager, relativeError, sample} from './compare';

const spec = {shape: [2, 3]};

describe('graph: record', () => {
  before(async () => { await tf.setBackend('cpu'); });

  it('leaves the back end and the number of tensors as they were', () => {
    const before = tf.memory().numTensors;
    record(x => tf.tanh(x), [spec]);
    assert.equal(tf.getBackend(), 'cpu');
    assert.equal(tf.memory().numTensors, before);
  });

  it('restores the back end when the recorded function throws', () => {
    assert.throws(() => record(() => { throw new Error('mine'); }, [spec]), /mine/);
    assert.equal(tf.getBackend(), 'cpu');
    assert.equal(record(x => x, [spec]).outputs.length, 1);
  });

  it('names the method, the line and the remedy when a value is read', () => {
    assert.throws(() => record(x => { x.dataSync(); return x; }, [spec]), (error: RecordingError) => {
      assert.match(error.message, /dataSync.*record\.test\.ts:\d+:\d+.*tf\.where/s);
      return error instanceof RecordingError;
    });
  });

  it('names the kernel and the line of an operation that cannot be recorded', () => {
    const convolve = (x: tf.Tensor) => tf.conv1d(x as tf.Tensor3D, tf.ones([2, 1, 1]) as tf.Tensor3D, 1, 'same');
    assert.throws(
      () => record(convolve, [{shape: [1, 5, 1]}]), /Conv2D cannot be recorded, called at .*record\.test\.ts:\d+/,
    );
  });

  it('refuses a tensor that outlived its recording', () => {
    let kept: tf.Tensor | undefined;
    record(x => (kept = tf.keep(tf.tanh(x))), [spec]);
    assert.throws(() => record(x => tf.add(x, kept!), [spec]), /finished recording/);
  });

  it('refuses a function that returns no tensor', () => {
    assert.throws(
      () => record((async (x: tf.Tensor) => x) as never, [spec]), /returns a tensor.*received a Promise.*Async/s,
    );
    assert.throws(() => record((() => undefined) as never, [spec]), /received undefined/);
    assert.equal(tf.getBackend(), 'cpu');
  });

  it('refuses to nest recordings', () => {
    assert.throws(() => record(x => { record(y => y, [spec]); return x; }, [spec]), /nested/);
  });

  it('keeps captured tensors as constants without moving them', async () => {
    const w = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
    const program = record(x => tf.matMul(x as tf.Tensor2D, w), [spec]);
    const x = sample(spec, 1);
    const [y] = await compiled(program, [x]);
    assert.ok(relativeError(y, eager(v => tf.matMul(v as tf.Tensor2D, w), [spec], [x])[0]) < 1e-6);
    assert.deepEqual(Array.from(w.dataSync()), [1, 2, 3, 4, 5, 6]);
    w.dispose();
  });

  it('stores a captured tensor once', () => {
    const w = tf.range(0, 3 * 2000).reshape([3, 2000]) as tf.Tensor2D;
    const program = record(x => tf.add(tf.matMul(x as tf.Tensor2D, w), tf.matMul(x as tf.Tensor2D, w)), [spec]);
    assert.equal([...program.constants.keys()].filter(v => v.shape.length === 2).length, 1);
    w.dispose();
  });

  it('returns inputs, constants and repeated values as outputs of their own', async () => {
    const program = record(x => [x, tf.scalar(2), x, tf.neg(x)], [spec]);
    const x = sample(spec, 2);
    const [a, two, b, c] = await compiled(program, [x]);
    assert.deepEqual([Array.from(a), Array.from(two), Array.from(b)], [Array.from(x), [2], Array.from(x)]);
    assert.deepEqual(Array.from(c), Array.from(x, v => -v));
  });
});

describe('graph: session', () => {
  it('names the input whose shape is wrong', async () => {
    const s = await session(record(x => tf.tanh(x), [{shape: [2, 3], name: 'history'}]));
    await assert.rejects(() => s.run([handle(new Float32Array(4), [2, 2])]), /history.*\[2,3\].*\[2,2\]/s);
    await s.dispose();
  });

  it('refuses to run after dispose', async () => {
    const s = await session(record(x => tf.tanh(x), [spec]));
    await s.dispose();
    await s.dispose();
    await assert.rejects(() => s.run([handle(new Float32Array(6), [2, 3])]), /disposed/);
  });

  it('takes its own outputs as the next inputs', async () => {
    const s = await session(record(x => tf.add(x, 1), [spec]));
    let h = handle(new Float32Array(6), [2, 3]);
    for (let i = 0; i < 5; i++) [h] = await s.run([h]);
    assert.deepEqual(Array.from(h.data), [5, 5, 5, 5, 5, 5]);
    await s.dispose();
  });
});
