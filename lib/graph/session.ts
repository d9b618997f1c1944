import {expect} from '../errors';
import {checkDonated, checkInputs, DISPOSED} from './run/checkInputs';
import {NativeHandle, toNative, type Handle} from './run/handle';
import {nativeAvailable} from './native/library';
import {nativeProgram, nativeSession} from './native/session';
import {compile, type Runtime} from './onnx/onnxRuntime';
import {toOnnx} from './onnx/onnx';
import {optimise} from './onnx/optimise';
import {optimiseForNative} from './native/optimise';
import {longSums} from './passes/longSums';
import {narrowSplits} from './onnx/narrowSplits';
import {singleWorker} from './onnx/singleWorker';
import type {Program} from './ir/program';
import type {Provider, RunOptions, Session} from './run/session';
import {workerSession} from './onnx/workerSession';

/** Options of {@link session}. */
export interface SessionOptions {
  /**
   * `'native'`: our engine in C, the fastest on a processor; needs a C compiler, which it uses once on each machine.
   * `'cpu'`: ONNX Runtime on the processor; works everywhere. `'webgpu'` needs a Vulkan, Metal or D3D12 driver,
   * `'cuda'` the CUDA build of ONNX Runtime. Default: {@link defaultProvider} .
   */
  readonly provider?: Provider;
  /**
   * Threads inside one operation of ONNX Runtime, 1 to 256; default 1, which is fastest for the small matrices of a
   * training step.
   */
  readonly threads?: number;
  /**
   * Of ONNX Runtime; `'native'` always takes the least. `'fast'`: after the first run, room for all values of the
   * program is set aside at once, about four times `program.peakBytes` (default). `'least'`: values take and give back
   * room as they come and go, about twice `program.peakBytes`; a step of many small operations then takes some percent
   * longer. The engine in C takes about `program.peakBytes`.
   */
  readonly memory?: 'fast' | 'least';
  /** Whether to run {@link optimise} first; default true. */
  readonly optimise?: boolean;
  /**
   * Data-parallel worker threads, 1 to 256; default 1, which runs in the calling thread. With more, record the program
   * for a share of the batch and mark its gradients with `meanOverWorkers`.
   */
  readonly workers?: number;
  /**
   * Runs in a worker thread even when there is one; default false. ONNX Runtime for Node computes in the thread that
   * calls it, so this is what keeps the calling thread free, and what lets two sessions run at the same time. Outputs
   * then stay with the worker. `'native'` never computes in the calling thread.
   */
  readonly background?: boolean;
  /**
   * Names of the inputs that are cut into equal shares along axis 0, one for each worker; the others go to all. Default
   * none.
   */
  readonly shard?: readonly string[];
}

/**
 * The provider that is taken when none is named: `OBSNODE_PROVIDER` of the environment, else `'native'` where there is
 * a C compiler and `'cpu'` where not.
 */
export async function defaultProvider(): Promise<Provider> {
  return (process.env.OBSNODE_PROVIDER as Provider | undefined) || ((await nativeAvailable()) ? 'native' : 'cpu');
}

/**
 * Providers that sessions of this process were made for; in a global, so that a notebook can tell without loading this
 * library.
 */
function usedProviders(): Set<string> {
  const all = globalThis as {[USED]?: Set<string>};
  return (all[USED] ??= new Set());
}
const USED = Symbol.for('obsnode.providers');

/** As in `engine.c`. */
const MOST_THREADS = 256;

/**
 * Compiles a program. With ONNX Runtime, equal programs share one compilation.
 * @throws Error when the provider is not available.
 */
export async function session(program: Program, options: SessionOptions = {}): Promise<Session> {
  return prepareSession(program, {...options, provider: options.provider ?? await defaultProvider()}).start();
}

/** A program as its provider is given it, and not yet started. */
export interface PreparedSession {
  /**
   * Hash of the instructions of the engine in C, or of the optimised program that ONNX Runtime gets. Where it and
   * `providerVersion` are equal, so are the numbers; a pass that rounds in another way changes it.
   */
  readonly digest: string;
  /** @param options `background` in place of the one it was prepared with */
  start(options?: Pick<SessionOptions, 'background'>): Promise<Session>;
}

