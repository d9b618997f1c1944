import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {meanOverWorkers, programCosts, record, session} from '../../lib/graph';
import {compiledModels} from '../../lib/graph/onnx/onnxRuntime';
import {cutIntoStages} from '../../lib/graph/onnx/stages';

const dense = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
  tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b));
const specs = [{shape: [64, 128], name: 'x'}, {shape: [128, 32], name: 'w'}, {shape: [32], name: 'b'}];

describe('graph: program', () => {
  before(async () => { await tf.setBackend('cpu'); });

  it('costs count two operations a multiply-add and every byte read or written', () => {
    const [product] = programCosts(record(dense, specs));
    assert.deepEqual(product, {
      op: 'MatMul', nodes: 1, flops: 2 * 64 * 128 * 32, bytes: 4 * (64 * 128 + 128 * 32 + 64 * 32),
    });
  });

  it('costs of a transposed product are those of the product', () => {
    const transposed = record((x, w) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, true, true), [
      {shape: [128, 64]}, {shape: [32, 128]},
    ]);
    assert.equal(programCosts(transposed)[0].flops, 2 * 64 * 128 * 32);
  });

  it('tells how much of what it computes is needed at the same time: values go after their last use', () => {
    const chain = record(x => tf.tanh(tf.tanh(tf.tanh(x))), [{shape: [100]}]), kept = record(x => {
      const [a, b] = [tf.tanh(x), tf.sin(x)];
      return tf.add(tf.mul(a, b), tf.sub(a, b));
    }, [{shape: [100]}]);
    assert.equal(chain.peakBytes, 2 * 400);
    assert.equal(kept.peakBytes, 4 * 400);
  });

  it('summary is a table with one line an operation and a total', () => {
    const lines = record(dense, specs).summary().split('\n');
    assert.match(lines[0], /^3 inputs, 1 outputs/);
    assert.deepEqual(lines.slice(2).map(line => line.split(/\s+/)[0]), ['MatMul', 'Add', 'Tanh', 'total']);
    assert.match(lines.at(-1)!, /^total\s+3\s+0\.528/);
  });

  it('is cut at exchanges, and work that needs no exchange waits for the stage that uses it', () => {
    const {stages} = cutIntoStages(record((x, m) => {
      const total = meanOverWorkers(tf.sum(x));
      return tf.add(tf.mul(m, 0.9), total);
    }, [{shape: [4], name: 'x'}, {shape: [4], name: 'm'}]));
    assert.deepEqual(stages.map(s => s.program.nodes.map(n => n.op)), [['ReduceSum'], ['Mul', 'Add']]);
    assert.deepEqual(stages.map(s => s.program.inputs.map(v => v.name)), [['x'], ['m', stages[0].exchanges[0].to]]);
  });

  it('equal programs share one compiled model, which the last session frees', async () => {
    const before = compiledModels();
    const [a, b] = await Promise.all([
      session(record(dense, specs), {provider: 'cpu'}), session(record(dense, specs), {provider: 'cpu'}),
    ]);
    assert.equal(compiledModels(), before + 1);
    await a.dispose();
    assert.equal(compiledModels(), before + 1);
    await b.dispose();
    assert.equal(compiledModels(), before);
  });
});
