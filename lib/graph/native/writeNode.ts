import {count, type Node, type Value} from '../ir/program';
import {broadcastStrides, rowMajor} from '../ir/strides';
import type {Unit} from './chains';
import {opcode} from './opcodes';
import type {Strided, Writer} from './writer';

/** Writes one node as instructions. @throws Error for an operation that the engine does not have. */
export function writeNode(node: Node, w: Writer): void {
  const write = writers[node.op];
  if (!write) throw new Error(`provider 'native' has no ${node.op}; use 'cpu'`);
  write(node, w);
}

const bits = new DataView(new ArrayBuffer(4));
const floatBits = (x: number) => { bits.setFloat32(0, x); return bits.getInt32(0); };

type WriteNode = (node: Node, w: Writer) => void;
const ints = (node: Node, name: string) => node.attributes[name] as readonly number[];
const int = (node: Node, name: string) => node.attributes[name] as number;
const bytes = (value: Value) => (value.dtype === 'bool' ? 1 : 4);

/** 0 for floats, 1 for whole numbers; booleans are bytes, which few instructions take. */
function isInt(value: Value, {op}: Node): 0 | 1 {
  if (value.dtype === 'bool') throw new Error(`provider 'native' has no ${op} of bool; use 'cpu'`);
  return value.dtype === 'int32' ? 1 : 0;
}


/** Lengths before, at and after an axis. */
function around(shape: readonly number[], axis: number): [number, number, number] {
  return [count(shape.slice(0, axis)), shape[axis], count(shape.slice(axis + 1))];
}

/**
 * Writes a product, and the slope that it is multiplied with, if any.
 * @throws Error for a product that is not of floats.
 */
export function writeProduct(unit: Unit, w: Writer, as: 'Product' | 'DeferrableProduct'): void {
  const [node, square] = unit, [a, b, c] = node.inputs, [out] = node.outputs;
  if (out.dtype !== 'float32') throw new Error(`provider 'native' has no ${node.op} of ${out.dtype}; use 'cpu'`);
  const {transA, transB, alpha = 1, beta = 1} = node.attributes as Record<string, number>;
  const [rows, n] = out.shape.slice(-2), k = b.shape[b.shape.length - (transB ? 1 : 2)], batch = out.shape.slice(0, -2);
  // Rows of all matrices of a batch are one matrix where the second operand is the same for all.
  const flat = !transA && b.shape.length === 2, m = flat ? rows * count(batch) : rows;
  const matrices = flat ? 1 : count(batch), right = w.right(node);
  const offsets = (x: Value) =>
    offsetsOf(batch, broadcastStrides(x.shape.slice(0, -2), batch)).map(i => i * count(x.shape.slice(-2)));
  const [offsetsA, offsetsB] = flat ? [[0], [0]] : [offsets(a), offsets(b)];
  const [rowC, columnC] = c ? broadcastStrides(c.shape, [m, n]) : [0, 0];
  w.instruction(as, m, n, k, floatBits(alpha), floatBits(beta), transA ? [1, m] : [k, 1], [
    rowC, n === 1 ? 1 : columnC,
  ], Number(right.packed),
    w.at(a), right.at, c ? w.at(c) : [-1, 0], square ? w.at(square.inputs[0]) : [-1, 0],
    w.at(unit[unit.length - 1].outputs[0]), w.ahead, matrices, offsetsA.flatMap((o, i) => [o, offsetsB[i]]));
}

/** Offsets of all elements of a shape with the given strides. */
function offsetsOf(shape: readonly number[], strides: readonly number[]): number[] {
  return shape.reduce<number[]>((all, n, axis) =>
    all.flatMap(o => Array.from({length: n}, (_, i) => o + i * strides[axis])), [0]);
}

const starts = {
  ReduceSum: [0, 0], ReduceMean: [0, 0], ReduceProd: [floatBits(1), 1], ReduceMax: [floatBits(-Infinity), -(2 ** 31)],
  ReduceMin: [floatBits(Infinity), 2 ** 31 - 1],
} as const;