/**
 * Optimises a program for its provider.
 * @internal
 * @throws ArgumentError for options out of range
 */
export function prepareSession(
  program: Program, {provider, ...options}: SessionOptions & {readonly provider: Provider},
): PreparedSession {
  const {threads = 1, memory = 'fast', workers = 1, shard = []} = options;
  expectOptions(program, {provider, ...options});
  const single = workers > 1 ? program : singleWorker(program);
  if (provider === 'native') {
    const instructions = nativeProgram(optimiseForNative(single, options.optimise !== false), shard);
    return prepared(instructions.digest, provider, () => nativeSession(instructions, workers));
  }
  const optimised = options.optimise === false ? longSums(single) : optimise(single);
  const compiled = provider === 'webgpu' ? narrowSplits(optimised) : optimised;
  const runtime = {provider, threads, memory};
  return prepared(() => compiled.digest, provider, ({background = options.background} = {}) => workers > 1 || background
    ? workerSession(compiled, {...runtime, workers, shard})
    : localSession(compiled, runtime));
}

const prepared = (digest: () => string, provider: Provider, start: PreparedSession['start']): PreparedSession =>
  Object.freeze({
    get digest() { return digest(); },
    start: (options?: Pick<SessionOptions, 'background'>) => {
      usedProviders().add(provider);
      return start(options);
    },
  });

function expectOptions(program: Program, options: SessionOptions): void {
  const {provider, threads = 1, memory = 'fast', workers = 1, shard = []} = options;
  const providers: readonly string[] = ['native', 'cpu', 'webgpu', 'cuda'] satisfies readonly Provider[];
  expect(providers.includes(provider!), {
    fn: 'session', argument: 'options.provider', expected: `one of ${providers.join(', ')}`, received: provider,
  });
  for (const [argument, received] of [['options.threads', threads], ['options.workers', workers]] as const) {
    expect(Number.isInteger(received) && received >= 1 && received <= MOST_THREADS, {
      fn: 'session', argument, expected: `a whole number from 1 to ${MOST_THREADS}`, received,
    });
  }
  expect(provider !== 'native' || threads === 1, {
    fn: 'session', argument: 'options.threads',
    expected: "1 with provider 'native', which shares work among workers only", received: threads,
  });
  expect(memory === 'fast' || memory === 'least', {
    fn: 'session', argument: 'options.memory', expected: "'fast' or 'least'", received: memory,
  });
  const unknown = shard.find(name => !program.inputs.some(v => v.name === name && v.shape.length > 0));
  expect(unknown === undefined, {
    fn: 'session', argument: 'options.shard', expected: 'names of inputs that have an axis to cut', received: unknown,
  });
}

async function localSession(program: Program, runtime: Runtime): Promise<Session> {
  const loan = await compile(toOnnx(program), runtime);
  const names = program.inputs.map((v, i) => v.name ?? `in${i}`);
  let live = true;
  return Object.freeze({
    provider: runtime.provider, program, workers: 1,
    async run(inputs: readonly Handle[], {signal, donate}: RunOptions = {}): Promise<Handle[]> {
      if (!live) throw new Error(DISPOSED);
      signal?.throwIfAborted();
      checkInputs(program, inputs);
      checkDonated(program, donate);
      const native = await Promise.all(inputs.map(nativeOf));
      const outputs = await loan.session.run(Object.fromEntries(native.map((tensor, i) => [names[i], tensor])));
      return program.outputNames.map(name => new NativeHandle(outputs[name]));
    },
    async dispose(): Promise<void> {
      if (!live) return;
      live = false;
      await loan.release();
    },
  });
}

const nativeOf = async (h: Handle) =>
  (h instanceof NativeHandle ? h.native : toNative(await h.read(), h.shape, h.dtype));
