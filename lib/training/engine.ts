import * as tf from '@tensorflow/tfjs';
import {
  handle, providerVersion, record, RecordingError, type Handle, type Program, type Provider, type RunOptions,
  type TensorFunction,
} from '../graph';
import {prepareSession, type PreparedSession} from '../graph/session';

/**
 * What runs a model. A provider: the function is recorded once and run there; by default by the fastest on the
 * processor, see `defaultProvider`. `'eager'`: TensorFlow.js runs it operation by operation on its current back end;
 * slow, and the reference for the others.
 */
export type Engine = Provider | 'eager';

/** A tensor function with its input shapes fixed, ready to run many times. */
export interface Executable {
  /** Runs the program on inputs in the order in which it was recorded. */
  run(inputs: readonly Handle[], options?: Pick<RunOptions, 'donate'>): Promise<readonly Handle[]>;
  /** Frees it; it cannot be run afterwards. */
  dispose(): Promise<void>;
}

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Compute in a thread of its own, so that several trainings overlap and the caller stays responsive; default false.
   */
  readonly background?: boolean;
}

/** A tensor function that is recorded and not yet compiled. */
export interface Prepared {
  /**
   * Hash of what the engine is given to compute, after all passes; undefined for a function that cannot be recorded,
   * which only `'eager'` runs.
   */
  readonly digest?: string;
  compile(options?: CompileOptions): Promise<Executable>;
}

type Shapes = readonly (readonly number[])[];

/**
 * Records `fn` for float32 inputs of the given shapes.
 * @throws RecordingError when it cannot be recorded and the engine is not `'eager'`.
 */
export function prepare(fn: TensorFunction, shapes: Shapes, engine: Engine): Prepared {
  if (engine === 'eager') return {digest: digestOf(fn, shapes), compile: async () => eager(fn)};
  const program = recorded(fn, shapes);
  let known: PreparedSession | undefined;
  const ready = () => (known ??= prepareSession(program, {provider: engine}));
  return {get digest() { return ready().digest; }, compile: async options => ready().start(options)};
}

/**
 * Makes `fn` executable for float32 inputs of the given shapes.
 * @throws RecordingError when it cannot be recorded and the engine is not `'eager'`
 */
export async function compile(
  fn: TensorFunction, shapes: Shapes, engine: Engine, options?: CompileOptions,
): Promise<Executable> {
  return engine === 'eager' ? eager(fn) : prepare(fn, shapes, engine).compile(options);
}

/** An engine and the state that it is in; trainings of different ones are different. */
export const engineVersion = (engine: Engine): readonly string[] =>
  engine === 'eager' ? [engine, tf.version.tfjs, tf.getBackend()] : [engine, providerVersion(engine)];

const recorded = (fn: TensorFunction, shapes: Shapes): Program => record(fn, shapes.map(shape => ({shape})));

function digestOf(fn: TensorFunction, shapes: Shapes): string | undefined {
  try {
    return recorded(fn, shapes).digest;
  } catch (error) {
    if (error instanceof RecordingError) return undefined;
    throw error;
  }
}

function eager(fn: TensorFunction): Executable {
  return {
    async run(inputs) {
      const outputs = tf.tidy(() => {
        const result = fn(...inputs.map(({shape, data}) => tf.tensor(data as Float32Array, [...shape], 'float32')));
        return (Array.isArray(result) ? result : [result]) as tf.Tensor[];
      });
      const values = await Promise.all(outputs.map(async t => handle(await t.data() as Float32Array, t.shape)));
      tf.dispose(outputs);
      return values;
    },
    async dispose() {},
  };
}
