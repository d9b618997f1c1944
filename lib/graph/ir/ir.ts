import type {OpName} from './ops';
import type {Attributes, TensorData, TensorType} from './types';

/** One tensor of a program: an input, a constant, or what a node computes. Identity is the object, not its `id`. */
export interface Value extends TensorType {
  readonly id: number;
  /** Set for inputs. */
  readonly name?: string;
}

/**
 * One operation. The op names are those of ONNX (opset 18), with every parameter an attribute, and so is their meaning
 * unless `ops.ts` says otherwise. At the edges of the types they compute what TensorFlow.js does: whole numbers wrap
 * around, and casts to them are those of JavaScript.
 */
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
