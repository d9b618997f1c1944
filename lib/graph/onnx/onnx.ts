import {onnx} from 'onnx-proto';
import {expect} from '../../errors';
import {bitsOf, tensorData} from '../ir/builder';
import {swapLast, type OpName} from '../ir/ops';
import type {DType, Node, Program, TensorData, TensorType, Value} from '../ir/program';

/** ONNX operator set that {@link toOnnx} writes. */
export const OPSET = 18;

/**
 * The program as an ONNX model, in the bytes of its protobuf file: for ONNX Runtime, for viewers,
 * and for any other ONNX implementation. Deterministic: equal programs give equal bytes.
 * @param metadata texts by key, for readers of the file; default none
 * @throws ArgumentError unless the names of inputs and outputs are unique, not empty, and do not begin with an
 * underscore.
 */
export function toOnnx(program: Program, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
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
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({key, value}));
  const opsetImport = [{domain: '', version: OPSET}];
  const model = {irVersion: 8, producerName: 'obsnode', opsetImport, graph, metadataProps};
  return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish();
}

function checkNames(program: Program): void {
  const names = [...program.inputs.map((v, i) => v.name ?? `in${i}`), ...program.outputNames];
  expect(new Set(names).size === names.length, {
    fn: 'toOnnx', argument: 'program', expected: 'unique names of inputs and outputs',
    received: names.find((name, i) => names.indexOf(name) !== i),
  });
  const reserved = names.find(name => name === '' || name.startsWith('_'));
  expect(reserved === undefined, {
    fn: 'toOnnx', argument: 'program',
    expected: 'names without a leading underscore, which intermediate values have, and not empty', received: reserved,
  });
}

const {INT64, DOUBLE} = onnx.TensorProto.DataType;
const elementType: Record<DType, number> = {
  float32: onnx.TensorProto.DataType.FLOAT, int32: onnx.TensorProto.DataType.INT32,
  bool: onnx.TensorProto.DataType.BOOL,
};

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

  constructor(private readonly program: Program) {
    program.inputs.forEach((value, i) => this.names.set(value, value.name ?? `in${i}`));
    for (const [value, data] of program.constants) {
      const name = `_c${this.names.size}`;
      this.names.set(value, name);
      this.initializers.push(raw(name, elementType[value.dtype], value.shape, data));
    }
    program.outputs.forEach((value, i) => {
      if (!this.names.has(value)) this.names.set(value, program.outputNames[i]);
    });
  }

  /** Data of a constant, or undefined for any other value. */
  data(value: Value): TensorData | undefined {
    return this.program.constants.get(value);
  }

  name(value: Value): string {
    const known = this.names.get(value);
    if (known) return known;
    const name = `_v${this.names.size}`;
    this.names.set(value, name);
    return name;
  }

  add(
    opType: string, input: readonly string[], output: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): void {
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
    return this.share(elementType[dtype], tensorData(dtype, [value]), []);
  }

  double(value: number): string {
    return this.share(DOUBLE, Float64Array.of(value), []);
  }

  /**
   * Indices as they are, for engines that take negative ones to count from the end: those become too large ones, which
   * are refused.
   */
  indices(value: Value): string {
    const name = this.name(value);
    if (this.data(value)?.every(i => i >= 0)) return name;
    return this.step('Where', [
      this.step('Less', [name, this.scalar(0, 'int32')]), this.scalar(2 ** 31 - 1, 'int32'), name,
    ]);
  }

  /** Declares a program output; a value that already has a public name is copied. */
  output(value: Value, name: string): onnx.IValueInfoProto {
    if (this.name(value) !== name) this.add('Identity', [this.name(value)], [name]);
    return info(name, value);
  }

  private share(type: number, data: ArrayBufferView, shape: readonly number[]): string {
    const key = `${type}|${shape}|${bitsOf(data)}`;
    const known = this.shared.get(key);
    if (known) return known;
    const name = `_p${this.shared.size}`;
    this.shared.set(key, name);
    this.initializers.push(raw(name, type, shape, data));
    return name;
  }
}

