import * as tf from '@tensorflow/tfjs';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {handle, record, session} from '../../../lib/graph';
import {BATCH_INPUTS} from '../../graph/reference-step';
import type {Step} from './steps';

/** Milliseconds. */
export interface Timing {
  readonly elapsed: number;
  /** Processor time of all threads of the engine's process: what is left to compare on a machine that others use too. */
  readonly processor: number;
}

/** Something that can run training steps and be timed. */
export interface Engine {
  readonly name: string;
  /** Losses of its first steps, at least one. */
  readonly losses: readonly number[];
  /** Times `n` steps. */
  time(n: number): Promise<Timing>;
  close(): Promise<void>;
  /** Seconds from nothing to the first step, versions. */
  readonly note: string;
}

/** Steps whose losses are compared. */
const CHECKED = 3;

async function timed(work: () => Promise<void>): Promise<Timing> {
  const start = performance.now(), cpu = process.cpuUsage();
  await work();
  const used = process.cpuUsage(cpu);
  return {elapsed: performance.now() - start, processor: (used.user + used.system) / 1000};
}

export interface OurOptions {
  readonly provider?: 'native' | 'cpu';
  /** The step recorded for half of the batch: it then runs on two workers. */
  readonly share?: Step;
  readonly memory?: 'least';
}

/** Our compiled session, on our engine in C by default. */
export async function ours(step: Step, {provider = 'native', share, memory}: OurOptions = {}): Promise<Engine> {
  const began = performance.now();
  const s = await session(record((share ?? step).fn, (share ?? step).specs), {provider, memory, ...(share ? {workers: 2, shard: BATCH_INPUTS} : {})});
  let inputs = step.inputs.map((data, i) => handle(data, step.specs[i].shape)), t = 1;
  const advance = async () => {
    const outputs = await s.run(inputs);
    inputs = step.next(outputs, ++t);
    return outputs[0];
  };
  const losses = [(await (await advance()).read())[0]], seconds = (performance.now() - began) / 1000;
  while (losses.length < CHECKED) losses.push((await (await advance()).read())[0]);
  return {
    name: `obsnode, ${provider === 'native' ? 'native' : 'ONNX Runtime'}${share ? ', 2 workers' : memory ? ', least memory' : ''}`,
    losses,
    note: `${seconds.toFixed(1)} s to the first step, ${s.program.nodes.length} nodes`,
    time: n => timed(async () => { for (let i = 0; i < n; i++) await advance(); }),
    close: () => s.dispose(),
  };
}

/** Eager TensorFlow.js on one of its back ends for the processor, always at the same weights. @throws Error when the back end is not installed. */
export async function eagerTensorFlow(step: Step, backend: 'cpu' | 'wasm'): Promise<Engine> {
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  const choose = async () => { if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no back end ${backend}`); };
  await choose();
  if (backend === 'wasm') lendKernels();
  const inputs = step.inputs.map((data, i) => tf.tensor(data, [...step.specs[i].shape]));
  const run = () => tf.tidy(() => (step.fn(...inputs) as tf.Tensor[])[0].dataSync()[0]);
  return {
    name: `TensorFlow.js ${backend}, eager`,
    losses: [run()],
    note: tf.version.tfjs,
    async time(n) {
      await choose();
      return timed(async () => { for (let i = 0; i < n; i++) run(); });
    },
    async close() { inputs.forEach(t => t.dispose()); },
  };
}

/** Kernels that the wasm back end lacks are run by the plain one, on copies. */
function lendKernels(): void {
  const own = new Set(tf.getKernelsForBackend('wasm').map(k => k.kernelName));
  for (const {kernelName, kernelFunc} of tf.getKernelsForBackend('cpu').filter(k => !own.has(k.kernelName))) {
    tf.registerKernel({kernelName, backendName: 'wasm', kernelFunc: ({inputs, attrs, backend}) => lend(kernelFunc, inputs, attrs, backend as tf.KernelBackend)});
  }
}

function lend(kernel: tf.KernelFunc, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined, wasm: tf.KernelBackend): tf.TensorInfo | tf.TensorInfo[] {
  const cpu = tf.engine().findBackend('cpu');
  const copy = (from: tf.KernelBackend, to: tf.KernelBackend, {dataId, shape, dtype}: tf.TensorInfo) => ({dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype});
  const lent = Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, copy(wasm, cpu, info!)]));
  const result = kernel({inputs: lent, attrs, backend: cpu}), results = Array.isArray(result) ? result : [result];
  const returned = results.map(info => copy(cpu, wasm, info));
  for (const {dataId} of [...Object.values(lent), ...results]) cpu.disposeData(dataId, true);
  return Array.isArray(result) ? returned : returned[0];
}

export type PythonEngine = 'torch' | 'torch-compile' | 'jax' | 'diffrax';

/** An engine of `python/step.py` in a process of its own. @throws Error when it ends, e.g. for want of its packages. */
export async function python(interpreter: string, engine: PythonEngine, threads: number, {python: spec}: Step, name: string = engine): Promise<Engine> {
  if (!spec) throw new Error(`this step has no counterpart in Python`);
  const {values, ...rest} = spec, folder = mkdtempSync(join(tmpdir(), 'obsnode-bench-')), file = join(folder, 'values.f32');
  writeFileSync(file, Buffer.concat(values.map(v => Buffer.from(v.buffer, v.byteOffset, v.byteLength))));
  const child = spawn(interpreter, [join(__dirname, 'python', 'step.py'), engine, String(threads), JSON.stringify({...rest, values: file})], {stdio: 'pipe', env: {...process.env, PYTHONDONTWRITEBYTECODE: '1'}});
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()).once('error', error => { said = error.message; resolve(); }));
  let said = '';
  child.stderr.on('data', (text: Buffer) => { said = `${said}${text.toString()}`.slice(-500); });
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const next = async () => {
    const {value, done} = await lines.next();
    if (!done) return value as string;
    await ended;
    throw new Error(`${name} ended: ${said.trim().split('\n').at(-1)}`);
  };
  const ready = await next().finally(() => rmSync(folder, {recursive: true, force: true}));
  const {version, start_s, losses} = JSON.parse(ready.replace(/^ready /, '')) as {version: string; start_s: number; losses: number[]};
  return {
    name: `${name}, ${threads} thread${threads > 1 ? 's' : ''}`,
    losses,
    note: `${version}, ${start_s.toFixed(1)} s to the third step`,
    async time(n) {
      child.stdin.write(`${n}\n`);
      const [elapsed, processor] = (await next()).split(' ').map(Number);
      return {elapsed, processor};
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
