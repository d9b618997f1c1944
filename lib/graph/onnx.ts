import {onnx} from 'onnx-proto';
import {expect} from '../errors';
import {swapLast, type OpName} from './ops';
import type {DType, Node, Program, TensorData, TensorType, Value} from './program';

/** ONNX operator set that {@link toOnnx} writes. */
export const OPSET = 18;

/**
 * The program as an ONNX model, in the bytes of its protobuf file: for ONNX Runtime, for viewers,
 * and for any other ONNX implementation. Deterministic: equal programs give equal bytes.
 * @throws ArgumentError unless the names of inputs and outputs are unique and do not begin with an underscore.
 */
export function toOnnx(program: Program): Uint8Array {
  checkNames(program);
  const writer = new Writer(program);
  for (const node of program.nodes) (emitters[node.op] ?? plain)(node, writer);
  const outputs = program.outputs.map((value, i) => writer.output(value, program.outputNames[i]));
  const graph = {
    name: 'program',
    node: writer.nodes,
    initializer: writer.initializers,
    input: program.inputs.map(value => info(writer.name(value), value)),
    output: outputs,
  };
  const model = {irVersion: 8, producerName: 'obsnode', opsetImport: [{domain: '', version: OPSET}], graph};
  return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish();
}

function checkNames(program: Program): void {
  const names = [...program.inputs.map((v, i) => v.name ?? `in${i}`), ...program.outputNames];
  expect(new Set(names).size === names.length, {fn: 'toOnnx', argument: 'program', expected: 'unique names of inputs and outputs', received: names.find((name, i) => names.indexOf(name) !== i)});
  const reserved = names.find(name => name.startsWith('_'));
  expect(reserved === undefined, {fn: 'toOnnx', argument: 'program', expected: 'names without a leading underscore, which intermediate values have', received: reserved});
}

const INT64 = onnx.TensorProto.DataType.INT64;
const elementType: Record<DType, number> = {float32: onnx.TensorProto.DataType.FLOAT, int32: onnx.TensorProto.DataType.INT32, bool: onnx.TensorProto.DataType.BOOL};

function info(name: string, {shape, dtype}: TensorType): onnx.IValueInfoProto {
  return {name, type: {tensorType: {elemType: elementType[dtype], shape: {dim: shape.map(dimValue => ({dimValue}))}}}};
}

type AttributeValue = number | readonly number[] | string | {readonly float: number};

/** Accumulates ONNX nodes and initialisers; parameters that ONNX takes as tensors become shared initialisers. */
class Writer {
  readonly nodes: onnx.INodeProto[] = [];
  readonly initializers: onnx.ITensorProto[] = [];
  private readonly names = new Map<Value, string>();
  private readonly shared = new Map<string, string>();
  private fresh = 0;

  constructor(program: Program) {
    program.inputs.forEach((value, i) => this.names.set(value, value.name ?? `in${i}`));
    for (const [value, data] of program.constants) {
      const name = `_c${this.names.size}`;
      this.names.set(value, name);
      this.initializers.push(raw(name, elementType[value.dtype], value.shape, data));
    }
    program.outputs.forEach((value, i) => { if (!this.names.has(value)) this.names.set(value, program.outputNames[i]); });
  }

  name(value: Value): string {
    const known = this.names.get(value);
    if (known) return known;
    const name = `_v${this.names.size}`;
    this.names.set(value, name);
    return name;
  }

  add(opType: string, input: readonly string[], output: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.nodes.push({opType, input: [...input], output: [...output], attribute});
  }

  /** Appends a node with one intermediate output and returns that output's name. */
  step(opType: string, input: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    const name = `_t${this.fresh++}`;
    this.add(opType, input, [name], attributes);
    return name;
  }

  int64(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.share(INT64, BigInt64Array.from(values, BigInt), shape);
  }

  scalar(value: number, dtype: DType): string {
    return this.share(elementType[dtype], dtype === 'float32' ? Float32Array.of(value) : Int32Array.of(value), []);
  }

  /** Declares a program output; a value that already has a public name is copied. */
  output(value: Value, name: string): onnx.IValueInfoProto {
    if (this.name(value) !== name) this.add('Identity', [this.name(value)], [name]);
    return info(name, value);
  }

  private share(type: number, data: ArrayBufferView, shape: readonly number[]): string {
    const key = `${type}|${shape}|${data}`;
    const known = this.shared.get(key);
    if (known) return known;
    const name = `_p${this.shared.size}`;
    this.shared.set(key, name);
    this.initializers.push(raw(name, type, shape, data));
    return name;
  }
}

function raw(name: string, dataType: number, dims: readonly number[], data: TensorData | ArrayBufferView): onnx.ITensorProto {
  return {name, dataType, dims: [...dims], rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)};
}

function attributeProto(name: string, value: AttributeValue): onnx.IAttributeProto {
  const types = onnx.AttributeProto.AttributeType;
  if (typeof value === 'string') return {name, type: types.STRING, s: new TextEncoder().encode(value)};
  if (typeof value === 'number') return {name, type: types.INT, i: value};
  if ('float' in value) return {name, type: types.FLOAT, f: value.float};
  return {name, type: types.INTS, ints: [...value]};
}

