import * as tf from '@tensorflow/tfjs';
import {tensorData, type Builder} from '../ir/builder';
import {broadcastShapes, swapLast, type OpName} from '../ir/ops';
import {count, type DType, type Value} from '../ir/program';

/** Operands of a kernel: by name, and in order for kernels that take a list. */
export interface Operands {
  readonly [name: string]: Value;
}

/** Writes one TensorFlow.js kernel as operations of the program. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every kernel has attributes of its own type
export type Lowering = (b: Builder, x: Operands, attributes: any) => Value | readonly Value[];

const axes = (x: Value, axis: number | number[]) =>
  [...tf.util.parseAxisParam(axis, [...x.shape])].sort((p, q) => p - q);
const list = (x: Operands) => Object.values(x);
const cast = (b: Builder, x: Value, to: DType) => (x.dtype === to ? x : b.op('Cast', [x], {to}));

/**
 * A kernel that computes in the type that `work` tells for each operand's, and whose result then becomes one of type
 * `result` of the first operand's: TensorFlow.js takes any type, and keeps its results in arrays of the operand's.
 * Truth values stay what they are.
 */
const typed = (
  work: (own: DType) => DType, lowering: Lowering, result = (own: DType): DType => own,
): Lowering => (b, x, attributes) => {
  const operands = Object.fromEntries(Object.entries(x).map(([name, v]) => [name, cast(b, v, work(v.dtype))]));
  const y = lowering(b, operands, attributes) as Value, to = y.dtype === 'bool' ? 'bool' : result(list(x)[0].dtype);
  return cast(b, y.dtype === 'float32' && to === 'bool' ? cast(b, y, 'int32') : y, to);
};
const float = (): DType => 'float32', counted = (own: DType): DType => (own === 'bool' ? 'int32' : own);

/** Functions of real numbers. */
const real = (lowering: Lowering) => typed(float, lowering);
const realToFloat = (lowering: Lowering) => typed(float, lowering, float);
/** Arithmetic, which takes truth values as the numbers 0 and 1. */
const numeric = (lowering: Lowering) => typed(counted, lowering);
/** Sums and products, which count truth values. */
const counting = (lowering: Lowering) => typed(counted, lowering, counted);
const toInt = (lowering: Lowering) => typed(counted, lowering, () => 'int32');
/** What changes no whole number. */
const rounding = (op: OpName): Lowering => (b, {x}) => (x.dtype === 'float32' ? b.op(op, [x]) : x);

const unary = (op: OpName): Lowering => (b, {x}) => b.op(op, [x]);
const binary = (op: OpName): Lowering => (b, x) => b.op(op, [x.a, x.b]);
const reduce = (op: OpName, to?: DType): Lowering => (b, {x}, {axis, reductionIndices, keepDims}) =>
  b.op(op, [to ? cast(b, x, to) : x], {axes: axes(x, axis ?? reductionIndices), keepdims: keepDims ? 1 : 0});
const reduceBool = (op: OpName): Lowering => (b, x, attributes) =>
  cast(b, reduce(op, 'int32')(b, x, attributes) as Value, 'bool');
const argExtreme = (op: OpName): Lowering => (b, {x}, {axis}) => b.op(op, [x], {axis: axes(x, axis)[0]});

/** Where a slice starts, ends and how it steps on each axis; default steps of 1. */
interface Cut {
  readonly starts: number[];
  readonly ends: number[];
  readonly steps?: number[];
}

const slice = (b: Builder, x: Value, {starts, ends, steps = starts.map(() => 1)}: Cut) =>
  b.op('Slice', [x], {starts, ends, steps});

