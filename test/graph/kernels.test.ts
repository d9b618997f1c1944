import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {record, type InputSpec, type TensorFunction} from '../../lib/graph';
import {evaluate} from '../../lib/graph/reference/evaluate';
import {compiled, eager, processors, relativeError, sample, withGradients} from './compare';

type Case = readonly [name: string, fn: TensorFunction, specs: readonly InputSpec[], range?: readonly [number, number]];
const f = (...shape: number[]): InputSpec => ({shape});
const i = (...shape: number[]): InputSpec => ({shape, dtype: 'int32'});
const bool = (...shape: number[]): InputSpec => ({shape, dtype: 'bool'});
const x = f(3, 5);

/** Differentiable operations: forward and gradient are compared. */
const smooth: Case[] = [
  ...([
    'abs', 'neg', 'exp', 'expm1', 'square', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'asinh',
    'atanh', 'tanh', 'sigmoid', 'softplus', 'relu', 'elu', 'selu', 'relu6', 'leakyRelu', 'erf', 'softmax', 'logSoftmax',
    'sum', 'mean', 'max', 'min',
  ] as const)
    .map((name): Case => [name, v => (tf[name] as (v: tf.Tensor) => tf.Tensor)(v), [x], [-0.9, 0.9]]),
  ...(['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal'] as const).map((name): Case =>
    [name, v => tf[name](v), [x], [0.2, 3]]),
  ...(['add', 'sub', 'mul'] as const).map((name): Case =>
    [`${name}, broadcast`, (a, b) => tf[name](a, b), [f(3, 5), f(5)]]),
  ...(['maximum', 'minimum', 'squaredDifference'] as const).map((name): Case =>
    [name, (a, b) => tf[name](a, b), [x, x]]),
  ['acosh', v => tf.acosh(v), [x], [1.2, 3]],
  ['div, broadcast', (a, b) => tf.div(a, b), [f(3, 1), f(1, 5)], [0.5, 2]],
  ['pow', (a, b) => tf.pow(a, b), [x, f(5)], [0.3, 2]],
  ['mod', (a, b) => tf.mod(a, b), [x, f(3, 5)], [0.3, 2]],
  ['atan2', (a, b) => tf.atan2(a, b), [x, x]],
  ['clipByValue', v => tf.clipByValue(v, -0.5, 0.25), [x]],
  ['prelu', (v, a) => tf.prelu(v, a), [x, f(5)]],
  ['step times x', v => tf.mul(tf.step(v), v), [x]],
  ['sign times x', v => tf.mul(tf.sign(v), v), [x]],
  ['swish', v => tf.mul(v, tf.sigmoid(v)), [x]],
  ['sum over an axis, kept', v => tf.sum(v, 0, true), [x]],
  ['mean over two axes', v => tf.mean(v, [0, 2]), [f(2, 3, 4)]],
  ['max over an axis', v => tf.max(v, 1), [x]],
  ['min over an axis', v => tf.min(v, -1), [x]],
  ['prod over an axis', v => tf.prod(v, 1), [x], [0.5, 2]],
  ['logSumExp', v => tf.logSumExp(v, 1), [x]],
  ['moments', v => {
    const {mean, variance} = tf.moments(v, -1, true);
    return tf.div(tf.sub(v, mean), tf.sqrt(tf.add(variance, 1e-3)));
  }, [x]],
  ['norm', v => tf.norm(v, 2), [x]],
  ['cumsum', v => tf.cumsum(v, 1), [x]],
  ['matMul', (a, b) => tf.matMul(a, b), [f(3, 4), f(4, 5)]],
  ['matMul, both transposed', (a, b) => tf.matMul(a, b, true, true), [f(4, 3), f(5, 4)]],
  ['matMul, batched', (a, b) => tf.matMul(a, b), [f(2, 3, 4), f(2, 4, 5)]],
  ['matMul, batched with second transposed', (a, b) => tf.matMul(a, b, false, true), [f(2, 3, 4), f(2, 5, 4)]],
  ['dot', (a, b) => tf.dot(a, b), [f(4), f(4)]],
  [
    'fused matMul',
    (a, b, c) => tf.fused.matMul({a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: c, activation: 'relu'}),
    [f(3, 4), f(4, 5), f(5)],
  ],
  ['transpose', v => tf.transpose(v, [2, 0, 1]), [f(2, 3, 4)]],
  ['reshape, expandDims, squeeze', v => tf.squeeze(tf.expandDims(tf.reshape(v, [5, 3]), 1), [1]), [x]],
  ['concat', (a, b) => tf.square(tf.concat([a, b], 1)), [x, f(3, 2)]],
  [
    'stack and unstack',
    (a, b) => tf.mul(...(tf.unstack(tf.stack([a, b], 1), 0).slice(0, 2) as [tf.Tensor, tf.Tensor])), [x, x],
  ],
  [
    'split, unequal',
    v => tf.mul(...(tf.split(v, [2, 1, 2], 1).filter(t => t.shape[1] === 2) as [tf.Tensor, tf.Tensor])), [x],
  ],
  ['slice', v => tf.square(tf.slice(v, [1, 2], [2, -1])), [x]],
  ['pad', v => tf.exp(tf.pad(v, [[1, 0], [2, 1]], 0.5)), [x]],
  ['tile', v => tf.square(tf.tile(v, [2, 3])), [x]],
  ['broadcastTo', v => tf.square(tf.broadcastTo(v, [4, 3, 5])), [f(3, 1)]],
  ['reverse', v => tf.mul(tf.reverse(v, 1), v), [x]],
  ['gather', v => tf.square(tf.gather(v, tf.tensor1d([2, 0, 2], 'int32'))), [x]],
  ['gather along axis 1', v => tf.square(tf.gather(v, tf.tensor1d([4, 0, 4, 1], 'int32'), 1)), [x]],
  [
    'masked mean squared error',
    (p, y, m) => { const w = tf.step(m); return tf.div(tf.sum(tf.mul(tf.squaredDifference(p, y), w)), tf.sum(w)); },
    [x, x, x], [-0.5, 1],
  ],
  ['huber loss', (p, y) => tf.losses.huberLoss(p, y), [x, x]],
  ['sigmoid cross-entropy', (p, y) => tf.losses.sigmoidCrossEntropy(y, p), [x, x], [0, 1]],
  ['softmax cross-entropy', (p, y) => tf.losses.softmaxCrossEntropy(y, p), [x, x], [0, 1]],
  ['addN', (a, b, c) => tf.square(tf.addN([a, b, c])), [x, x, x]],
  ['einsum as matMul and transpose', (a, b) => tf.sum(tf.mul(a.expandDims(2), b.expandDims(0)), 1), [f(3, 4), f(4, 5)]],
];

