import type {Node, ProgramParts, Value} from './ir';
import {peakBytes} from './peakBytes';
import {programDigest} from './programDigest';
import {summarise} from './summary';
import type {TensorData} from './types';

export type {Node, ProgramParts, Value} from './ir';
export * from './types';

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

  /** Most bytes of computed values that are needed at the same time. */
  get peakBytes(): number {
    return peakBytes(this);
  }

  /** Hash of what the program computes, the same whatever its values are called; see `programDigest`. */
  get digest(): string {
    return programDigest(this);
  }

  /** Readable table of node counts, arithmetic (FLOP) and memory traffic (bytes) by operation. */
  summary(): string {
    return summarise(this);
  }
}
