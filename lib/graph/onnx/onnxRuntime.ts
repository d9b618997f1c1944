import {createHash} from 'node:crypto';
import * as ort from 'onnxruntime-node';
import type {Provider} from '../run/session';

/** Where ONNX Runtime computes. */
export type OnnxProvider = Exclude<Provider, 'native'>;

/** How a compiled model runs; see `SessionOptions`. */
export interface Runtime {
  readonly provider: OnnxProvider;
  readonly threads: number;
  readonly memory: 'fast' | 'least';
}

interface Cached {
  readonly session: Promise<ort.InferenceSession>;
  users: number;
}

/** Compiled models of this thread by the hash of their bytes and options. */
const cache = new Map<string, Cached>();

/** A compiled model on loan; the last one to give it back frees it. */
export interface Loan {
  readonly session: ort.InferenceSession;
  release(): Promise<void>;
}

/**
 * Compiles an ONNX model, or lends the one that was compiled from equal bytes with equal options.
 * @throws Error when the provider does not work on this machine.
 */
export async function compile(bytes: Uint8Array, runtime: Runtime): Promise<Loan> {
  const {provider, threads, memory} = runtime;
  // CUDA's matrix products would round their inputs to ten bits, which shows in forecasts (1e-3 after twenty passes).
  // Its library reads the variable when it is loaded, so a reader who sets it is heard.
  if (provider === 'cuda') process.env.NVIDIA_TF32_OVERRIDE ??= '0';
  const key = `${provider}:${threads}:${memory}:${createHash('sha256').update(bytes).digest('hex')}`;
  const entry = cache.get(key) ?? {session: ort.InferenceSession.create(bytes, options(runtime)), users: 0};
  cache.set(key, entry);
  entry.users++;
  try {
    const session = await entry.session;
    return {session, release: () => release(key, entry)};
  } catch (error) {
    cache.delete(key);
    throw provider === 'cpu' ? error : new Error(`session: provider '${provider}' does not work on this machine; `
      + `use 'cpu', or install ${NEEDS[provider]}. ONNX Runtime says: ${(error as Error).message}`, {cause: error});
  }
}

const NEEDS = {
  webgpu: 'a Vulkan, Metal or D3D12 driver',
  cuda: 'the CUDA library of ONNX Runtime, see environment.md',
} as const;

async function release(key: string, entry: Cached): Promise<void> {
  if (--entry.users > 0) return;
  cache.delete(key);
  await (await entry.session).release();
}

/** Compiled models held by this thread. */
export const compiledModels = (): number => cache.size;

function options({provider, threads, memory}: Runtime): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Our passes leave little to gain, and ONNX Runtime's own take two thirds of the creation time of a large program.
    graphOptimizationLevel: 'disabled',
    // One block laid out beforehand for all values saves their allocation, and is several times larger than what is
    // alive at once.
    enableMemPattern: memory === 'fast',
    // Errors are thrown; printing them as well would only repeat them.
    logSeverityLevel: 4,
    // Outputs of GPU providers come back through main memory: onnxruntime-node 1.30 aborts the process when asked to
    // leave them in a GPU buffer. Denormal numbers slow some processors down a hundredfold; ONNX Runtime can flush them
    // to zero.
    extra: {session: {set_denormal_as_zero: '1'}},
  };
}
