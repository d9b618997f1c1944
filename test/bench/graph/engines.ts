import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {handle, record, session, type Provider} from '../../../lib/graph';
import {BATCH_INPUTS} from '../../graph/referenceStep';
import type {Engine, Timing} from './engine';
import {remote} from './remote';
import type {Step} from './steps';

/** Steps whose losses are compared. */
const CHECKED = 3;

/** Times some work of this process. */
export async function timed(work: () => Promise<void>): Promise<Timing> {
  const start = performance.now(), cpu = process.cpuUsage();
  await work();
  const used = process.cpuUsage(cpu);
  return {elapsed: performance.now() - start, processor: (used.user + used.system) / 1000};
}

export interface OurOptions {
  readonly provider?: Provider;
  /** The step recorded for half of the batch: it then runs on two workers. */
  readonly share?: Step;
  readonly memory?: 'least';
}

const NAMES: Readonly<Record<Provider, string>> = {
  native: 'native', cpu: 'ONNX Runtime', webgpu: 'ONNX Runtime, WebGPU', cuda: 'ONNX Runtime, CUDA',
};

/** Our compiled session, on our engine in C by default. */
export async function ours(step: Step, {provider = 'native', share, memory}: OurOptions = {}): Promise<Engine> {
  const began = performance.now();
  const s = await session(record((share ?? step).fn, (share ?? step).specs), {
    provider, memory, ...(share ? {workers: 2, shard: BATCH_INPUTS} : {}),
  });
  let inputs = step.inputs.map((data, i) => handle(data, step.specs[i].shape)), t = 1;
  const advance = async () => {
    // Weights and moments make room for those of the step after, as in PyTorch, which writes them in place.
    const outputs = await s.run(inputs, {donate: inputs.map((_, i) => i)});
    inputs = step.next(outputs, ++t);
    return outputs[0];
  };
  const losses = [(await (await advance()).read())[0]], seconds = (performance.now() - began) / 1000;
  while (losses.length < CHECKED) losses.push((await (await advance()).read())[0]);
  return {
    name: `obsnode, ${NAMES[provider]}`
      + (share ? ', 2 workers' : memory ? ', least memory' : ''),
    losses, ...(provider === 'webgpu' || provider === 'cuda' ? {tolerance: 1e-3} : {}),
    note: `${seconds.toFixed(1)} s to the first step, ${s.program.nodes.length} nodes`,
    time: n => timed(async () => { for (let i = 0; i < n; i++) await advance(); }),
    close: () => s.dispose(),
  };
}

/** Eager TensorFlow.js on one of its back ends for the processor, in a process of its own: its garbage would slow ours down. @throws Error when the back end is not installed. */
export const eagerTensorFlow = (step: string, backend: 'cpu' | 'wasm'): Promise<Engine> =>
  remote(
    `TensorFlow.js ${backend}, eager`, process.execPath,
    ['--import', 'tsx', join(__dirname, 'tensorflow.ts'), step, backend], ({version}) => version,
  );

export type PythonEngine = 'torch' | 'torch-compile' | 'jax' | 'diffrax';

/** Where and how an engine of Python runs. */
export interface PythonOptions {
  /** Path of the interpreter. */
  readonly interpreter: string;
  /** Threads, >= 1. */
  readonly threads: number;
  /** What tables call it. Default: the engine. */
  readonly name?: string;
}

/** An engine of `python/step.py` in a process of its own. @throws Error when it ends, e.g. for want of its packages. */
export async function python(
  {python: spec}: Step, engine: PythonEngine, {interpreter, threads, name = engine}: PythonOptions,
): Promise<Engine> {
  if (!spec) throw new Error(`this step has no counterpart in Python`);
  const {values, ...rest} = spec, folder = mkdtempSync(join(tmpdir(), 'obsnode-bench-'));
  const file = join(folder, 'values.f32');
  writeFileSync(file, Buffer.concat(values.map(v => Buffer.from(v.buffer, v.byteOffset, v.byteLength))));
  const args = [join(__dirname, 'python', 'step.py'), engine, String(threads), JSON.stringify({...rest, values: file})];
  const note = ({version, start_s}: {readonly version: string; readonly start_s: number}) =>
    `${version}, ${start_s.toFixed(1)} s to the third step`;
  return remote(`${name}, ${threads} thread${threads > 1 ? 's' : ''}`, interpreter, args, note).finally(() =>
    rmSync(folder, {recursive: true, force: true}));
}
