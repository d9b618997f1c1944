import {ops, type OpName} from './ops';
import {count, Program, type Attributes, type DType, type Node, type TensorData, type Value} from './program';

const arrayTypes = {float32: Float32Array, int32: Int32Array, bool: Uint8Array} as const;

/** Typed array of the storage type of `dtype`. */
export const tensorData = (dtype: DType, values: ArrayLike<number>): TensorData => arrayTypes[dtype].from(values);

/** Collects nodes in order, infers their types, and yields a {@link Program}. The one mutable object of the engine. */
export class Builder {
  private readonly inputs: Value[] = [];
  private readonly constants = new Map<Value, TensorData>();
  private readonly scalars = new Map<string, Value>();
  private readonly nodes: Node[] = [];
  private readonly producers = new Map<Value, Node>();
  private nextId = 0;

  input(shape: readonly number[], dtype: DType, name?: string): Value {
    const value = this.value(shape, dtype, name);
    this.inputs.push(value);
    return value;
  }

  constant(data: TensorData, shape: readonly number[], dtype: DType): Value {
    const value = this.value(shape, dtype);
    this.constants.set(value, data);
    return value;
  }

  /** A constant of shape `[]`; equal scalars are one value. */
  scalar(x: number, dtype: DType = 'float32'): Value {
    const key = `${dtype}:${Object.is(x, -0) ? '-0' : x}`;
    const known = this.scalars.get(key);
    if (known) return known;
    const value = this.constant(tensorData(dtype, [x]), [], dtype);
    this.scalars.set(key, value);
    return value;
  }

  /** Constant of one repeated value, stored as a scalar that is expanded. */
  fill(shape: readonly number[], x: number, dtype: DType = 'float32'): Value {
    const scalar = this.scalar(x, dtype);
    return shape.length === 0 ? scalar : this.op('Expand', [scalar], {shape});
  }

  /** Values of a constant made in this builder, or undefined. */
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
    const outputs = ops[op].infer(inputs, attributes).map(t => this.value(t.shape, t.dtype));
    const node = Object.freeze({op, inputs: Object.freeze([...inputs]), outputs: Object.freeze(outputs), attributes: Object.freeze(attributes)});
    this.nodes.push(node);
    for (const value of outputs) this.producers.set(value, node);
    return outputs;
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (count(shape) !== count(x.shape)) throw new Error(`cannot reshape [${x.shape}] to [${shape}]`);
    return this.op('Reshape', [x], {shape});
  }

  finish(outputs: readonly Value[], outputNames: readonly string[]): Program {
    return new Program({inputs: this.inputs, constants: this.constants, nodes: this.nodes, outputs, outputNames});
  }

  private value(shape: readonly number[], dtype: DType, name?: string): Value {
    return Object.freeze({id: this.nextId++, shape: Object.freeze([...shape]), dtype, ...(name === undefined ? {} : {name})});
  }
}
