import {count, type Attributes, type DType, type TensorType} from './types';

type Infer = (inputs: readonly TensorType[], attributes: Attributes) => TensorType[];

/** What the engine knows of an operation: the types it yields and the arithmetic it costs. */
export interface OpSpec {
  readonly infer: Infer;
  /** Floating-point operations; 0 where data only moves. */
  readonly flops: (inputs: readonly TensorType[], outputs: readonly TensorType[]) => number;
}

const type = (shape: readonly number[], dtype: DType): TensorType => ({shape, dtype});
const ints = (attributes: Attributes, name: string) => attributes[name] as readonly number[];
const int = (attributes: Attributes, name: string) => attributes[name] as number;

/** Shape of two or more operands under NumPy's broadcasting rules. @throws Error when they do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(s => s.length));
  return Array.from({length: rank}, (_, axis) => {
    const sizes = shapes.map(s => s[axis - rank + s.length] ?? 1).filter(n => n !== 1);
    if (sizes.some(n => n !== sizes[0])) {
      throw new Error(`shapes ${shapes.map(s => `[${s}]`).join(', ')} do not broadcast`);
    }
    return sizes[0] ?? 1;
  });
}

const perElement = (cost: number): OpSpec['flops'] => (_, [out]) => cost * count(out.shape);
const free: OpSpec['flops'] = () => 0;

const unary = (cost = 1): OpSpec => ({infer: ([x]) => [type(x.shape, x.dtype)], flops: perElement(cost)});
const binary = (cost = 1): OpSpec =>
  ({infer: ([a, b]) => [type(broadcastShapes(a.shape, b.shape), a.dtype)], flops: perElement(cost)});
const comparison: OpSpec = {infer: ([a, b]) => [type(broadcastShapes(a.shape, b.shape), 'bool')], flops: perElement(1)};
const test: OpSpec = {infer: ([x]) => [type(x.shape, 'bool')], flops: perElement(1)};
const move = (infer: Infer): OpSpec => ({infer, flops: free});

const reduction: OpSpec = {
  infer: ([x], attributes) => {
    const axes = ints(attributes, 'axes');
    const keep = int(attributes, 'keepdims') === 1;
    return [type(x.shape.flatMap((n, i) => (axes.includes(i) ? (keep ? [1] : []) : [n])), x.dtype)];
  },
  flops: ([x]) => count(x.shape),
};

const arg: OpSpec = {
  infer: ([x], attributes) => [type(x.shape.filter((_, i) => i !== int(attributes, 'axis')), 'int32')],
  flops: ([x]) => count(x.shape),
};

function matMulShape(a: readonly number[], b: readonly number[], attributes: Attributes): number[] {
  const [m, k] = flip(a.slice(-2), int(attributes, 'transA'));
  const [k2, n] = flip(b.slice(-2), int(attributes, 'transB'));
  if (k !== k2) throw new Error(`MatMul of [${a}] and [${b}]: inner sizes ${k} and ${k2} differ`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), m, n];
}
const flip = (pair: readonly number[], transposed: number) => (transposed ? [pair[1], pair[0]] : pair);

/** The permutation that exchanges the last two of `rank` axes. */
export const swapLast = (rank: number): number[] => [...Array(rank - 2).keys(), rank - 1, rank - 2];

/** Each output element of a product is a sum of k terms; k is found from the sizes, whichever way the operands lie. */
const matMulFlops: OpSpec['flops'] = ([a], [out]) =>
  2 * count(out.shape) * (count(a.shape.slice(-2)) / out.shape[out.shape.length - 2]);

