import * as tf from '@tensorflow/tfjs';
import {
  handle, session, type DType, type Program, type Provider, type TensorData, type TensorFunction,
} from '../../lib/graph';
import {tensorData} from '../../lib/graph/ir/builder';

/** Values at the edges of each type, and plain ones between them. */
export const EDGES: Readonly<Record<DType, readonly number[]>> = {
  float32: [
    0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -7, 0.001, 86400, 123.456, 1e6, NaN, Infinity, -Infinity, 1e-30, -1e-30,
    1e-40, -1e-40, 3.4028234e38, -3.4028234e38,
    1e10, -1e10, 2147483648, -2147483648, 4294967296, 3e9, 1e20, 1e-20, -1e-20, 16777217, 5.9, -5.9,
  ].map(Math.fround),
  int32: [
    0, 1, -1, 2, -2, 3, 7, -7, 46341, 65536, 16777217, -16777217, 123456789, 2147483647, -2147483648, -2147483647,
    1000000007,
  ],
  bool: [0, 1],
};

/** One operation on given data. */
export interface EdgeCase {
  readonly name: string;
  readonly fn: TensorFunction;
  readonly dtype: DType;
  readonly data: readonly TensorData[];
  /** Error that is allowed beside the relative one: TensorFlow.js itself, or ONNX Runtime, approximates. */
  readonly slack: number;
}

/** Least number that is neither 0 nor a subnormal one, which the engines take as 0. */
export const LEAST = 2 ** -126;
/** A number as engines see it that know no subnormal ones. */
export const flushed = (x: number) => (Math.abs(x) < LEAST ? 0 * x : x);

/** Whether a number is the one that is expected: the same at the edges, close elsewhere; with `zeros`, also which zero. */
export function isExpected(actual: number, expected: number, slack: number, zeros: boolean): boolean {
  if (Number.isNaN(expected) || !Number.isFinite(expected)) return Object.is(actual, expected);
  if (zeros && expected === 0 && actual === 0) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= 1e-5 * Math.abs(expected) + slack + 2 * LEAST;
}

/** What eager TensorFlow.js makes of the data as the engines see it. */
export function expectedOf({fn, dtype, data}: EdgeCase): {readonly values: readonly number[]; readonly dtype: string} {
  return tf.tidy(() => {
    const y = fn(
      ...data.map(d => tf.tensor(dtype === 'float32' ? (d as Float32Array).map(flushed) : d, [d.length], dtype)),
    ) as tf.Tensor;
    return {values: Array.from(y.dataSync()), dtype: y.dtype};
  });
}

/** What a provider computes. */
export async function computed(
  program: Program, data: readonly TensorData[], provider: Provider, optimise: boolean,
): Promise<TensorData[]> {
  const s = await session(program, {provider, optimise});
  try {
    return (await s.run(data.map((d, i) => handle(d, program.inputs[i].shape, program.inputs[i].dtype)))).map(h =>
      h.data);
  } finally {
    await s.dispose();
  }
}

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const named = <F>(names: readonly string[]): [string, F][] =>
  names.map(name => [name, (tf as unknown as Record<string, F>)[name]]);

/** Of floats alone, as TensorFlow.js has it, or approximated there. */
const ofFloats: [string, Unary, number?][] = [
  ...named<Unary>([
    'log', 'log1p', 'sqrt', 'rsqrt', 'floor', 'ceil', 'sin', 'cos', 'tan', 'cosh', 'tanh', 'expm1', 'asin', 'acos',
    'atan', 'sinh', 'asinh', 'acosh', 'atanh',
  ]),
  ['sigmoid', tf.sigmoid, 1e-7], ['erf', tf.erf, 3e-7], ['elu', tf.elu, 1e-7], ['selu', tf.selu, 2e-7],
  ['softplus', tf.softplus, 1e-5],
  [
    'logSoftmax of what is finite',
    x => tf.logSoftmax(tf.clipByValue(tf.where(tf.isNaN(x), tf.zerosLike(x), x), -50, 50)), 1e-5,
  ],
];