/** Operations that TensorFlow.js has no (or no correct) gradient for, or on whole numbers and booleans. */
const discrete: Case[] = [
  ['divNoNan', (a, b) => tf.divNoNan(a, b), [x, x], [0.5, 2]],
  ['where with comparison', (a, b) => tf.where(tf.greater(a, b), tf.square(a), tf.exp(b)), [x, x]],
  ['cumsum, exclusive and reverse', v => tf.cumsum(v, 0, true, true), [x]],
  ['stridedSlice', v => tf.stridedSlice(v, [0, 4], [3, 0], [2, -2]), [x]],
  ['gatherND', v => tf.square(tf.gatherND(v, tf.tensor2d([[0, 1], [2, 3]], [2, 2], 'int32'))), [x]],
  ...(['maximum', 'minimum', 'squaredDifference'] as const).map((name): Case =>
    [`${name}, broadcast`, (a, b) => tf[name](a, b), [f(3, 5), f(5)]]),
  ...([
    'floor', 'ceil', 'round', 'sign', 'isNaN', 'isInf', 'isFinite', 'zerosLike', 'onesLike', 'argMax', 'argMin',
  ] as const).map((name): Case => [name, v => (tf[name] as (v: tf.Tensor) => tf.Tensor)(v), [x], [-3, 3]]),
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const).map((name): Case =>
    [`${name} on int32`, (a, b) => tf[name](a, b), [i(3, 5), i(5)], [0, 3]]),
  ...(['add', 'sub', 'mul', 'maximum', 'minimum', 'floorDiv', 'div', 'mod'] as const).map((name): Case =>
    [`${name} on int32`, (a, b) => tf[name](a, b), [i(3, 5), i(5)], [1, 9]]),
  ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const).map((name): Case =>
    [name, (a, b) => tf[name](a, b), [bool(3, 5), bool(3, 5)]]),
  ['logicalNot', a => tf.logicalNot(a), [bool(3, 5)]],
  ['all and any', a => [tf.all(a, 1), tf.any(a, 0)], [bool(3, 5)]],
  ['where on booleans', (c, a, b) => tf.where(c, a, b), [bool(3, 5), bool(3, 5), bool(3, 5)]],
  ['mod of negatives', (a, b) => tf.mod(a, b), [x, f(3, 5)], [-3, 3]],
  ['cast both ways', a => [tf.cast(a, 'int32'), tf.cast(tf.cast(a, 'bool'), 'float32')], [x], [-3, 3]],
  ['sum of booleans', a => tf.sum(a, 1), [bool(3, 5)]],
  ['mean of int32', a => tf.mean(a, 1), [i(3, 5)], [0, 9]],
  ['oneHot', a => tf.oneHot(a, 4), [i(3, 5)], [0, 4]],
  ['gather with given indices', (v, k) => tf.gather(v, k, 1), [x, i(4)], [0, 5]],
  ['gather with batch dimensions', (v, k) => tf.gather(v, k, 1, 1), [f(3, 5, 2), i(3, 2)], [0, 5]],
  ['unsortedSegmentSum', (v, k) => tf.unsortedSegmentSum(v, k as tf.Tensor1D, 4), [f(6, 2), i(6)], [0, 4]],
  ['scatterND', v => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), v, [5, 2]), [f(3, 2)]],
  ['range, linspace, fill, eye', v => [tf.range(0, 5), tf.linspace(0, 1, 4), tf.fill([2, 2], 3), tf.eye(3), v], [x]],
  ['cumprod, exclusive and reverse', v => tf.cumprod(v, 1, true, true), [x]],
  [
    'logical mask of a padded sequence', n => tf.less(tf.range(0, 6, 1, 'int32').expandDims(0), n.expandDims(1)),
    [i(4)], [0, 6],
  ],
];

describe('graph: recorded kernels', () => {
  before(async () => { await tf.setBackend('cpu'); });

  for (const [name, fn, specs, range] of smooth) {
    it(`${name}: value and gradient equal eager TensorFlow.js`, () => check(withGradients(fn), specs, range));
  }
  for (const [name, fn, specs, range] of discrete) {
    it(`${name}: value equals eager TensorFlow.js`, () => check(fn, specs, range));
  }
});

async function check(
  fn: TensorFunction, specs: readonly InputSpec[], [low, high]: readonly [number, number] = [-1, 1],
) {
  const data = specs.map((spec, k) => sample(spec, k, low, high));
  const expected = eager(fn, specs, data);
  const program = record(fn, specs);
  const results: [string, ArrayLike<number>[]][] = [['evaluate', evaluate(program, data)]];
  for (const provider of await processors()) results.push([provider, await compiled(program, data, provider)]);
  expected.forEach((e, k) => {
    for (const [by, values] of results) assert.ok(
      relativeError(values[k], e) < 1e-5, `output ${k} by ${by}: relative error ${relativeError(values[k], e)}`,
    );
  });
}