function raw(
  name: string, dataType: number, dims: readonly number[], data: TensorData | ArrayBufferView,
): onnx.ITensorProto {
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
const plain: Emitter = (node, w) =>
  w.add(node.op, inputs(node, w), outputs(node, w), node.attributes as Record<string, AttributeValue>);

/** Ops with one list of integers that ONNX takes as a tensor. */
const listInput = (attribute: string, fixed: Record<string, AttributeValue> = {}): Emitter => (node, w) =>
  w.add(node.op, [...inputs(node, w), w.int64(ints(node, attribute))], outputs(node, w), fixed);

const isFloat = (node: Node) => node.inputs[0].dtype === 'float32';

/** One emitter for floats, another for whole numbers. */
const byType = (floats: Emitter, whole: Emitter): Emitter => (node, w) => (isFloat(node) ? floats : whole)(node, w);

/**
 * Computes in double precision, which holds all whole numbers of 32 bits and their sums. What becomes a whole number
 * again is cut off modulo 2^32, and 0 where it is not finite, as in JavaScript; what ONNX Runtime itself makes of too
 * large a number differs between machines.
 */
const inDouble = (compute: (w: Writer, x: readonly string[], node: Node) => string): Emitter => (node, w) => {
  const y = compute(w, inputs(node, w).map(name => w.step('Cast', [name], {to: DOUBLE})), node);
  if (node.outputs[0].dtype !== 'int32') {
    return w.add('Cast', [y], outputs(node, w), {to: elementType[node.outputs[0].dtype]});
  }
  const rest = w.step('Mod', [y, w.double(2 ** 32)], {fmod: 1});
  const finite = w.step('Where', [w.step('IsNaN', [rest]), w.double(0), rest]);
  const turns = w.step('Floor', [w.step('Mul', [w.step('Add', [finite, w.double(2 ** 31)]), w.double(2 ** -32)])]);
  w.add('Cast', [w.step('Sub', [finite, w.step('Mul', [turns, w.double(2 ** 32)])])], outputs(node, w), {
    to: elementType.int32,
  });
};
const namesake = inDouble((w, x, node) => w.step(node.op, x));

const floorMod = inDouble((w, [a, b]) => {
  const rest = w.step('Mod', [a, b], {fmod: 1}), zero = w.double(0);
  const both = (test: string) => w.step('And', [a, b].map(v => w.step(test, [v, zero])));
  return w.step('Where', [
    w.step('Or', [both('Less'), both('GreaterOrEqual')]), rest, w.step('Mod', [w.step('Add', [rest, b]), b], {fmod: 1}),
  ]);
});

/** ONNX has powers of 1 as 1 even where the exponent is not finite. */
const pow: Emitter = (node, w) => {
  if (w.data(node.inputs[1])?.every(Number.isFinite)) return plain(node, w);
  // A product makes subnormal numbers 0, as they are for other operations; the power would look at their bits.
  const number = (x: number) => w.scalar(x, 'float32');
  const [a, b] = inputs(node, w).map(name => w.step('Mul', [name, number(1)]));
  const infinite = w.step('Not', [w.step('Less', [w.step('Abs', [b]), number(Infinity)])]);
  w.add('Where', [
    w.step('And', [w.step('Equal', [w.step('Abs', [a]), number(1)]), infinite]), number(NaN), w.step('Pow', [a, b]),
  ], outputs(node, w));
};

const reduce: Emitter = (node, w) => {
  // Without axes ONNX takes all of them.
  if (ints(node, 'axes').length === 0) return w.add('Identity', inputs(node, w), outputs(node, w));
  w.add(node.op, [...inputs(node, w), w.int64(ints(node, 'axes'))], outputs(node, w), {
    keepdims: int(node, 'keepdims'),
  });
};

const reduceInDouble = inDouble((w, [x], node) => (ints(node, 'axes').length === 0
  ? x
  : w.step(node.op, [x, w.int64(ints(node, 'axes'))], {keepdims: int(node, 'keepdims')})));

/** ONNX Runtime passes over NaN: where there is one, the result is NaN here. */
const extreme: Emitter = (node, w) => {
  const [x] = inputs(node, w), axes = w.int64(ints(node, 'axes')), attributes = {keepdims: int(node, 'keepdims')};
  if (!isFloat(node) || ints(node, 'axes').length === 0) return reduce(node, w);
  const any =
    w.step('ReduceMax', [w.step('Cast', [w.step('IsNaN', [x])], {to: elementType.float32}), axes], attributes);
  w.add('Where', [
    w.step('Cast', [any], {to: elementType.bool}), w.scalar(NaN, 'float32'), w.step(node.op, [x, axes], attributes),
  ], outputs(node, w));
};

/** As TensorFlow.js: nothing is larger than a NaN at the beginning, and one elsewhere is passed over. */
const arg = (worst: number): Emitter => (node, w) => {
  const [x] = inputs(node, w), axis = int(node, 'axis');
  const index = (of: string) => w.step('Cast', [w.step(node.op, [of], {axis, keepdims: 0})], {to: elementType.int32});
  if (!isFloat(node)) return w.add('Identity', [index(x)], outputs(node, w));
  const found = index(w.step('Where', [w.step('IsNaN', [x]), w.scalar(worst, 'float32'), x]));
  const first = w.step('Gather', [x, w.scalar(0, 'int32')], {axis});
  w.add('Where', [w.step('IsNaN', [first]), w.scalar(0, 'int32'), found], outputs(node, w));
};

const matMul: Emitter = (node, w) => {
  const transposed = [int(node, 'transA'), int(node, 'transB')];
  const names = inputs(node, w);
  if (!transposed[0] && !transposed[1]) return w.add('MatMul', names, outputs(node, w));
  if (node.inputs.every(v => v.shape.length === 2)) {
    return w.add('Gemm', names, outputs(node, w), {transA: transposed[0], transB: transposed[1]});
  }
  w.add('MatMul', node.inputs.map((v, i) =>
    (transposed[i] ? w.step('Transpose', [names[i]], {perm: swapLast(v.shape.length)}) : names[i])), outputs(node, w));
};

const withInt64Index = (attributes: Record<string, AttributeValue>): Emitter => (node, w) => {
  const [x, , ...rest] = inputs(node, w);
  w.add(node.op, [x, w.step('Cast', [w.indices(node.inputs[1])], {to: INT64}), ...rest], outputs(node, w), attributes);
};

/** How an op is written when it is not simply its ONNX namesake with integer attributes. */
const emitters: Partial<Record<OpName, Emitter>> = {
  MeanOverWorkers: (node, w) => w.add('Identity', inputs(node, w), outputs(node, w)),
  MatMul: matMul,
  Gemm: (node, w) => w.add('Gemm', inputs(node, w), outputs(node, w), {
    alpha: {float: int(node, 'alpha')}, beta: {float: int(node, 'beta')}, transA: int(node, 'transA'),
    transB: int(node, 'transB'),
  }),
  LeakyRelu: (node, w) => w.add('LeakyRelu', inputs(node, w), outputs(node, w), {alpha: {float: int(node, 'alpha')}}),
  Mul: byType(plain, namesake), Pow: byType(pow, namesake), FloorMod: floorMod,
  FloorDiv: inDouble((w, x) => w.step('Floor', [w.step('Div', x)])),
  SquaredDifference: inDouble((w, x) => { const d = w.step('Sub', x); return w.step('Mul', [d, d]); }),
  Sign: byType((node, w) => w.add('Where', [
    w.step('IsNaN', inputs(node, w)), w.scalar(0, 'float32'), w.step('Sign', inputs(node, w)),
  ], outputs(node, w)), plain),
  Sum: byType(plain, (node, w) => {
    const names = inputs(node, w);
    w.add('Add', [names.slice(1, -1)
      .reduce((sum, name) => w.step('Add', [sum, name]), names[0]), names[names.length - 1]], outputs(node, w));
  }),
  Clip: (node, w) => w.add('Clip', [...inputs(node, w), w.scalar(int(node, 'min'), node.inputs[0].dtype), w.scalar(
    int(node, 'max'), node.inputs[0].dtype,
  )], outputs(node, w)),
  Cast: (node, w) => (isFloat(node) && node.attributes.to === 'int32'
    ? inDouble((_, [x]) => x)(node, w)
    : w.add('Cast', inputs(node, w), outputs(node, w), {to: elementType[node.attributes.to as DType]})),
  CumSum: (node, w) => w.add('CumSum', [...inputs(node, w), w.int64([int(node, 'axis')], [])], outputs(node, w), {
    exclusive: int(node, 'exclusive'), reverse: int(node, 'reverse'),
  }),
  ReduceSum: byType(reduce, reduceInDouble), ReduceMean: reduce, ReduceMax: extreme, ReduceMin: extreme,
  ReduceProd: byType(reduce, reduceInDouble), ArgMax: arg(-Infinity), ArgMin: arg(Infinity),
  Reshape: (node, w) => listInput('shape', ints(node, 'shape').includes(0) ? {allowzero: 1} : {})(node, w),
  Expand: listInput('shape'), Tile: listInput('repeats'),
  Split: (node, w) =>
    w.add('Split', [...inputs(node, w), w.int64(ints(node, 'sizes'))], outputs(node, w), {axis: int(node, 'axis')}),
  Slice: (node, w) => {
    const axes = ints(node, 'starts').map((_, i) => i);
    // ONNX counts -1 from the end; a slice that runs down past index 0 ends far below it.
    const ends = ints(node, 'ends').map(end => (end < 0 ? -(2 ** 31) : end));
    w.add(
      'Slice', [...inputs(node, w), ...[ints(node, 'starts'), ends, axes, ints(node, 'steps')].map(l => w.int64(l))],
      outputs(node, w),
    );
  },
  Pad: (node, w) => w.add('Pad', [
    ...inputs(node, w), w.int64(ints(node, 'pads')),
    ...(node.attributes.mode === 'constant' ? [w.scalar(int(node, 'value'), node.inputs[0].dtype)] : []),
  ], outputs(node, w), {mode: node.attributes.mode as string}),
  Gather: (node, w) =>
    w.add('Gather', [w.name(node.inputs[0]), w.indices(node.inputs[1])], outputs(node, w), {axis: int(node, 'axis')}),
  GatherND: withInt64Index({}), ScatterND: withInt64Index({reduction: 'add'}),
};
