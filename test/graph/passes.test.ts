import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {optimise, record, type InputSpec, type Program, type TensorFunction} from '../../lib/graph';
import {evaluate} from '../../lib/graph/reference/evaluate';
import {batchSums} from '../../lib/graph/passes/batchSums';
import {expandSlopes} from '../../lib/graph/passes/expandSlopes';
import {foldConstants} from '../../lib/graph/passes/foldConstants';
import {fuseGemm} from '../../lib/graph/passes/fuseGemm';
import {narrowSplits} from '../../lib/graph/onnx/narrowSplits';
import {removeDeadCode} from '../../lib/graph/passes/removeDeadCode';
import type {Pass} from '../../lib/graph/passes/rewrite';
import {shareCommon} from '../../lib/graph/passes/shareCommon';
import {simplify} from '../../lib/graph/passes/simplify';
import {singleWorker} from '../../lib/graph/onnx/singleWorker';
import {meanOverWorkers} from '../../lib/graph';
import {relativeError, sample, withGradients} from './compare';

const x: InputSpec = {shape: [4, 3]}, w: InputSpec = {shape: [3, 5]}, b: InputSpec = {shape: [5]};

/** Applies a pass, asserts that values stay the same in double precision, and returns the ops that are left. */
function opsAfter(pass: Pass, fn: TensorFunction, specs: readonly InputSpec[]): string[] {
  const before = record(fn, specs), after = pass(before);
  assertSame(before, after, specs);
  return removeDeadCode(after).nodes.map(n => n.op);
}

function assertSame(before: Program, after: Program, specs: readonly InputSpec[], tolerance = 1e-7) {
  const data = specs.map((spec, i) => sample(spec, i, 0.1, 1));
  const [expected, actual] = [evaluate(before, data), evaluate(after, data)];
  // Constants are stored as float32, so folding them may round.
  expected.forEach((e, i) =>
    assert.ok(relativeError(actual[i], e) < tolerance, `output ${i} changed by ${relativeError(actual[i], e)}`));
}

