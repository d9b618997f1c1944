import * as ort from 'onnxruntime-node';
import {expect} from '../errors';
import {toOnnx} from './onnx';
import {optimise} from './optimise';
import {count, sameShape, type DType, type Program, type TensorData, type TensorType} from './program';

/** Where a session computes. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** Options of {@link session}. */
export interface SessionOptions {
  /** Default `'cpu'`. `'webgpu'` needs a Vulkan, Metal or D3D12 driver, `'cuda'` the CUDA build of ONNX Runtime. */
  readonly provider?: Provider;
  /** Threads inside one operation, >= 1; default 1, which is fastest for the small matrices of a training step. */
  readonly threads?: number;
  /** Whether to run {@link optimise} first; default true. */
  readonly optimise?: boolean;
}

/** A tensor that enters or leaves a session. Feeding an output back as an input copies nothing. */
export class Handle implements TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** @internal */
  constructor(readonly native: ort.Tensor) {
    this.shape = native.dims;
    this.dtype = native.type as DType;
  }
  /** The values, shared with the runtime: do not write to them. @throws Error for a tensor on a GPU: use {@link read}. */
  get data(): TensorData {
    return this.native.data as TensorData;
  }
  /** The values, fetched from a GPU if they are there. */
  async read(): Promise<TensorData> {
    return (await this.native.getData()) as TensorData;
  }
  /** Frees memory on a GPU; nothing to do for CPU tensors. */
  dispose(): void {
    if (this.native.location === 'gpu-buffer') this.native.dispose();
  }
}

/** Wraps values for a session, without a copy. @throws ArgumentError when their number does not fit `shape`. */
export function handle(data: TensorData, shape: readonly number[], dtype: DType = dtypeOf(data)): Handle {
  expect(data.length === count(shape), {fn: 'handle', argument: 'data', expected: `${count(shape)} values for shape [${shape}]`, received: data.length});
  return new Handle(new ort.Tensor(dtype as 'float32', data as Float32Array, [...shape]));
}

const dtypeOf = (data: TensorData): DType => (data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool');

/** A compiled program. */
export interface Session {
  readonly provider: Provider;
  /** The program as it runs, after optimisation. */
  readonly program: Program;
  /** Runs the program. @throws ArgumentError when an input does not fit its specification. */
  run(inputs: readonly Handle[]): Promise<Handle[]>;
  /** Frees the compiled program; running it afterwards is an error. */
  dispose(): Promise<void>;
}

/** Compiles a program for ONNX Runtime. @throws Error when the provider is not available on this machine. */
export async function session(program: Program, options: SessionOptions = {}): Promise<Session> {
  const {provider = 'cpu', threads = 1} = options;
  expect(Number.isInteger(threads) && threads >= 1, {fn: 'session', argument: 'options.threads', expected: 'a whole number >= 1', received: threads});
  const compiled = options.optimise === false ? program : optimise(program);
  const native = await ort.InferenceSession.create(toOnnx(compiled), nativeOptions(provider, threads));
  const names = compiled.inputs.map((v, i) => v.name ?? `in${i}`);
  let live = true;
  return Object.freeze({
    provider,
    program: compiled,
    async run(inputs: readonly Handle[]): Promise<Handle[]> {
      if (!live) throw new Error('session.run: this session was disposed; create a new one');
      checkInputs(compiled, inputs);
      const outputs = await native.run(Object.fromEntries(inputs.map((h, i) => [names[i], h.native])));
      return compiled.outputNames.map(name => new Handle(outputs[name]));
    },
    async dispose(): Promise<void> {
      if (live) await native.release();
      live = false;
    },
  });
}

function checkInputs(program: Program, inputs: readonly Handle[]): void {
  expect(inputs.length === program.inputs.length, {fn: 'session.run', argument: 'inputs', expected: `${program.inputs.length} tensors`, received: inputs.length});
  program.inputs.forEach((value, i) => {
    const given = inputs[i];
    expect(sameShape(given.shape, value.shape) && given.dtype === value.dtype, {
      fn: 'session.run', argument: `inputs[${i}]${value.name ? ` (${value.name})` : ''}`,
      expected: `${value.dtype} of shape [${value.shape}]`, received: `${given.dtype} of shape [${given.shape}]`,
    });
  });
}

function nativeOptions(provider: Provider, threads: number): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(provider === 'webgpu' ? {preferredOutputLocation: 'gpu-buffer' as const} : {}),
    extra: {session: {set_denormal_as_zero: '1'}},
  };
}
