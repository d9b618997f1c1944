import type {OpName} from './ops';
import {summarise} from './summary';

/** Element types of a recorded program; `float32` is what the runtime computes in. */
export type DType = 'float32' | 'int32' | 'bool';

/** Shape and element type of a value. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** One tensor of a program: an input, a constant, or what a node computes. Identity is the object, not its `id`. */
export interface Value extends TensorType {
  readonly id: number;
  /** Set for inputs. */
  readonly name?: string;
}

/** Storage of a constant or of a tensor that enters or leaves a session; booleans are bytes. */
export type TensorData = Float32Array | Int32Array | Uint8Array;

export type Attribute = number | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation. The op names and their meaning are those of ONNX (opset 18), with every parameter an attribute. */
export interface Node {
  readonly op: OpName;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/** What a {@link Program} is made of. */
export interface ProgramParts {
  readonly inputs: readonly Value[];
  readonly constants: ReadonlyMap<Value, TensorData>;
  readonly nodes: readonly Node[];
  readonly outputs: readonly Value[];
  readonly outputNames: readonly string[];
}

/**
 * A straight-line tensor program: inputs and constants go in, nodes run in order, outputs come out.
 * Immutable; passes return new programs.
 */
export class Program implements ProgramParts {
  readonly inputs: readonly Value[];
  readonly constants: ReadonlyMap<Value, TensorData>;
  /** In an order in which they can run. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly Value[];
  readonly outputNames: readonly string[];

  constructor(parts: ProgramParts) {
    this.inputs = Object.freeze([...parts.inputs]);
    this.constants = parts.constants;
    this.nodes = Object.freeze([...parts.nodes]);
    this.outputs = Object.freeze([...parts.outputs]);
    this.outputNames = Object.freeze([...parts.outputNames]);
    Object.freeze(this);
  }

  /** Readable table of node counts, arithmetic (FLOP) and memory traffic (bytes) by operation. */
  summary(): string {
    return summarise(this);
  }
}

/** Number of elements of a shape. */
export const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Whether two shapes are equal. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((n, i) => n === b[i]);
