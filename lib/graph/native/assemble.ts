import {chain, type Unit} from './chains';
import {isElementwise, stepsOf, type Scalar, type StepOperand} from './elementwise';
import {opcode, type Opcode} from './opcodes';
import {isProduct, packed, packingKey} from './packing';
import {outsideUses, store, unitsOf, views, FIRST_INPUT, SCRATCH, type Place, type Storage} from './storage';
import {count, sameShape, type Node, type Program, type Value} from '../program';
import {broadcastStrides, collapse, rowMajor} from '../strides';

/** A program as the engine in C reads it. */
export interface Assembly {
  /** Instructions: number, length in words, operands. */
  readonly code: Int32Array;
  readonly constants: Uint8Array;
  /** Bytes of scratch room that each worker needs. */
  readonly scratch: number;
}

/** Writes a program as instructions. @throws Error for an operation that the engine does not have. */
export function assemble(program: Program): Assembly {
  const units = chain(program), constants = new Constants(program), external = outsideUses(program, units);
  const root = views(program);
  const storage = store(program, units, constants.offsets, (unit, result) => replaceable(unit, result, root));
  const writer = new Writer(program, constants, storage, external);
  const ahead = coldAfter(units, storage, external);
  units.forEach((unit, at) => {
    writer.ahead = ahead[at];
    writeUnit(unit, writer);
  });
  program.outputs.forEach((value, i) => writer.copyOut(value, {block: FIRST_INPUT + program.inputs.length + i, offset: 0}));
  return {code: Int32Array.from(writer.words), constants: constants.bytes(), scratch: 4 * writer.scratch};
}

/** The constants of a program one after the other, and single numbers that instructions need. */
class Constants {
  readonly offsets = new Map<Value, number>();
  private readonly scalars = new Map<string, number>();
  private readonly parts: {readonly offset: number; readonly data: ArrayBufferView}[] = [];
  private size = 0;

  constructor(program: Program) {
    for (const [value, data] of program.constants) {
      this.offsets.set(value, this.size);
      this.add(data, unitsOf(value));
    }
  }

  scalar({value, dtype}: Scalar): number {
    const key = `${dtype}:${Object.is(value, -0) ? '-0' : value}`, known = this.scalars.get(key);
    if (known !== undefined) return known;
    const offset = this.size;
    this.scalars.set(key, offset);
    this.add(dtype === 'float32' ? Float32Array.of(value) : Int32Array.of(value), 1);
    return offset;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(4 * Math.max(1, this.size));
    for (const {offset, data} of this.parts) all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 4 * offset);
    return all;
  }

  private add(data: ArrayBufferView, units: number): void {
    this.parts.push({offset: this.size, data});
    this.size += units;
  }
}

const NOTHING: readonly number[] = [SCRATCH, 0, 0];

/** Units after which scratch memory is taken to have left the near caches, and the least size in units of four bytes that is worth fetching. */
const COLD = 40, WORTH = 1024;

/** For each unit that is a product: the first large piece of scratch memory that the units up to the next product use, and that was not used for long. */
function coldAfter(units: readonly Unit[], storage: Storage, external: (v: Value) => boolean): (readonly number[])[] {
  const used = units.map(unit => unit.flatMap(n => [...n.inputs, ...n.outputs]).filter(v => unitsOf(v) >= WORTH && (external(v)) && storage.place(v)?.block === SCRATCH).map(v => [SCRATCH, storage.place(v).offset, unitsOf(v)]));
  const last = new Map<number, number>(), cold: (readonly number[])[] = units.map(() => NOTHING);
  let previous = -1;
  units.forEach((unit, at) => {
    for (const piece of used[at]) {
      if (previous >= 0 && cold[previous] === NOTHING && at - (last.get(piece[1]) ?? -COLD - 1) > COLD) cold[previous] = piece;
      last.set(piece[1], at);
    }
    if (isProduct(unit[0])) previous = at;
  });
  return cold;
}

