import type {Program} from '../ir/program';
import type {Handle} from './handle';

/** Where a session computes: our engine in C on the processor, or one of ONNX Runtime's providers. */
export type Provider = 'native' | 'cpu' | 'webgpu' | 'cuda';

/** Options of one run. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /**
   * Inputs, by their places, that are outputs of an earlier run and will not be used again, like the weights before a
   * training step: their memory may become that of later outputs, and reading them is an error. Inputs that no session
   * made are left alone. Only `'native'` makes use of it. Whole numbers, each the place of an input. Default none.
   */
  readonly donate?: readonly number[];
}

/** A compiled program. */
export interface Session {
  readonly provider: Provider;
  readonly workers: number;
  /** The program as it runs, after optimisation. */
  readonly program: Program;
  /**
   * Runs the program. Outputs of a session with workers stay with them until the next run.
   * @throws ArgumentError when an input does not fit its specification; AbortError when `signal` fires before the run
   * or between its stages (a stage that has begun is finished).
   */
  run(inputs: readonly Handle[], options?: RunOptions): Promise<Handle[]>;
  /** Frees the compiled program and ends its workers; running it afterwards is an error. */
  dispose(): Promise<void>;
}