const table = {
  Abs: unary(), Neg: unary(), Exp: unary(), Log: unary(), Sqrt: unary(), Reciprocal: unary(), Floor: unary(),
  Ceil: unary(), Round: unary(),
  Sin: unary(), Cos: unary(), Tan: unary(), Asin: unary(), Acos: unary(), Atan: unary(), Sinh: unary(), Cosh: unary(),
  Asinh: unary(),
  Acosh: unary(), Atanh: unary(), Tanh: unary(), Sigmoid: unary(), Erf: unary(), Sign: unary(), Relu: unary(),
  LeakyRelu: unary(),
  Elu: unary(), Softplus: unary(2), Softmax: unary(4), LogSoftmax: unary(4), Not: unary(),
  Identity: {...unary(), flops: free},
  Clip: unary(2), CumSum: unary(),
  IsNaN: test, IsInf: test,
  Add: binary(), Sub: binary(), Mul: binary(), Div: binary(), Pow: binary(), Max: binary(), Min: binary(),
  /**
   * Quotient rounded down, as a whole number, and the remainder that goes with it; both by 0 are 0 as whole numbers.
   * Not of ONNX.
   */
  FloorDiv: {...comparison, infer: ([a, b]) => [type(broadcastShapes(a.shape, b.shape), 'int32')]}, FloorMod: binary(),
  /** `(a - b)^2` of whole numbers, whose difference need not be one of 32 bits. Not of ONNX. */
  SquaredDifference: binary(2),
  And: binary(), Or: binary(), Xor: binary(),
  Equal: comparison, Less: comparison, LessOrEqual: comparison, Greater: comparison, GreaterOrEqual: comparison,
  Where: {infer: ([c, a, b]) => [type(broadcastShapes(c.shape, a.shape, b.shape), a.dtype)], flops: perElement(1)},
  /** Sum of any number of operands of one shape. */
  Sum: {infer: ([x]) => [type(x.shape, x.dtype)], flops: (inputs, [out]) => (inputs.length - 1) * count(out.shape)},

  MatMul:
    {infer: ([a, b], attributes) => [type(matMulShape(a.shape, b.shape, attributes), a.dtype)], flops: matMulFlops},
  /** `alpha * A' B' + beta * C` of matrices, C broadcast. */
  Gemm: {infer: ([a, b], attributes) => [type(matMulShape(a.shape, b.shape, attributes), a.dtype)], flops: matMulFlops},
  ReduceSum: reduction, ReduceMean: reduction, ReduceMax: reduction, ReduceMin: reduction, ReduceProd: reduction,
  ArgMax: arg, ArgMin: arg,

  /** Mean of this value over the workers of a data-parallel session; the value itself where there is one. */
  MeanOverWorkers: {...unary(), flops: free},

  Cast: move(([x], attributes) => [type(x.shape, attributes.to as DType)]),
  Reshape: move(([x], attributes) => [type(ints(attributes, 'shape'), x.dtype)]),
  Expand: move(([x], attributes) => [type(ints(attributes, 'shape'), x.dtype)]),
  Transpose: move(([x], attributes) => [type(ints(attributes, 'perm').map(axis => x.shape[axis]), x.dtype)]),
  Tile: move(([x], attributes) => [type(x.shape.map((n, i) => n * ints(attributes, 'repeats')[i]), x.dtype)]),
  Concat: move((inputs, attributes) => {
    const axis = int(attributes, 'axis');
    const length = inputs.reduce((sum, x) => sum + x.shape[axis], 0);
    return [type(inputs[0].shape.map((n, i) => (i === axis ? length : n)), inputs[0].dtype)];
  }),
  Split: move(([x], attributes) => {
    const axis = int(attributes, 'axis');
    return ints(attributes, 'sizes').map(size => type(x.shape.map((n, i) => (i === axis ? size : n)), x.dtype));
  }),
  /** `starts`, `ends`, `steps` for every axis; a negative step runs down to `ends` exclusive, which may be -1. */
  Slice: move(([x], attributes) => {
    const [starts, ends, steps] = ['starts', 'ends', 'steps'].map(name => ints(attributes, name));
    return [type(x.shape.map((_, i) => Math.max(0, Math.ceil((ends[i] - starts[i]) / steps[i]))), x.dtype)];
  }),
  /** `pads`: all beginnings, then all ends; `mode` is `constant` (with `value`), `reflect` or `edge`. */
  Pad: move(([x], attributes) => {
    const pads = ints(attributes, 'pads');
    return [type(x.shape.map((n, i) => n + pads[i] + pads[i + x.shape.length]), x.dtype)];
  }),
  Gather: move(([x, index], attributes) => {
    const axis = int(attributes, 'axis');
    return [type([...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)], x.dtype)];
  }),
  GatherND: move(([x, index]) =>
    [type([...index.shape.slice(0, -1), ...x.shape.slice(index.shape[index.shape.length - 1])], x.dtype)]),
  /** Adds `updates` into a copy of the first input at `indices`. */
  ScatterND: move(([x]) => [type(x.shape, x.dtype)]),
} satisfies Record<string, OpSpec>;

export type OpName = keyof typeof table;

/** Every operation of the intermediate representation. */
export const ops: Readonly<Record<OpName, OpSpec>> = table;