/** Values whose memory a result may take over: nothing of them is read after the first of it is written. */
function replaceable(unit: Unit, result: Value, root: (v: Value) => Value): readonly Value[] {
  const [node] = unit;
  if (isElementwise(node)) {
    const made = new Set(unit.flatMap(n => n.outputs)), at = unit.findIndex(n => n.outputs.includes(result));
    const readLater = new Set(unit.slice(at + 1).flatMap(n => n.inputs.map(root)));
    return result.dtype === 'bool' ? [] : unit.slice(0, at + 1).flatMap(n => n.inputs).filter(v => !made.has(v) && v.dtype !== 'bool' && count(v.shape) === count(result.shape) && !readLater.has(root(v)));
  }
  const [first, ...others] = node.op === 'Gemm' ? node.inputs.toReversed() : node.op === 'ScatterND' ? node.inputs : [];
  return first && sameShape(first.shape, result.shape) && !others.some(v => root(v) === root(first)) ? [first] : [];
}

const bits = new DataView(new ArrayBuffer(4));
const floatBits = (x: number) => { bits.setFloat32(0, x); return bits.getInt32(0); };

class Writer {
  readonly words: number[] = [];
  /** What the product that is being written fetches ahead: block, offset, units. */
  ahead: readonly number[] = NOTHING;
  /** Units of scratch room: what the storage needs, and behind it the packed weights. */
  scratch: number;
  private readonly packings = new Map<string, readonly [number, number]>();
  private readonly isPacked: (product: Node) => boolean;

  constructor(program: Program, private readonly constants: Constants, private readonly storage: Storage, readonly isExternal: (v: Value) => boolean) {
    this.scratch = storage.scratch;
    this.isPacked = packed(program);
  }

  instruction(op: Opcode, ...operands: readonly (number | readonly number[])[]): void {
    const flat = operands.flat();
    this.words.push(opcode(op), flat.length + 2, ...flat);
  }

  at(value: Value): [number, number] {
    const {block, offset} = this.storage.place(value);
    return [block, offset];
  }

  scalarAt(scalar: Scalar): [number, number] {
    return [1, this.constants.scalar(scalar)];
  }

  /** Where the second operand of a product is; one that several products share is packed when the first of them comes. */
  right(product: Node): {readonly packed: boolean; readonly at: readonly [number, number]} {
    const value = product.inputs[1], transposed = product.attributes.transB === 1;
    if (!this.isPacked(product)) return {packed: false, at: this.at(value)};
    const key = packingKey(product), known = this.packings.get(key);
    if (known) return {packed: true, at: known};
    const [k, n] = transposed ? value.shape.toReversed() : value.shape, at = [SCRATCH, this.scratch] as const;
    this.scratch += k * Math.ceil(n / WIDEST_STRIP) * WIDEST_STRIP;
    this.packings.set(key, at);
    this.instruction('Pack', k, n, transposed ? [1, k] : [n, 1], this.at(value), at);
    return {packed: true, at};
  }

  /** Copies an output that was not computed where it is wanted: one that is an input, a constant or another output as well. */
  copyOut(value: Value, to: Place): void {
    const [block, offset] = this.at(value), n = count(value.shape);
    if (block === to.block) return;
    this.copy(value, [n], [block, offset, 0], [1], [to.block, to.offset, 0], [1]);
  }

  /** Copies between strided places; the last number of a place is its first element. */
  copy({dtype}: Value, shape: readonly number[], from: readonly number[], fromStrides: readonly number[], to: readonly number[], toStrides: readonly number[]): void {
    if (count(shape) === 0) return;
    const simple = collapse(shape, [fromStrides, toStrides]);
    if (simple.shape.length > MAX_RANK) throw new Error(`provider 'native' moves tensors of at most ${MAX_RANK} axes; use 'cpu'`);
    this.instruction('Copy', dtype === 'bool' ? 1 : 4, simple.shape.length, simple.shape, from, simple.strides[0], to, simple.strides[1]);
  }
}

const MAX_RANK = 8;

/** Columns of a packed strip are a multiple of this on no machine; see TILE_COLUMNS in `products.h`. */
const WIDEST_STRIP = 64;