/** Which operands of a product are transposed, as TensorFlow.js says it. */
interface Transposition {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function matMul(b: Builder, x: Value, y: Value, {transposeA, transposeB}: Transposition): Value {
  if (x.dtype !== 'float32') {
    return wholeMatMul(b, transposeA ? transposed(b, x) : x, transposeB ? transposed(b, y) : y);
  }
  return b.op('MatMul', [x, y], {transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0});
}

const transposed = (b: Builder, x: Value) => b.op('Transpose', [x], {perm: swapLast(x.shape.length)});

/** Product of matrices of whole numbers, as the sum of products that it is: neither engine has one that is exact. */
function wholeMatMul(b: Builder, x: Value, y: Value): Value {
  const [m, k] = x.shape.slice(-2), n = y.shape[y.shape.length - 1];
  const products =
    b.op('Mul', [b.reshape(x, [...x.shape.slice(0, -2), m, k, 1]), b.reshape(y, [...y.shape.slice(0, -2), 1, k, n])]);
  return b.op('ReduceSum', [products], {axes: [products.shape.length - 2], keepdims: 0});
}

const relu = (b: Builder, x: Value) =>
  (x.dtype === 'float32' ? b.op('Relu', [x]) : b.op('Max', [x, b.scalar(0, x.dtype)]));
const relu6 = (b: Builder, x: Value) => b.op('Min', [relu(b, x), b.scalar(6, x.dtype)]);

/** Names TensorFlow.js gives to activations of fused kernels. */
const activations: Record<string, (b: Builder, x: Value, leak: number) => Value> = {
  linear: (_, x) => x,
  relu,
  relu6,
  elu: (b, x) => b.op('Elu', [x]),
  sigmoid: (b, x) => b.op('Sigmoid', [x]),
  tanh: (b, x) => b.op('Tanh', [x]),
  leakyrelu: (b, x, alpha) => b.op('LeakyRelu', [x], {alpha}),
};

/** `exp(x) - 1` without cancellation near 0: with t = tanh(x/2) it is 2t / (1 - t). */
const expm1: Lowering = (b, {x}) => {
  const t = b.op('Tanh', [b.op('Mul', [x, b.scalar(0.5)])]);
  const near = b.op('Div', [b.op('Add', [t, t]), b.op('Sub', [b.scalar(1), t])]);
  const far = b.op('Sub', [b.op('Exp', [x]), b.scalar(1)]);
  return b.op('Where', [b.op('Less', [b.op('Abs', [x]), b.scalar(1)]), near, far]);
};

/** `log(1 + x)` without cancellation near 0: the rounding error of u = 1 + x is divided out again. */
const log1p: Lowering = (b, {x}) => {
  const u = b.op('Add', [x, b.scalar(1)]);
  const small = b.op('Less', [b.op('Abs', [x]), b.scalar(0.5)]);
  const rounded = b.op('Sub', [u, b.scalar(1)]);
  const exact = b.op('Equal', [rounded, b.scalar(0)]);
  const correction = b.op('Div', [x, b.op('Where', [exact, b.scalar(1), rounded])]);
  const near = b.op('Where', [exact, x, b.op('Mul', [b.op('Log', [u]), correction])]);
  return b.op('Where', [small, near, b.op('Log', [u])]);
};

/** Angle of the point (b, a), all quadrants and both zeros told apart: from the angle of (|b|, |a|), mirrored. */
const atan2: Lowering = (b, x) => {
  const zero = b.scalar(0), [up, right] = [b.op('Abs', [x.a]), b.op('Abs', [x.b])];
  const isZero = (v: Value) => b.op('Equal', [v, zero]);
  const isNegative = (v: Value) => b.op('Less', [b.op('Where', [isZero(v), b.op('Reciprocal', [v]), v]), zero]);
  // Equal sides, of which the quotient of two zeros or two infinities would tell nothing.
  const equal = b.op('Where', [isZero(up), zero, b.scalar(1)]);
  const angle = b.op('Atan', [b.op('Where', [b.op('Equal', [up, right]), equal, b.op('Div', [up, right])])]);
  const onSide = b.op('Where', [isNegative(x.b), b.op('Sub', [b.scalar(Math.PI), angle]), angle]);
  return b.op('Where', [isNegative(x.a), b.op('Neg', [onSide]), onSide]);
};

/** Every whole number lies within the limits or is set to one of them, cut off. */
const clip = (b: Builder, x: Value, low: number, high: number): Value => {
  const limit = (v: number) => (x.dtype === 'int32' ? Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, v))) : v);
  return b.op('Clip', [x], {min: limit(low), max: limit(high)});
};

const select: Lowering = (b, {condition, t, e}) => {
  const lead = condition.shape.length === 1 && t.shape.length > 1;
  const c = lead ? b.reshape(condition, [condition.shape[0], ...t.shape.slice(1).map(() => 1)]) : condition;
  // ONNX Runtime has no Where for booleans on the CPU.
  if (t.dtype === 'bool') return b.op('Or', [b.op('And', [c, t]), b.op('And', [b.op('Not', [c]), e])]);
  return b.op('Where', [c, t, e]);
};

const pack: Lowering = (b, x, {axis}) => {
  const at = (v: Value) => (axis < 0 ? axis + v.shape.length + 1 : axis);
  return b.op('Concat', list(x).map(v => b.reshape(v, [...v.shape.slice(0, at(v)), 1, ...v.shape.slice(at(v))])), {
    axis: at(x[0]),
  });
};

