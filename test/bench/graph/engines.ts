import * as tf from '@tensorflow/tfjs';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
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

async function timed(work: () => Promise<void>): Promise<Timing> {
  const start = performance.now(), cpu = process.cpuUsage();
  await work();
  const used = process.cpuUsage(cpu);
  return {elapsed: performance.now() - start, processor: (used.user + used.system) / 1000};
}

/** Something that can run training steps and be timed. */
export interface Engine {
  readonly name: string;
  /** Times `n` steps. */
  time(n: number): Promise<Timing>;
  close(): Promise<void>;
  /** Seconds from nothing to the first step, versions. */
  readonly note: string;
}

/** Our compiled session; with `share`, the step recorded for half of the batch, on two workers. */
export async function ours(step: Step, share?: Step): Promise<Engine> {
  const began = performance.now();
  const s = await session(record((share ?? step).fn, (share ?? step).specs), share ? {workers: 2, shard: BATCH_INPUTS} : {});
  let inputs = step.inputs.map((data, i) => handle(data, step.specs[i].shape));
  let t = 1;
  const advance = async () => { inputs = step.next(await s.run(inputs), ++t); };
  await advance();
  return {
    name: share ? 'obsnode, 2 workers' : 'obsnode',
    note: `${((performance.now() - began) / 1000).toFixed(1)} s to the first step, ${s.program.nodes.length} nodes`,
    time: n => timed(async () => { for (let i = 0; i < n; i++) await advance(); }),
    close: () => s.dispose(),
  };
}

/** Eager TensorFlow.js on its plain JavaScript back end. */
export async function eagerTensorFlow(step: Step): Promise<Engine> {
  await tf.setBackend('cpu');
  const inputs = step.inputs.map((data, i) => tf.tensor(data, [...step.specs[i].shape]));
  return {
    name: 'TensorFlow.js cpu, eager',
    note: tf.version.tfjs,
    time: n => timed(async () => { for (let i = 0; i < n; i++) tf.tidy(() => { (step.fn(...inputs) as tf.Tensor[])[0].dataSync(); }); }),
    async close() { inputs.forEach(t => t.dispose()); },
  };
}

/** An engine of `python_step.py` in a process of its own. @throws Error when its packages are missing. */
export async function python(interpreter: string, engine: 'torch' | 'torch-compile' | 'jax' | 'diffrax', threads: number, sizes: object): Promise<Engine> {
  const child = spawn(interpreter, [join(__dirname, 'python_step.py'), engine, String(threads), JSON.stringify(sizes)], {stdio: ['pipe', 'pipe', 'ignore']});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const next = async () => {
    const {value, done} = await lines.next();
    if (done) throw new Error(`${engine} ended: are its packages installed for ${interpreter}?`);
    return value as string;
  };
  const {version, start_s} = JSON.parse((await next()).replace(/^ready /, ''));
  return {
    name: `${engine}, ${threads} thread${threads > 1 ? 's' : ''}`,
    note: `${version}, ${start_s.toFixed(1)} s to the third step`,
    async time(n) {
      child.stdin.write(`${n}\n`);
      const [elapsed, processor] = (await next()).split(' ').map(Number);
      return {elapsed, processor};
    },
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