function writeUnit(unit: Unit, w: Writer): void {
  const [node] = unit;
  if (isElementwise(node)) return writeChain(unit, w);
  if (node.op === 'MeanOverWorkers') return w.instruction('Exchange', unit.length, ...unit.map(n => [count(n.outputs[0].shape), w.at(n.inputs[0]), w.at(n.outputs[0])].flat()));
  const write = writers[node.op];
  if (!write) throw new Error(`provider 'native' has no ${node.op}; use 'cpu'`);
  write(node, w);
}

/** How an operand of a chain lies in memory; the engine's names are in `elementwise.h`. */
const CONTIGUOUS = 0, ONE_NUMBER = 1, BROADCAST = 2;

function writeChain(unit: Unit, w: Writer): void {
  const shape = unit[0].outputs[0].shape, n = count(shape);
  const operands = new Map<Key, Value | Scalar>(), results = unit.map(node => node.outputs[0]).filter(w.isExternal);
  const steps = unit.flatMap(node => chainSteps(node, operands)), made = new Set<Key>(steps.map(s => s.result));
  for (const k of made) operands.delete(k);

  const registers = new Map<Key, number>([...operands.keys(), ...results].map((k, i) => [k, i]));
  const lastUse = new Map<Key, number>();
  steps.forEach(({keys}, i) => keys.forEach(k => lastUse.set(k, i)));
  const free: number[] = [];
  let size = registers.size;
  const code = steps.flatMap(({op, keys, result}, i) => {
    const from = keys.map(k => registers.get(k)!);
    for (const k of new Set(keys)) if (lastUse.get(k) === i && made.has(k) && !results.includes(k as Value)) free.push(registers.get(k)!);
    if (!registers.has(result)) registers.set(result, free.pop() ?? size++);
    return [opcode(op), registers.get(result)!, ...[0, 1, 2].map(j => from[j] ?? from[0])];
  });
  if (size > MAX_REGISTERS) throw new Error(`provider 'native': a chain of ${unit.length} operations needs ${size} registers; use 'cpu'`);

  const values = [...operands.values()].map(o => ('value' in o ? {dtype: o.dtype, shape: [], at: w.scalarAt(o)} : {dtype: o.dtype, shape: o.shape, at: w.at(o)}));
  const simple = collapse(shape, values.map(v => broadcastStrides(v.shape, shape)));
  const kind = (v: {readonly shape: readonly number[]}) => (count(v.shape) === n ? CONTIGUOUS : count(v.shape) === 1 ? ONE_NUMBER : BROADCAST);
  w.instruction('Elementwise', n, operands.size, results.length, size, steps.length, simple.shape.length, simple.shape,
    values.flatMap((v, i) => [...v.at, kind(v), Number(v.dtype === 'bool'), ...simple.strides[i]]),
    results.flatMap(v => [registers.get(v)!, ...w.at(v), Number(v.dtype === 'bool')]), code);
}

/** What names an operand or a result inside a chain: a value, the text of a number, or an object for what only a later step sees. */
type Key = object | string;

interface ChainStep {
  readonly op: Opcode;
  readonly keys: readonly Key[];
  readonly result: Key;
}

/** The steps of one node; notes the values and numbers that they take. */
function chainSteps(node: Node, operands: Map<Key, Value | Scalar>): ChainStep[] {
  const own = stepsOf(node), results: Key[] = own.map((_, i) => (i === own.length - 1 ? node.outputs[0] : {}));
  const key = (o: StepOperand): Key => {
    if ('step' in o) return results[o.step];
    const name = 'value' in o ? `${o.dtype}:${o.value}` : o;
    operands.set(name, o);
    return name;
  };
  return own.map(({op, operands: used}, i) => ({op, keys: used.map(key), result: results[i]}));
}

/** As in `elementwise.h`. */
const MAX_REGISTERS = 40;