const ofNumbers: [string, Unary][] = [
  ...named<Unary>([
    'neg', 'exp', 'reciprocal', 'sign', 'relu', 'relu6', 'step', 'isNaN', 'isInf', 'isFinite', 'zerosLike', 'onesLike',
    'max', 'min', 'argMax', 'argMin', 'cumsum', 'cumprod', 'reverse',
  ]),
  ['cast to int32', x => tf.cast(x, 'int32')], ['cast to bool', x => tf.cast(x, 'bool')],
  ['clipByValue', x => tf.clipByValue(x, -2.5, 3.5)],
  ['clipByValue at infinity', x => tf.clipByValue(x, -Infinity, 2)],
  ['step with another value below', x => tf.step(x, 1)], ['leakyRelu', x => tf.leakyRelu(x, 0.25)],
  ['cumsum, exclusive and reverse', x => tf.cumsum(x, 0, true, true)],
  ['prod of what is not 0', x => tf.prod(tf.slice(x, [1], [x.size - 1]))],
  ['max without a NaN', x => tf.max(tf.where(tf.isNaN(x), tf.zerosLike(x), x))],
  ['argMax behind a NaN', x => tf.argMax(tf.reverse(x))],
  ['pad', x => tf.pad(x, [[1, 2]], 1)], ['where', x => tf.where(tf.cast(x, 'bool'), x, tf.onesLike(x))],
  ['tile', x => tf.tile(x, [2])],
];

const ofWholeNumbers: [string, Unary][] = [
  ['sum', x => tf.sum(x)], ['mean', x => tf.mean(x)], ['round', x => tf.round(x)], ['addN', x => tf.addN([x, x, x])],
  ['abs of what a float holds', x => tf.abs(tf.clipByValue(x, -(2 ** 24), 2 ** 24))],
  [
    'matMul',
    x => tf.matMul(tf.clipByValue(x, -1000, 1000).reshape([-1, 1]) as tf.Tensor2D, x.reshape([1, -1]) as tf.Tensor2D),
  ],
  ['unsortedSegmentSum, some of no segment', x => tf.unsortedSegmentSum(
    tf.clipByValue(x, -99, 99) as tf.Tensor1D, tf.range(-1, x.size - 1, 1, 'int32') as tf.Tensor1D, 5,
  )],
];

const ofPairs = named<Binary>([
  'div', 'divNoNan', 'mod', 'floorDiv', 'pow', 'maximum', 'minimum', 'equal', 'notEqual', 'less', 'lessEqual',
  'greater', 'greaterEqual', 'mul', 'atan2', 'prelu',
]);
const ofPairsOfNumbers = named<Binary>(['add', 'sub', 'squaredDifference']);
const ofTruths = named<Binary>(['logicalAnd', 'logicalOr', 'logicalXor']);
const pairs = (values: readonly number[]) => [values.flatMap(a => values.map(() => a)), values.flatMap(() => values)];

/** Every kind of operation that can be recorded and computes, on the edges of every type that it takes. */
export function edgeCases(): EdgeCase[] {
  const unary = (dtype: DType) => ([name, fn, slack = 0]: [string, Unary, number?]): EdgeCase =>
    ({name: `${name} of ${dtype}`, fn, dtype, slack, data: [tensorData(dtype, EDGES[dtype])]});
  const binary = (dtype: DType) => ([name, fn]: [string, Binary]): EdgeCase => ({
    name: `${name} of ${dtype}`, fn, dtype, slack: 0, data: pairs(EDGES[dtype]).map(v => tensorData(dtype, v)),
  });
  return [
    ...[...ofFloats, ...ofNumbers].map(unary('float32')), unary('float32')(['abs', tf.abs]),
    unary('float32')(['square', tf.square]),
    ...[...ofPairs, ...ofPairsOfNumbers].map(binary('float32')),
    ...[...ofNumbers, ...ofWholeNumbers].map(unary('int32')), ...[...ofPairs, ...ofPairsOfNumbers].map(binary('int32')),
    ...[...ofNumbers, ...ofWholeNumbers.filter(([name]) => name !== 'addN')].map(unary('bool')),
    ...[...ofPairs, ...ofTruths].map(binary('bool')), unary('bool')(['logicalNot', tf.logicalNot as Unary]),
  ];
}