const unpack: Lowering = (b, {value}, {axis}) => {
  const [at] = axes(value, axis);
  const parts = b.node('Split', [value], {axis: at, sizes: Array(value.shape[at]).fill(1)});
  return parts.map(part => b.reshape(part, value.shape.filter((_, i) => i !== at)));
};

const splitV: Lowering = (b, {x}, {numOrSizeSplits, axis}) => {
  const [at] = axes(x, axis);
  return b.node('Split', [x], {
    axis: at, sizes: tf.backend_util.prepareSplitSize({shape: [...x.shape]} as tf.Tensor, numOrSizeSplits, at),
  });
};

const stridedSlice: Lowering = (b, {x}, a) => {
  const info = tf.slice_util.sliceInfo(
    [...x.shape], a.begin, a.end, a.strides, a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask,
  );
  return b.reshape(slice(b, x, {starts: info.begin, ends: info.end, steps: info.strides}), info.finalShape);
};

const reverse: Lowering = (b, {x}, {dims}) => {
  const flipped = axes(x, dims);
  const on = (yes: (n: number) => number, no: (n: number) => number) =>
    x.shape.map((n, i) => (flipped.includes(i) ? yes(n) : no(n)));
  return slice(b, x, {starts: on(n => n - 1, () => 0), ends: on(() => -1, n => n), steps: on(() => -1, () => 1)});
};

const gather: Lowering = (b, {x, indices}, {axis, batchDims}) => {
  const [at] = axes(x, axis);
  if (!batchDims) return b.op('Gather', [x, cast(b, indices, 'int32')], {axis: at});
  // With batch dimensions: move into one flat leading axis and add each batch's offset to its indices.
  const batch = x.shape.slice(0, batchDims), inner = x.shape.slice(batchDims, at), size = x.shape[at];
  const tail = x.shape.slice(at + 1);
  if (inner.length > 0) throw new Error('gather with batchDims < axis is not supported');
  const offsets = b.constant(Int32Array.from({length: count(batch)}, (_, i) =>
    i * size), [...batch, ...indices.shape.slice(batchDims).map(() => 1)], 'int32');
  const flat = b.reshape(x, [count(batch) * size, ...tail]), own = cast(b, indices, 'int32');
  // An index outside its axis must not reach into the next batch.
  return b.op('Gather', [
    flat, b.op('Where', [within(b, own, size), b.op('Add', [own, offsets]), b.scalar(-1, 'int32')]),
  ], {axis: 0});
};

/** Which indices lie inside an axis of this length. */
const within = (b: Builder, indices: Value, length: number) =>
  b.op('And', [
    b.op('GreaterOrEqual', [indices, b.scalar(0, 'int32')]), b.op('Less', [indices, b.scalar(length, 'int32')]),
  ]);

const oneHot: Lowering = (b, {indices}, {depth, onValue, offValue, dtype}) => {
  const classes = b.constant(Int32Array.from({length: depth}, (_, i) => i), [depth], 'int32');
  const hit = b.op('Equal', [b.reshape(cast(b, indices, 'int32'), [...indices.shape, 1]), classes]);
  return b.op('Where', [hit, b.scalar(onValue, dtype), b.scalar(offValue, dtype)]);
};

/** Rows of x added up by segment; the gradient of gather. Rows of no segment are left out. */
const segmentSum: Lowering = (b, {x, segmentIds}, {numSegments}) => {
  const ids = cast(b, segmentIds, 'int32'), rows = cast(b, x, 'float32'), zero = b.scalar(0, 'int32');
  const sum = (indices: Value, updates: Value) => b.op('ScatterND', [
    b.fill([numSegments, ...x.shape.slice(ids.shape.length)], 0), b.reshape(indices, [...ids.shape, 1]), updates,
  ]);
  if (b.data(ids)?.every(id => id >= 0 && id < numSegments)) return sum(ids, rows);
  const inside = within(b, ids, numSegments), ones = x.shape.slice(ids.shape.length).map(() => 1);
  return sum(
    b.op('Where', [inside, ids, zero]), b.op('Where', [b.reshape(inside, [...ids.shape, ...ones]), rows, b.scalar(0)]),
  );
};

const scatterNd: Lowering = (b, {indices, updates}, {shape}) =>
  b.op('ScatterND', [b.fill(shape, 0, updates.dtype), cast(b, indices, 'int32'), updates]);