type WriteNode = (node: Node, w: Writer) => void;
const ints = (node: Node, name: string) => node.attributes[name] as readonly number[];
const int = (node: Node, name: string) => node.attributes[name] as number;
const bytes = (value: Value) => (value.dtype === 'bool' ? 1 : 4);
const isInt = (value: Value) => Number(value.dtype !== 'float32');

/** Lengths before, at and after an axis. */
function around(shape: readonly number[], axis: number): [number, number, number] {
  return [count(shape.slice(0, axis)), shape[axis], count(shape.slice(axis + 1))];
}

const product: WriteNode = (node, w) => {
  const [a, b, c] = node.inputs, [out] = node.outputs, {transA, transB, alpha = 1, beta = 1} = node.attributes as Record<string, number>;
  const [rows, n] = out.shape.slice(-2), k = b.shape[b.shape.length - (transB ? 1 : 2)], batch = out.shape.slice(0, -2);
  // Rows of all matrices of a batch are one matrix where the second operand is the same for all.
  const flat = !transA && b.shape.length === 2, m = flat ? rows * count(batch) : rows;
  const matrices = flat ? 1 : count(batch), right = w.right(node);
  const offsets = (x: Value) => offsetsOf(batch, broadcastStrides(x.shape.slice(0, -2), batch)).map(i => i * count(x.shape.slice(-2)));
  const [offsetsA, offsetsB] = flat ? [[0], [0]] : [offsets(a), offsets(b)];
  const [rowC, columnC] = c ? broadcastStrides(c.shape, [m, n]) : [0, 0];
  w.instruction('Product', m, n, k, floatBits(alpha), floatBits(beta), transA ? [1, m] : [k, 1], [rowC, n === 1 ? 1 : columnC], Number(right.packed),
    w.at(a), right.at, c ? w.at(c) : [-1, 0], w.at(out), w.ahead, matrices, offsetsA.flatMap((o, i) => [o, offsetsB[i]]));
};

/** Offsets of all elements of a shape with the given strides. */
function offsetsOf(shape: readonly number[], strides: readonly number[]): number[] {
  return shape.reduce<number[]>((all, n, axis) => all.flatMap(o => Array.from({length: n}, (_, i) => o + i * strides[axis])), [0]);
}

const starts = {
  ReduceSum: [0, 0], ReduceMean: [0, 0], ReduceProd: [floatBits(1), 1], ReduceMax: [floatBits(-Infinity), -(2 ** 31)], ReduceMin: [floatBits(Infinity), 2 ** 31 - 1],
} as const;

const reduce: WriteNode = (node, w) => {
  const op = node.op as keyof typeof starts, [x] = node.inputs, [out] = node.outputs, axes = ints(node, 'axes');
  const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const simple = collapse(x.shape, [rowMajor(x.shape), broadcastStrides(kept, x.shape)]);
  const kind = op === 'ReduceMean' ? 'ReduceSum' : op;
  const factor = op === 'ReduceMean' ? count(out.shape) / count(x.shape) : 1;
  w.instruction('Reduce', opcode(isInt(x) ? `${kind}Int` : kind), starts[op][isInt(x)], count(out.shape), floatBits(factor), simple.shape.length, simple.shape, simple.strides[1], w.at(x), w.at(out));
};

/** A copy of the whole of one value into part of another, or of part of one into the whole of another. */
const moved = (from: readonly number[], strides: readonly number[]): WriteNode => (node, w) => {
  const [out] = node.outputs;
  w.copy(out, out.shape, [...w.at(node.inputs[0]), ...from], strides, [...w.at(out), 0], rowMajor(out.shape));
};

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

const extreme = (smallest: number): WriteNode => (node, w) => w.instruction('Extreme', smallest, isInt(node.inputs[0]), around(node.inputs[0].shape, int(node, 'axis')), w.at(node.inputs[0]), w.at(node.outputs[0]));
const softmax = (logarithm: number): WriteNode => (node, w) => w.instruction('Softmax', logarithm, around(node.inputs[0].shape, int(node, 'axis')), w.at(node.inputs[0]), w.at(node.outputs[0]));