describe('graph: passes', () => {
  before(async () => { await tf.setBackend('cpu'); });

  const nothing: [string, TensorFunction][] = [
    ['x * 1', v => tf.mul(v, 1)], ['1 * x', v => tf.mul(1, v)], ['x + 0', v => tf.add(v, 0)],
    ['x - 0', v => tf.sub(v, 0)], ['x / 1', v => tf.div(v, 1)],
    ['x * ones', v => tf.mul(v, tf.onesLike(v))], ['x ** 1', v => tf.pow(v, 1)], ['--x', v => tf.neg(tf.neg(v))],
    ['a cast to the same type', v => tf.cast(v, 'float32')],
    ['a reshape there and back', v => tf.reshape(tf.reshape(v, [12]), [4, 3])],
    ['a transpose there and back', v => tf.transpose(tf.transpose(v))],
    ['a whole slice', v => tf.slice(v, [0, 0], [4, 3])], ['no padding', v => tf.pad(v, [[0, 0], [0, 0]])],
    ['a split that is joined again', v => tf.concat(tf.split(v, 3, 1), 1)], ['a tile of one', v => tf.tile(v, [1, 1])],
    ['a broadcast to itself', v => tf.broadcastTo(v, [4, 3])],
  ];
  for (const [name, fn] of nothing)
    it(`simplify removes ${name}`, () => assert.deepEqual(opsAfter(simplify, fn, [x]), []));

  const cheaper: [string, TensorFunction, string[]][] = [
    ['x + (-y) into a difference', v => tf.add(v, tf.neg(tf.exp(v))), ['Exp', 'Sub']],
    ['0 - x into a negation', v => tf.sub(tf.zerosLike(v), v), ['Neg']],
    ['two scalings into one', v => tf.mul(tf.mul(v, 3), 5), ['Mul']],
    ['a division by four into a product', v => tf.div(v, 4), ['Mul']],
    ['a square written as a power', v => tf.pow(v, 2), ['Mul']],
    ['two reshapes into one', v => tf.reshape(tf.reshape(v, [12]), [2, 6]), ['Reshape']],
    [
      'two transposes into one', v => tf.transpose(tf.transpose(tf.reshape(v, [2, 2, 3]), [1, 2, 0]), [1, 2, 0]),
      ['Reshape', 'Transpose'],
    ],
    ['a product with an expanded factor', (v, s) => tf.mul(v, tf.broadcastTo(s, [4, 3])), ['Mul']],
    ['a sum over axes of size one', v => tf.sum(tf.reshape(v, [4, 1, 3]), 1), []],
  ];
  for (const [name, fn, expected] of cheaper) it(`simplify turns ${name}`, () =>
    assert.deepEqual(opsAfter(simplify, fn, [x, {shape: [4, 1]}].slice(0, fn.length)), expected));

  it('narrowSplits takes slices where a shader would have to write too many parts, whatever their sizes', () => {
    const parts = (sizes: number[], axis: number): TensorFunction =>
      v => tf.split(v, sizes, axis).map(part => tf.exp(part));
    const ops = opsAfter(narrowSplits, parts([1, 2, 1, 1, 3, 1, 1, 2], 1), [{shape: [2, 12]}]);
    assert.deepEqual([ops.filter(op => op === 'Slice').length, ops.filter(op => op === 'Split').length], [8, 0]);
    assert.ok(opsAfter(narrowSplits, parts([1, 2, 1, 1, 3, 1, 1], 0), [{shape: [10, 2]}]).includes('Split'));
  });

  it('foldConstants computes what depends on constants alone', () => {
    assert.deepEqual(opsAfter(foldConstants, v => tf.mul(v, tf.exp(tf.add(tf.tensor1d([1, 2, 3]), 1))), [x]), ['Mul']);
  });

  it('shareCommon computes equal expressions once', () => {
    assert.deepEqual(opsAfter(shareCommon, v => [tf.add(tf.exp(v), tf.tanh(tf.exp(v)))], [x]), ['Exp', 'Tanh', 'Add']);
  });

  it('shareCommon keeps nodes apart whose attributes differ', () => {
    assert.deepEqual(opsAfter(shareCommon, v => [tf.sum(v, 0), tf.sum(v, 1), tf.sum(v, 0)], [x]), [
      'ReduceSum', 'ReduceSum',
    ]);
  });

  it('removeDeadCode drops what no output needs and keeps all inputs', () => {
    const program = removeDeadCode(record((v, u) => { tf.exp(u); return tf.tanh(v); }, [x, x]));
    assert.deepEqual(program.nodes.map(n => n.op), ['Tanh']);
    assert.equal(program.inputs.length, 2);
  });

  it('fuseGemm joins product and bias, and keeps transpositions as flags', () => {
    assert.deepEqual(
      opsAfter(fuseGemm, (v, m, c) => tf.add(tf.matMul(v as tf.Tensor2D, m as tf.Tensor2D), c), [x, w, b]), ['Gemm'],
    );
    assert.deepEqual(opsAfter(
      fuseGemm, (v, m, c) => tf.add(c, tf.matMul(v as tf.Tensor2D, m as tf.Tensor2D, true, true)),
      [{shape: [3, 4]}, {shape: [5, 3]}, b],
    ), ['Gemm']);
  });

  it('fuseGemm turns a constant factor into alpha', () => {
    assert.deepEqual(opsAfter(fuseGemm, (v, m) => tf.mul(tf.matMul(v as tf.Tensor2D, m as tf.Tensor2D), 0.3), [x, w]), [
      'Gemm',
    ]);
  });

  it('fuseGemm leaves a product alone that is used twice', () => {
    const fn: TensorFunction = (v, m, c) => {
      const p = tf.matMul(v as tf.Tensor2D, m as tf.Tensor2D);
      return [tf.add(p, c), p];
    };
    assert.deepEqual(opsAfter(fuseGemm, fn, [x, w, b]), ['MatMul', 'Add']);
  });

  it('batchSums makes one weight-gradient product of a layer that is used at every step', () => {
    const unrolled = withGradients((v, m, c) => {
      let h: tf.Tensor = v;
      for (let k = 0; k < 6; k++) h = tf.tanh(tf.add(tf.matMul(h as tf.Tensor2D, m as tf.Tensor2D), c));
      return h;
    });
    const specs = [{shape: [4, 3]}, {shape: [3, 3]}, {shape: [3]}];
    const program = removeDeadCode(simplify(record(unrolled, specs))), batched = removeDeadCode(batchSums(program));
    assertSame(program, batched, specs);
    const products = (p: Program) => p.nodes.filter(n => n.op === 'MatMul' && n.attributes.transA === 1).length;
    assert.deepEqual([products(program), products(batched)], [6, 1]);
    const rowSums = (p: Program) =>
      p.nodes.filter(n => n.op === 'ReduceSum' && n.outputs[0].shape.join() === '3').length;
    assert.deepEqual([rowSums(program), rowSums(batched)], [6, 1]);
  });

  it('expandSlopes makes every operation of the gradient of tanh wait for the gradient above it', () => {
    const slope: TensorFunction = (g, y) => tf.mul(g, tf.sub(1, tf.square(y)));
    assert.deepEqual(opsAfter(expandSlopes, slope, [x, x]), ['Mul', 'Mul', 'Sub']);
    assert.deepEqual(opsAfter(expandSlopes, (g, y) => slope(y, g), [x, x]), ['Mul', 'Mul', 'Sub']);
  });

  it('expandSlopes leaves a slope alone that is used twice, or broadcast', () => {
    const twice: TensorFunction = (g, y) => { const s = tf.sub(1, tf.square(y)); return [tf.mul(g, s), tf.exp(s)]; };
    assert.deepEqual(opsAfter(expandSlopes, twice, [x, x]), ['Mul', 'Sub', 'Mul', 'Exp']);
    assert.deepEqual(opsAfter(expandSlopes, (g, y) => tf.mul(g, tf.sub(1, tf.square(y))), [x, {shape: [3]}]), [
      'Mul', 'Sub', 'Mul',
    ]);
  });

  it('singleWorker drops exchanges', () => {
    assert.deepEqual(opsAfter(singleWorker, v => meanOverWorkers(tf.exp(v)), [x]), ['Exp']);
  });

  it('the whole pipeline keeps the values of random programs with their gradients', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(), fc.nat()), {minLength: 2, maxLength: 14}), choices => {
        const fn = withGradients((...inputs) => {
          const pool = [...inputs];
          for (const [op, i, j] of choices) pool.push(steps[op](pool[i % pool.length], pool[j % pool.length]));
          return pool.reduce((sum, t) => tf.add(sum, t));
        });
        const specs = [{shape: [3, 3]}, {shape: [3, 3]}];
        const program = record(fn, specs);
        assertSame(program, optimise(program), specs, 1e-6);
      },
    ), {numRuns: 60, seed: 5});
  });
});