/** Unrolled: ONNX has no cumulative product. */
const cumprod: Lowering = (b, {x}, {axis, exclusive, reverse: backwards}) => {
  const [at] = axes(x, axis);
  const parts = [...b.node('Split', [x], {axis: at, sizes: Array(x.shape[at]).fill(1)})];
  if (backwards) parts.reverse();
  const running = parts.slice(1)
    .reduce<Value[]>((all, part) => [...all, b.op('Mul', [all[all.length - 1], part])], [parts[0]]);
  const shifted = exclusive ? [b.fill(parts[0].shape, 1, x.dtype), ...running.slice(0, -1)] : running;
  return b.op('Concat', backwards ? shifted.reverse() : shifted, {axis: at});
};

const fusedMatMul: Lowering = (b, x, {transposeA, transposeB, activation, leakyreluAlpha}) => {
  const product = matMul(b, x.a, x.b, {transposeA, transposeB});
  const biased = x.bias ? b.op('Add', [product, x.bias]) : product;
  if (activation === 'prelu') return prelu(b, {x: biased, alpha: x.preluActivationWeights}, {});
  return activations[activation](b, biased, leakyreluAlpha);
};

const prelu: Lowering = (b, {x, alpha}) =>
  b.op('Where', [b.op('GreaterOrEqual', [x, b.scalar(0)]), x, b.op('Mul', [x, alpha])]);

const pads = (paddings: [number, number][]) => [...paddings.map(p => p[0]), ...paddings.map(p => p[1])];