/** Rows of indices and what they point to. */
const blocks = ([x, index]: readonly Value[]) => {
  const depth = index.shape[index.shape.length - 1];
  return [count(index.shape.slice(0, -1)), depth, count(x.shape.slice(depth)), x.shape.slice(0, depth), rowMajor(x.shape).slice(0, depth)];
};

const writers: Partial<Record<Node['op'], WriteNode>> = {
  Reshape: () => {}, Identity: () => {},
  MatMul: product, Gemm: product,
  ReduceSum: reduce, ReduceMean: reduce, ReduceMax: reduce, ReduceMin: reduce, ReduceProd: reduce,
  ArgMax: extreme(0), ArgMin: extreme(1), Softmax: softmax(0), LogSoftmax: softmax(1),
  CumSum: (node, w) => w.instruction('RunningSum', isInt(node.inputs[0]), int(node, 'exclusive'), int(node, 'reverse'), around(node.inputs[0].shape, int(node, 'axis')), w.at(node.inputs[0]), w.at(node.outputs[0])),
  Expand: (node, w) => moved([0], broadcastStrides(node.inputs[0].shape, node.outputs[0].shape))(node, w),
  Transpose: (node, w) => moved([0], ints(node, 'perm').map(axis => rowMajor(node.inputs[0].shape)[axis]))(node, w),
  Slice: (node, w) => {
    const own = rowMajor(node.inputs[0].shape);
    moved([dot(ints(node, 'starts'), own)], own.map((s, i) => s * ints(node, 'steps')[i]))(node, w);
  },
  Tile: (node, w) => {
    const [x] = node.inputs, [out] = node.outputs, shape = x.shape.flatMap((n, i) => [ints(node, 'repeats')[i], n]);
    w.copy(out, shape, [...w.at(x), 0], rowMajor(x.shape).flatMap(s => [0, s]), [...w.at(out), 0], rowMajor(shape));
  },
  Concat: (node, w) => {
    const [out] = node.outputs, own = rowMajor(out.shape), axis = int(node, 'axis');
    let at = 0;
    for (const x of node.inputs) {
      w.copy(out, x.shape, [...w.at(x), 0], rowMajor(x.shape), [...w.at(out), at * own[axis]], own);
      at += x.shape[axis];
    }
  },
  Split: (node, w) => {
    const [x] = node.inputs, own = rowMajor(x.shape), axis = int(node, 'axis');
    let at = 0;
    for (const out of node.outputs) {
      if (w.isExternal(out)) w.copy(out, out.shape, [...w.at(x), at * own[axis]], own, [...w.at(out), 0], rowMajor(out.shape));
      at += out.shape[axis];
    }
  },
  Pad: (node, w) => {
    const [x] = node.inputs, [out] = node.outputs, own = rowMajor(out.shape), value = int(node, 'value');
    if (node.attributes.mode !== 'constant') throw new Error(`provider 'native' has no Pad of mode ${String(node.attributes.mode)}; use 'cpu'`);
    w.instruction('Fill', bytes(out), count(out.shape), out.dtype === 'float32' ? floatBits(value) : value, w.at(out));
    w.copy(out, x.shape, [...w.at(x), 0], rowMajor(x.shape), [...w.at(out), dot(ints(node, 'pads').slice(0, own.length), own)], own);
  },
  Gather: (node, w) => w.instruction('Gather', bytes(node.inputs[0]), around(node.inputs[0].shape, int(node, 'axis')), count(node.inputs[1].shape), node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0])),
  GatherND: (node, w) => w.instruction('GatherBlocks', bytes(node.inputs[0]), blocks(node.inputs).flat(), node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0])),
  ScatterND: (node, w) => {
    if (node.outputs[0].dtype === 'bool') throw new Error(`provider 'native' has no ScatterND of bool; use 'cpu'`);
    w.instruction('ScatterAdd', isInt(node.inputs[0]), blocks(node.inputs).flat(), count(node.inputs[0].shape), node.inputs.map(v => w.at(v)).flat(), w.at(node.outputs[0]));
  },
};