type T2 = tf.Tensor2D;

/** Pieces of random programs: all map 3 x 3 matrices to a bounded 3 x 3 matrix. */
const steps: readonly ((p: tf.Tensor, q: tf.Tensor) => tf.Tensor)[] = [
  (p, q) => tf.add(p, q), (p, q) => tf.tanh(tf.sub(p, q)), (p, q) => tf.tanh(tf.mul(p, q)), p => tf.sigmoid(p),
  p => tf.mul(tf.sin(p), 1),
  (p, q) => tf.tanh(tf.matMul(p as T2, q as T2)), (p, q) => tf.tanh(tf.matMul(p as T2, q as T2, true, false)),
  (p, q) => tf.tanh(tf.add(tf.matMul(p as T2, p as T2, false, true), tf.sum(q, 0))),
  p => tf.transpose(p), p => tf.concat(tf.split(p, 3, 1).reverse(), 1),
  (p, q) => tf.concat([tf.slice(p, [0, 0], [1, 3]), tf.slice(q, [1, 0], [2, 3])], 0),
  p => tf.sub(p, tf.mean(p, 1, true)), p => tf.softmax(p), p => tf.neg(tf.cos(p)), p => tf.mul(tf.relu(p), 0.5),
  p => tf.stack(tf.unstack(tf.sigmoid(p), 1), 0),
  p => tf.reshape(tf.tanh(tf.reshape(p, [9])), [3, 3]), p => tf.broadcastTo(tf.mean(p), [3, 3]),
];