type Emitter = (node: Node, w: Writer) => void;

const inputs = (node: Node, w: Writer) => node.inputs.map(v => w.name(v));
const outputs = (node: Node, w: Writer) => node.outputs.map(v => w.name(v));
const ints = (node: Node, name: string) => node.attributes[name] as readonly number[];
const int = (node: Node, name: string) => node.attributes[name] as number;

/** Ops whose attributes are integers, lists of integers or absent. */
const plain: Emitter = (node, w) => w.add(node.op, inputs(node, w), outputs(node, w), node.attributes as Record<string, AttributeValue>);

/** Ops with one list of integers that ONNX takes as a tensor. */
const listInput = (attribute: string, fixed: Record<string, AttributeValue> = {}): Emitter => (node, w) =>
  w.add(node.op, [...inputs(node, w), w.int64(ints(node, attribute))], outputs(node, w), fixed);

const reduce: Emitter = (node, w) => w.add(node.op, [...inputs(node, w), w.int64(ints(node, 'axes'))], outputs(node, w), {keepdims: int(node, 'keepdims')});

const arg: Emitter = (node, w) => {
  const index = w.step(node.op, inputs(node, w), {axis: int(node, 'axis'), keepdims: 0});
  w.add('Cast', [index], outputs(node, w), {to: elementType.int32});
};

const matMul: Emitter = (node, w) => {
  const transposed = [int(node, 'transA'), int(node, 'transB')];
  const names = inputs(node, w);
  if (!transposed[0] && !transposed[1]) return w.add('MatMul', names, outputs(node, w));
  if (node.inputs.every(v => v.shape.length === 2)) return w.add('Gemm', names, outputs(node, w), {transA: transposed[0], transB: transposed[1]});
  w.add('MatMul', node.inputs.map((v, i) => (transposed[i] ? w.step('Transpose', [names[i]], {perm: swapLast(v.shape.length)}) : names[i])), outputs(node, w));
};

const withInt64Index = (attributes: Record<string, AttributeValue>): Emitter => (node, w) => {
  const [x, index, ...rest] = inputs(node, w);
  w.add(node.op, [x, w.step('Cast', [index], {to: INT64}), ...rest], outputs(node, w), attributes);
};

/** How an op is written when it is not simply its ONNX namesake with integer attributes. */
const emitters: Partial<Record<OpName, Emitter>> = {
  MeanOverWorkers: (node, w) => w.add('Identity', inputs(node, w), outputs(node, w)),
  MatMul: matMul,
  Gemm: (node, w) => w.add('Gemm', inputs(node, w), outputs(node, w), {alpha: {float: int(node, 'alpha')}, beta: {float: int(node, 'beta')}, transA: int(node, 'transA'), transB: int(node, 'transB')}),
  LeakyRelu: (node, w) => w.add('LeakyRelu', inputs(node, w), outputs(node, w), {alpha: {float: int(node, 'alpha')}}),
  Mod: (node, w) => w.add('Mod', inputs(node, w), outputs(node, w), {fmod: 1}),
  Clip: (node, w) => w.add('Clip', [...inputs(node, w), w.scalar(int(node, 'min'), node.inputs[0].dtype), w.scalar(int(node, 'max'), node.inputs[0].dtype)], outputs(node, w)),
  Cast: (node, w) => w.add('Cast', inputs(node, w), outputs(node, w), {to: elementType[node.attributes.to as DType]}),
  CumSum: (node, w) => w.add('CumSum', [...inputs(node, w), w.int64([int(node, 'axis')], [])], outputs(node, w), {exclusive: int(node, 'exclusive'), reverse: int(node, 'reverse')}),
  ReduceSum: reduce, ReduceMean: reduce, ReduceMax: reduce, ReduceMin: reduce, ReduceProd: reduce, ArgMax: arg, ArgMin: arg,
  Reshape: (node, w) => listInput('shape', ints(node, 'shape').includes(0) ? {allowzero: 1} : {})(node, w),
  Expand: listInput('shape'), Tile: listInput('repeats'),
  Split: (node, w) => w.add('Split', [...inputs(node, w), w.int64(ints(node, 'sizes'))], outputs(node, w), {axis: int(node, 'axis')}),
  Slice: (node, w) => {
    const axes = ints(node, 'starts').map((_, i) => i);
    // ONNX counts -1 from the end; a slice that runs down past index 0 ends far below it.
    const ends = ints(node, 'ends').map(end => (end < 0 ? -(2 ** 31) : end));
    w.add('Slice', [...inputs(node, w), ...[ints(node, 'starts'), ends, axes, ints(node, 'steps')].map(l => w.int64(l))], outputs(node, w));
  },
  Pad: (node, w) => w.add('Pad', [...inputs(node, w), w.int64(ints(node, 'pads')), ...(node.attributes.mode === 'constant' ? [w.scalar(int(node, 'value'), node.inputs[0].dtype)] : [])], outputs(node, w), {mode: node.attributes.mode as string}),
  Gather: (node, w) => w.add('Gather', inputs(node, w), outputs(node, w), {axis: int(node, 'axis')}),
  GatherND: withInt64Index({}), ScatterND: withInt64Index({reduction: 'add'}),
};
