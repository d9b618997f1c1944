import * as tf from '@tensorflow/tfjs';
import {tensorData, type Builder} from './builder';
import {broadcastShapes, type OpName} from './ops';
import {count, type DType, type Value} from './program';

/** Operands of a kernel: by name, and in order for kernels that take a list. */
export interface Operands {
  readonly [name: string]: Value;
}

/** Writes one TensorFlow.js kernel as operations of the program. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every kernel has attributes of its own type
export type Lowering = (b: Builder, x: Operands, attributes: any) => Value | readonly Value[];

const axes = (x: Value, axis: number | number[]) => [...tf.util.parseAxisParam(axis, [...x.shape])].sort((p, q) => p - q);
const list = (x: Operands) => Object.values(x);
const cast = (b: Builder, x: Value, to: DType) => (x.dtype === to ? x : b.op('Cast', [x], {to}));

const unary = (op: OpName): Lowering => (b, {x}) => b.op(op, [x]);
const binary = (op: OpName): Lowering => (b, x) => b.op(op, [x.a, x.b]);
const reduce = (op: OpName, to?: DType): Lowering => (b, {x}, {axis, reductionIndices, keepDims}) =>
  b.op(op, [to ? cast(b, x, to) : x], {axes: axes(x, axis ?? reductionIndices), keepdims: keepDims ? 1 : 0});
const reduceBool = (op: OpName): Lowering => (b, x, attributes) => cast(b, reduce(op, 'int32')(b, x, attributes) as Value, 'bool');
const argExtreme = (op: OpName): Lowering => (b, {x}, {axis}) => b.op(op, [x], {axis: axes(x, axis)[0]});

const slice = (b: Builder, x: Value, starts: number[], ends: number[], steps = starts.map(() => 1)) => b.op('Slice', [x], {starts, ends, steps});

function matMul(b: Builder, x: Value, y: Value, transposeA: boolean, transposeB: boolean): Value {
  return b.op('MatMul', [x, y], {transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0});
}

/** Names TensorFlow.js gives to activations of fused kernels. */
const activations: Record<string, (b: Builder, x: Value, leak: number) => Value> = {
  linear: (_, x) => x,
  relu: (b, x) => b.op('Relu', [x]),
  relu6: (b, x) => b.op('Clip', [x], {min: 0, max: 6}),
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

/** Quadrant-aware arc tangent of a/b. */
const atan2: Lowering = (b, x) => {
  const [y, zero] = [x.a, b.scalar(0)];
  const half = b.op('Atan', [b.op('Div', [y, x.b])]);
  const turn = b.op('Where', [b.op('GreaterOrEqual', [y, zero]), b.scalar(Math.PI), b.scalar(-Math.PI)]);
  const left = b.op('Where', [b.op('Less', [x.b, zero]), b.op('Add', [half, turn]), half]);
  const onAxis = b.op('And', [b.op('Equal', [y, zero]), b.op('Equal', [x.b, zero])]);
  return b.op('Where', [onAxis, zero, left]);
};

/** Remainder with the sign of the divisor, as in Python. */
const floorMod: Lowering = (b, x) => b.op('Mod', [b.op('Add', [b.op('Mod', [x.a, x.b]), x.b]), x.b]);

const floorDiv: Lowering = (b, x) => {
  const quotient = b.op('Floor', [b.op('Div', [cast(b, x.a, 'float32'), cast(b, x.b, 'float32')])]);
  return cast(b, quotient, x.a.dtype);
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
  return b.op('Concat', list(x).map(v => b.reshape(v, [...v.shape.slice(0, at(v)), 1, ...v.shape.slice(at(v))])), {axis: at(x[0])});
};

const unpack: Lowering = (b, {value}, {axis}) => {
  const [at] = axes(value, axis);
  const parts = b.node('Split', [value], {axis: at, sizes: Array(value.shape[at]).fill(1)});
  return parts.map(part => b.reshape(part, value.shape.filter((_, i) => i !== at)));
};

const splitV: Lowering = (b, {x}, {numOrSizeSplits, axis}) => {
  const [at] = axes(x, axis);
  return b.node('Split', [x], {axis: at, sizes: tf.backend_util.prepareSplitSize({shape: [...x.shape]} as tf.Tensor, numOrSizeSplits, at)});
};

const stridedSlice: Lowering = (b, {x}, a) => {
  const info = tf.slice_util.sliceInfo([...x.shape], a.begin, a.end, a.strides, a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask);
  return b.reshape(slice(b, x, info.begin, info.end, info.strides), info.finalShape);
};

const reverse: Lowering = (b, {x}, {dims}) => {
  const flipped = axes(x, dims);
  const on = (yes: (n: number) => number, no: (n: number) => number) => x.shape.map((n, i) => (flipped.includes(i) ? yes(n) : no(n)));
  return slice(b, x, on(n => n - 1, () => 0), on(() => -1, n => n), on(() => -1, () => 1));
};

const gather: Lowering = (b, {x, indices}, {axis, batchDims}) => {
  const [at] = axes(x, axis);
  if (!batchDims) return b.op('Gather', [x, cast(b, indices, 'int32')], {axis: at});
  // With batch dimensions: move into one flat leading axis and add each batch's offset to its indices.
  const batch = x.shape.slice(0, batchDims), inner = x.shape.slice(batchDims, at), size = x.shape[at], tail = x.shape.slice(at + 1);
  if (inner.length > 0) throw new Error('gather with batchDims < axis is not supported');
  const offsets = b.constant(Int32Array.from({length: count(batch)}, (_, i) => i * size), [...batch, ...indices.shape.slice(batchDims).map(() => 1)], 'int32');
  const flat = b.reshape(x, [count(batch) * size, ...tail]);
  return b.op('Gather', [flat, b.op('Add', [cast(b, indices, 'int32'), offsets])], {axis: 0});
};

const oneHot: Lowering = (b, {indices}, {depth, onValue, offValue, dtype}) => {
  const classes = b.constant(Int32Array.from({length: depth}, (_, i) => i), [depth], 'int32');
  const hit = b.op('Equal', [b.reshape(cast(b, indices, 'int32'), [...indices.shape, 1]), classes]);
  return b.op('Where', [hit, b.scalar(onValue, dtype), b.scalar(offValue, dtype)]);
};

/** Rows of x added up by segment; the gradient of gather. */
const segmentSum: Lowering = (b, {x, segmentIds}, {numSegments}) => {
  const zeros = b.fill([numSegments, ...x.shape.slice(segmentIds.shape.length)], 0, x.dtype);
  return b.op('ScatterND', [zeros, b.reshape(cast(b, segmentIds, 'int32'), [...segmentIds.shape, 1]), x]);
};

const scatterNd: Lowering = (b, {indices, updates}, {shape}) => b.op('ScatterND', [b.fill(shape, 0, updates.dtype), cast(b, indices, 'int32'), updates]);

/** Unrolled: ONNX has no cumulative product. */
const cumprod: Lowering = (b, {x}, {axis, exclusive, reverse: backwards}) => {
  const [at] = axes(x, axis);
  const parts = [...b.node('Split', [x], {axis: at, sizes: Array(x.shape[at]).fill(1)})];
  if (backwards) parts.reverse();
  const running = parts.slice(1).reduce<Value[]>((all, part) => [...all, b.op('Mul', [all[all.length - 1], part])], [parts[0]]);
  const shifted = exclusive ? [b.fill(parts[0].shape, 1, x.dtype), ...running.slice(0, -1)] : running;
  return b.op('Concat', backwards ? shifted.reverse() : shifted, {axis: at});
};

const fusedMatMul: Lowering = (b, x, {transposeA, transposeB, activation, leakyreluAlpha}) => {
  const product = matMul(b, x.a, x.b, transposeA, transposeB);
  const biased = x.bias ? b.op('Add', [product, x.bias]) : product;
  if (activation === 'prelu') return prelu(b, {x: biased, alpha: x.preluActivationWeights}, {});
  return activations[activation](b, biased, leakyreluAlpha);
};

const prelu: Lowering = (b, {x, alpha}) => b.op('Where', [b.op('GreaterOrEqual', [x, b.scalar(0)]), x, b.op('Mul', [x, alpha])]);

const pads = (paddings: [number, number][]) => [...paddings.map(p => p[0]), ...paddings.map(p => p[1])];

/** How each TensorFlow.js kernel is written in operations of the program; what is not here cannot be recorded. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(
    (['Abs', 'Neg', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Floor', 'Ceil', 'Round', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Tanh', 'Sigmoid', 'Erf', 'Sign', 'Relu', 'Elu', 'Softplus'] as const).map(op => [op, unary(op)]),
  ),
  LogicalNot: unary('Not'), IsNan: unary('IsNaN'), IsInf: unary('IsInf'),
  Add: binary('Add'), Sub: binary('Sub'), Multiply: binary('Mul'), RealDiv: binary('Div'), Pow: binary('Pow'), Maximum: binary('Max'), Minimum: binary('Min'),
  LogicalAnd: binary('And'), LogicalOr: binary('Or'), LogicalXor: binary('Xor'),
  Equal: binary('Equal'), Less: binary('Less'), LessEqual: binary('LessOrEqual'), Greater: binary('Greater'), GreaterEqual: binary('GreaterOrEqual'),
  NotEqual: (b, x) => b.op('Not', [b.op('Equal', [x.a, x.b])]),
  IsFinite: (b, {x}) => b.op('Less', [b.op('Abs', [x]), b.scalar(Infinity)]),
  Square: (b, {x}) => b.op('Mul', [x, x]),
  Rsqrt: (b, {x}) => b.op('Reciprocal', [b.op('Sqrt', [x])]),
  SquaredDifference: (b, x) => { const d = b.op('Sub', [x.a, x.b]); return b.op('Mul', [d, d]); },
  AddN: (b, x) => (list(x).length === 1 ? x[0] : b.op('Sum', list(x))),
  DivNoNan: (b, x) => b.op('Where', [b.op('Equal', [x.b, b.scalar(0)]), b.scalar(0), b.op('Div', [x.a, x.b])]),
  Expm1: expm1, Log1p: log1p, Atan2: atan2, Mod: floorMod, FloorDiv: floorDiv,
  LeakyRelu: (b, {x}, {alpha}) => b.op('LeakyRelu', [x], {alpha}),
  Prelu: prelu,
  Relu6: (b, {x}) => b.op('Clip', [x], {min: 0, max: 6}),
  ClipByValue: (b, {x}, {clipValueMin, clipValueMax}) => b.op('Clip', [x], {min: clipValueMin, max: clipValueMax}),
  EluGrad: (b, {dy, y}) => b.op('Where', [b.op('GreaterOrEqual', [y, b.scalar(0)]), dy, b.op('Mul', [dy, b.op('Add', [y, b.scalar(1)])])]),
  Selu: (b, {x}) => {
    const negative = b.op('Mul', [b.op('Elu', [x]), b.scalar(tf.backend_util.SELU_SCALEALPHA)]);
    return b.op('Where', [b.op('GreaterOrEqual', [x, b.scalar(0)]), b.op('Mul', [x, b.scalar(tf.backend_util.SELU_SCALE)]), negative]);
  },
  Step: (b, {x}, {alpha}) => b.op('Where', [b.op('Greater', [x, b.scalar(0)]), b.scalar(1, x.dtype), b.op('Where', [b.op('IsNaN', [x]), x, b.scalar(alpha, x.dtype)])]),
  Softmax: (b, {logits}, {dim}) => b.op('Softmax', [logits], {axis: axes(logits, dim)[0]}),
  LogSoftmax: (b, {logits}, {axis}) => b.op('LogSoftmax', [logits], {axis: axes(logits, axis)[0]}),
  Select: select,
  Identity: (_, {x}) => x,
  MeanOverWorkers: (b, {x}) => b.op('MeanOverWorkers', [x]),
  Cast: (b, {x}, {dtype}) => cast(b, x, dtype),

  BatchMatMul: (b, x, {transposeA, transposeB}) => matMul(b, x.a, x.b, transposeA, transposeB),
  _FusedMatMul: fusedMatMul,
  Sum: reduce('ReduceSum'), Mean: reduce('ReduceMean', 'float32'), Max: reduce('ReduceMax'), Min: reduce('ReduceMin'), Prod: reduce('ReduceProd'),
  All: reduceBool('ReduceMin'), Any: reduceBool('ReduceMax'), ArgMax: argExtreme('ArgMax'), ArgMin: argExtreme('ArgMin'),
  Cumsum: (b, {x}, {axis, exclusive, reverse: backwards}) => b.op('CumSum', [x], {axis: axes(x, axis)[0], exclusive: exclusive ? 1 : 0, reverse: backwards ? 1 : 0}),
  Cumprod: cumprod,

  Reshape: (b, {x}, {shape}) => b.reshape(x, tf.util.inferFromImplicitShape(shape, count(x.shape))),
  ExpandDims: (b, {input}, {dim}) => { const at = dim < 0 ? dim + input.shape.length + 1 : dim; return b.reshape(input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)]); },
  Transpose: (b, {x}, {perm}) => b.op('Transpose', [x], {perm: [...perm]}),
  Slice: (b, {x}, {begin, size}) => { const [starts, sizes] = tf.slice_util.parseSliceParams({shape: [...x.shape]} as tf.Tensor, begin, size); return slice(b, x, starts, starts.map((s, i) => s + sizes[i])); },
  StridedSlice: stridedSlice,
  Concat: (b, x, {axis}) => b.op('Concat', list(x), {axis: axes(x[0], axis)[0]}),
  Pack: pack, Unpack: unpack, SplitV: splitV, Reverse: reverse,
  PadV2: (b, {x}, {paddings, constantValue}) => b.op('Pad', [x], {pads: pads(paddings), mode: 'constant', value: constantValue}),
  Tile: (b, {x}, {reps}) => b.op('Tile', [x], {repeats: [...reps]}),
  BroadcastTo: (b, {x}, {shape}) => b.op('Expand', [x], {shape: broadcastShapes(x.shape, shape)}),
  GatherV2: gather, GatherNd: (b, {params, indices}) => b.op('GatherND', [params, cast(b, indices, 'int32')]),
  OneHot: oneHot, UnsortedSegmentSum: segmentSum, ScatterNd: scatterNd,
  Fill: (b, _, {shape, value, dtype}) => b.fill(shape, value, dtype ?? 'float32'),
  ZerosLike: (b, {x}) => b.fill(x.shape, 0, x.dtype),
  OnesLike: (b, {x}) => b.fill(x.shape, 1, x.dtype),
  Range: (b, _, {start, stop, step, dtype}) => { const n = Math.max(0, Math.ceil((stop - start) / step)); return b.constant(tensorData(dtype, Array.from({length: n}, (__, i) => start + i * step)), [n], dtype); },
  LinSpace: (b, _, {start, stop, num}) => b.constant(Float32Array.from({length: num}, (__, i) => start + (i * (stop - start)) / Math.max(1, num - 1)), [num], 'float32'),
};
