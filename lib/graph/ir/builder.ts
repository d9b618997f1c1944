import {ops, type OpName} from './ops';
import {count, Program, type Attributes, type DType, type Node, type TensorData, type Value} from './program';

/** Storage of each element type. */
export const arrayTypes = {float32: Float32Array, int32: Int32Array, bool: Uint8Array} as const;

/** Typed array of the storage type of `dtype`; truth values become 0 and 1. */
export const tensorData = (dtype: DType, values: ArrayLike<number>): TensorData =>
  (dtype === 'bool' ? Uint8Array.from(values, v => Number(v !== 0)) : arrayTypes[dtype].from(values));

/** The bits of an array as text, which tells 0 from -0. */
export const bitsOf = ({buffer, byteOffset, byteLength}: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** Ids only tell values apart, also across the programs of a chain of passes that share values. */
let nextId = 0;

/** Collects nodes in order, infers their types, and yields a {@link Program}. The one mutable object of the engine. */
export class Builder {
  private readonly inputs: Value[] = [];
  private readonly constants = new Map<Value, TensorData>();
  private readonly scalars = new Map<string, Value>();
  private readonly nodes: Node[] = [];
  private readonly producers = new Map<Value, Node>();

  get inputNames(): string[] {
    return this.inputs.flatMap(v => v.name ?? []);
  }

  input(shape: readonly number[], dtype: DType, name?: string): Value {
    return this.keepInput(makeValue(shape, dtype, name));
  }

  /** Takes over an input of another program. */
  keepInput(value: Value): Value {
    this.inputs.push(value);
    return value;
  }

  constant(data: TensorData, shape: readonly number[], dtype: DType): Value {
    return this.keepConstant(makeValue(shape, dtype), data);
  }

  /** Takes over a constant of another program, or returns the equal scalar that is here already. */
  keepConstant(value: Value, data: TensorData): Value {
    if (value.shape.length === 0) {
      const key = scalarKey(data[0], value.dtype);
      const known = this.scalars.get(key);
      if (known) return known;
      this.scalars.set(key, value);
    }
    this.constants.set(value, data);
    return value;
  }

  /** A constant of shape `[]`; equal scalars are one value. */
  scalar(x: number, dtype: DType = 'float32'): Value {
    const data = tensorData(dtype, [x]);
    return this.scalars.get(scalarKey(data[0], dtype)) ?? this.constant(data, [], dtype);
  }

  /** Constant of one repeated value, stored as a scalar that is expanded. */
  fill(shape: readonly number[], x: number, dtype: DType = 'float32'): Value {
    const scalar = this.scalar(x, dtype);
    return shape.length === 0 ? scalar : this.op('Expand', [scalar], {shape});
  }

  /** Data of a constant, or undefined for any other value. */
  data(value: Value): TensorData | undefined {
    return this.constants.get(value);
  }

  /** The node that computes a value, or undefined for inputs and constants. */
  producer(value: Value): Node | undefined {
    return this.producers.get(value);
  }

  /** Appends a node with one output. */
  op(op: OpName, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.node(op, inputs, attributes)[0];
  }

  /** Appends a node and returns all of its outputs. */
  node(op: OpName, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const outputs = ops[op].infer(inputs, attributes).map(t => makeValue(t.shape, t.dtype));
    return this.keep({op, inputs, outputs, attributes});
  }

  /** Takes over a node with its outputs; its inputs must be values of this builder. */
  keep(node: Node): readonly Value[] {
    this.nodes.push(node);
    for (const value of node.outputs) this.producers.set(value, node);
    return node.outputs;
  }

  /** `x` with another shape. @throws Error when the two shapes hold different numbers of values. */
  reshape(x: Value, shape: readonly number[]): Value {
    if (count(shape) !== count(x.shape)) throw new Error(`cannot reshape [${x.shape}] to [${shape}]`);
    return this.op('Reshape', [x], {shape});
  }

  finish(outputs: readonly Value[], outputNames: readonly string[]): Program {
    return new Program({inputs: this.inputs, constants: this.constants, nodes: this.nodes, outputs, outputNames});
  }
}

const makeValue = (shape: readonly number[], dtype: DType, name?: string): Value =>
  ({id: nextId++, shape, dtype, name});

const scalarKey = (x: number, dtype: DType) => `${dtype}:${Object.is(x, -0) ? '-0' : x}`;