/** How each TensorFlow.js kernel is written in operations of the program; what is not here cannot be recorded. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(
    ([
      'Log', 'Sqrt', 'Reciprocal', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh',
      'Atanh', 'Tanh', 'Sigmoid', 'Erf', 'Elu', 'Softplus',
    ] as const).map(op => [op, real(unary(op))]),
  ),
  Exp: realToFloat(unary('Exp')), Floor: rounding('Floor'), Ceil: rounding('Ceil'), Round: rounding('Round'),
  Abs: numeric(unary('Abs')), Neg: numeric(unary('Neg')), Sign: numeric(unary('Sign')),
  Relu: numeric((b, {x}) => relu(b, x)),
  LogicalNot: unary('Not'), IsNan: real(unary('IsNaN')), IsInf: real(unary('IsInf')),
  Add: numeric(binary('Add')), Sub: numeric(binary('Sub')), Multiply: numeric(binary('Mul')),
  RealDiv: real(binary('Div')), Pow: numeric(binary('Pow')),
  Maximum: numeric(binary('Max')), Minimum: numeric(binary('Min')), Mod: numeric(binary('FloorMod')),
  FloorDiv: toInt(binary('FloorDiv')), Atan2: real(atan2),
  LogicalAnd: binary('And'), LogicalOr: binary('Or'), LogicalXor: binary('Xor'),
  Equal: numeric(binary('Equal')), Less: numeric(binary('Less')), LessEqual: numeric(binary('LessOrEqual')),
  Greater: numeric(binary('Greater')), GreaterEqual: numeric(binary('GreaterOrEqual')),
  NotEqual: numeric((b, x) => b.op('Not', [b.op('Equal', [x.a, x.b])])),
  IsFinite: real((b, {x}) => b.op('Less', [b.op('Abs', [x]), b.scalar(Infinity)])),
  Square: numeric((b, {x}) => b.op('Mul', [x, x])),
  Rsqrt: real((b, {x}) => b.op('Reciprocal', [b.op('Sqrt', [x])])),
  SquaredDifference: numeric((b, x) => {
    if (x.a.dtype !== 'float32') return b.op('SquaredDifference', [x.a, x.b]);
    const d = b.op('Sub', [x.a, x.b]);
    return b.op('Mul', [d, d]);
  }),
  AddN: numeric((b, x) => (list(x).length === 1 ? x[0] : b.op('Sum', list(x)))),
  DivNoNan: real((b, x) => b.op('Where', [b.op('Equal', [x.b, b.scalar(0)]), b.scalar(0), b.op('Div', [x.a, x.b])])),
  Expm1: real(expm1), Log1p: real(log1p),
  LeakyRelu: realToFloat((b, {x}, {alpha}) => b.op('LeakyRelu', [x], {alpha})),
  Prelu: realToFloat(prelu),
  Relu6: numeric((b, {x}) => relu6(b, x)),
  ClipByValue: numeric((b, {x}, {clipValueMin, clipValueMax}) => clip(b, x, clipValueMin, clipValueMax)),
  EluGrad: (b, {dy, y}) =>
    b.op('Where', [b.op('GreaterOrEqual', [y, b.scalar(0)]), dy, b.op('Mul', [dy, b.op('Add', [y, b.scalar(1)])])]),
  Selu: real((b, {x}) => {
    const negative = b.op('Mul', [b.op('Elu', [x]), b.scalar(tf.backend_util.SELU_SCALEALPHA)]);
    return b.op('Where', [
      b.op('GreaterOrEqual', [x, b.scalar(0)]), b.op('Mul', [x, b.scalar(tf.backend_util.SELU_SCALE)]), negative,
    ]);
  }),
  Step: numeric((b, {x}, {alpha}) => {
    const below = b.scalar(alpha, x.dtype);
    const rest = x.dtype === 'float32' ? b.op('Where', [b.op('IsNaN', [x]), x, below]) : below;
    return b.op('Where', [b.op('Greater', [x, b.scalar(0, x.dtype)]), b.scalar(1, x.dtype), rest]);
  }),
  Softmax: (b, {logits}, {dim}) => b.op('Softmax', [logits], {axis: axes(logits, dim)[0]}),
  LogSoftmax: (b, {logits}, {axis}) => b.op('LogSoftmax', [logits], {axis: axes(logits, axis)[0]}),
  Select: select,
  Identity: (_, {x}) => x,
  MeanOverWorkers: (b, {x}) => b.op('MeanOverWorkers', [x]),
  Cast: (b, {x}, {dtype}) => cast(b, x, dtype),

  BatchMatMul: numeric((b, x, transposition) => matMul(b, x.a, x.b, transposition)),
  _FusedMatMul: numeric(fusedMatMul),
  Sum: counting(reduce('ReduceSum')), Mean: reduce('ReduceMean', 'float32'), Max: numeric(reduce('ReduceMax')),
  Min: numeric(reduce('ReduceMin')), Prod: counting(reduce('ReduceProd')),
  All: reduceBool('ReduceMin'), Any: reduceBool('ReduceMax'), ArgMax: toInt(argExtreme('ArgMax')),
  ArgMin: toInt(argExtreme('ArgMin')),
  Cumsum: counting((b, {x}, {axis, exclusive, reverse: backwards}) =>
    b.op('CumSum', [x], {axis: axes(x, axis)[0], exclusive: exclusive ? 1 : 0, reverse: backwards ? 1 : 0})),
  Cumprod: counting(cumprod),

  Reshape: (b, {x}, {shape}) => b.reshape(x, tf.util.inferFromImplicitShape(shape, count(x.shape))),
  ExpandDims: (b, {input}, {dim}) => {
    const at = dim < 0 ? dim + input.shape.length + 1 : dim;
    return b.reshape(input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)]);
  },
  Transpose: (b, {x}, {perm}) => b.op('Transpose', [x], {perm: [...perm]}),
  Slice: (b, {x}, {begin, size}) => {
    const [starts, sizes] = tf.slice_util.parseSliceParams({shape: [...x.shape]} as tf.Tensor, begin, size);
    return slice(b, x, {starts, ends: starts.map((s, i) => s + sizes[i])});
  },
  StridedSlice: stridedSlice,
  Concat: (b, x, {axis}) => b.op('Concat', list(x), {axis: axes(x[0], axis)[0]}),
  Pack: pack, Unpack: unpack, SplitV: splitV, Reverse: reverse,
  PadV2: (b, {x}, {paddings, constantValue}) =>
    b.op('Pad', [x], {pads: pads(paddings), mode: 'constant', value: tensorData(x.dtype, [constantValue])[0]}),
  Tile: (b, {x}, {reps}) => b.op('Tile', [x], {repeats: [...reps]}),
  BroadcastTo: (b, {x}, {shape}) => b.op('Expand', [x], {shape: broadcastShapes(x.shape, shape)}),
  GatherV2: gather, GatherNd: (b, {params, indices}) => b.op('GatherND', [params, cast(b, indices, 'int32')]),
  OneHot: oneHot, UnsortedSegmentSum: segmentSum, ScatterNd: scatterNd,
  Fill: (b, _, {shape, value, dtype}) => b.fill(shape, value, dtype ?? 'float32'),
  ZerosLike: (b, {x}) => b.fill(x.shape, 0, x.dtype),
  OnesLike: (b, {x}) => b.fill(x.shape, 1, x.dtype),
  Range: (b, _, {start, stop, step, dtype}) => {
    const n = Math.max(0, Math.ceil((stop - start) / step));
    return b.constant(tensorData(dtype, Array.from({length: n}, (__, i) => start + i * step)), [n], dtype);
  },
  LinSpace: (b, _, {start, stop, num}) => b.constant(
    Float32Array.from({length: num}, (__, i) => start + (i * (stop - start)) / Math.max(1, num - 1)), [num], 'float32',
  ),
};