/** Folds along neighbouring axes, see {@link adjacentAxes}. */
const reduce: WriteNode = (node, w) => {
  const op = node.op as keyof typeof starts, [x] = node.inputs, [out] = node.outputs, axes = ints(node, 'axes');
  const [first, end] = axes.length > 0 ? [Math.min(...axes), Math.max(...axes) + 1] : [x.shape.length, x.shape.length];
  const kind = op === 'ReduceMean' ? 'ReduceSum' : op;
  const factor = op === 'ReduceMean' ? count(out.shape) / count(x.shape) : 1;
  w.instruction('Reduce', opcode(isInt(x, node) ? `${kind}Int` : kind), starts[op][isInt(x, node)], floatBits(factor),
    [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map(count), w.at(x), w.at(out));
};

/** All elements of a value, in order. */
const whole = (value: Value, w: Writer): Strided => ({place: [...w.at(value), 0], strides: rowMajor(value.shape)});

/** A copy of the whole of one value into part of another, or of part of one into the whole of another. */
const moved = (from: readonly number[], strides: readonly number[]): WriteNode => (node, w) => {
  const [out] = node.outputs;
  w.copy(out, out.shape, {place: [...w.at(node.inputs[0]), ...from], strides}, whole(out, w));
};

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

const extreme = (smallest: number): WriteNode => (node, w) => w.instruction(
  'Extreme', smallest, isInt(node.inputs[0], node), around(node.inputs[0].shape, int(node, 'axis')),
  w.at(node.inputs[0]), w.at(node.outputs[0]),
);
const softmax = (logarithm: number): WriteNode => (node, w) => w.instruction(
  'Softmax', logarithm, around(node.inputs[0].shape, int(node, 'axis')), w.at(node.inputs[0]), w.at(node.outputs[0]),
);

/** Rows of indices and what they point to. */
const blocks = ([x, index]: readonly Value[]) => {
  const depth = index.shape[index.shape.length - 1];
  return [
    count(index.shape.slice(0, -1)), depth, count(x.shape.slice(depth)), x.shape.slice(0, depth),
    rowMajor(x.shape).slice(0, depth),
  ];
};

const writers: Partial<Record<Node['op'], WriteNode>> = {
  Reshape: () => {}, Identity: () => {},
  ReduceSum: reduce, ReduceMean: reduce, ReduceMax: reduce, ReduceMin: reduce, ReduceProd: reduce,
  ArgMax: extreme(0), ArgMin: extreme(1), Softmax: softmax(0), LogSoftmax: softmax(1),
  CumSum: (node, w) => w.instruction(
    'RunningSum', isInt(node.inputs[0], node), int(node, 'exclusive'), int(node, 'reverse'),
    around(node.inputs[0].shape, int(node, 'axis')), w.at(node.inputs[0]), w.at(node.outputs[0]),
  ),
  Expand: (node, w) => moved([0], broadcastStrides(node.inputs[0].shape, node.outputs[0].shape))(node, w),
  Transpose: (node, w) => moved([0], ints(node, 'perm').map(axis => rowMajor(node.inputs[0].shape)[axis]))(node, w),
  Slice: (node, w) => {
    const own = rowMajor(node.inputs[0].shape);
    moved([dot(ints(node, 'starts'), own)], own.map((s, i) => s * ints(node, 'steps')[i]))(node, w);
  },
  Tile: (node, w) => {
    const [x] = node.inputs, [out] = node.outputs, shape = x.shape.flatMap((n, i) => [ints(node, 'repeats')[i], n]);
    const repeated = {place: [...w.at(x), 0], strides: rowMajor(x.shape).flatMap(s => [0, s])};
    w.copy(out, shape, repeated, {place: [...w.at(out), 0], strides: rowMajor(shape)});
  },
  Concat: (node, w) => {
    const [out] = node.outputs, own = rowMajor(out.shape), axis = int(node, 'axis');
    let at = 0;
    for (const x of node.inputs) {
      w.copy(out, x.shape, whole(x, w), {place: [...w.at(out), at * own[axis]], strides: own});
      at += x.shape[axis];
    }
  },
  Split: (node, w) => {
    const [x] = node.inputs, own = rowMajor(x.shape), axis = int(node, 'axis');
    let at = 0;
    for (const out of node.outputs) {
      if (w.isExternal(out)) w.copy(out, out.shape, {place: [...w.at(x), at * own[axis]], strides: own}, whole(out, w));
      at += out.shape[axis];
    }
  },
  Pad: (node, w) => {
    const [x] = node.inputs, [out] = node.outputs, own = rowMajor(out.shape), value = int(node, 'value');
    if (node.attributes.mode !== 'constant') {
      throw new Error(`provider 'native' has no Pad of mode ${String(node.attributes.mode)}; use 'cpu'`);
    }
    w.instruction('Fill', bytes(out), count(out.shape), out.dtype === 'float32' ? floatBits(value) : value, w.at(out));
    const first = dot(ints(node, 'pads').slice(0, own.length), own);
    w.copy(out, x.shape, whole(x, w), {place: [...w.at(out), first], strides: own});
  },
  Gather: (node, w) => w.instruction(
    'Gather', bytes(node.inputs[0]), around(node.inputs[0].shape, int(node, 'axis')), count(node.inputs[1].shape),
    node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0]),
  ),
  GatherND: (node, w) => w.instruction('GatherBlocks', bytes(node.inputs[0]), blocks(node.inputs)
    .flat(), node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0])),
  ScatterND: (node, w) => {
    w.instruction('ScatterAdd', isInt(node.inputs[0], node), blocks(node.inputs)
      .flat(), count(node.inputs[0].shape), node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0]));
  },
};
