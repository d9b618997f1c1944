import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {Runtime} from './onnxRuntime';
import {toOnnx} from './onnx';
import {count, type Program, type TensorData} from '../ir/program';
import {cutIntoStages, type Stage} from './stages';
import type {Feed, Reply, Request, WorkerSetup, WorkerStage} from './worker';

export interface CrewOptions extends Runtime {
  readonly workers: number;
}

/** Worker threads that run the stages of one program in step. */
export interface Crew {
  /** One run; `feeds[k]` are the inputs of worker k. Returns the outputs that are small, from worker 0. */
  run(feeds: readonly (readonly Feed[])[], signal?: AbortSignal): Promise<readonly (TensorData | undefined)[]>;
  /** A large output of the last finished run. */
  fetch(output: number): Promise<TensorData>;
  /** Number of the last finished run. */
  finished(): number;
  end(): Promise<void>;
}

/** Outputs of at most this many elements come back with every run; larger ones are fetched when read. */
const SMALL = 1024;

/** Starts the threads and waits until each has compiled the program. */
export async function startCrew(program: Program, {provider, threads, memory, workers}: CrewOptions): Promise<Crew> {
  const {stages, outputs} = cutIntoStages(program);
  const {described, size} = layOut(stages);
  const regions = Array.from({length: workers}, () => new SharedArrayBuffer(4 * size));
  const inputs = program.inputs.map((v, i) => ({name: v.name ?? `in${i}`, shape: v.shape, dtype: v.dtype}));
  const members = Array.from({length: workers}, (_, index) => new Member({
    index, runtime: {provider, threads, memory}, stages: described, inputs, outputs, regions, small: SMALL,
  }));
  await Promise.all(members.map(m => m.reply(0)));
  let started = 0, finished = 0;
  return {
    async run(feeds, signal) {
      const run = ++started;
      let replies: Reply[] = [];
      for (let stage = 0; stage < stages.length; stage++) {
        signal?.throwIfAborted();
        members.forEach((m, k) => m.post({kind: 'stage', run, stage, ...(stage === 0 ? {feeds: feeds[k]} : {})}));
        replies = await all(members.map(m => m.reply(run)));
      }
      finished = run;
      return (replies[0] as {small: readonly (TensorData | undefined)[]}).small;
    },
    async fetch(output) {
      const run = ++started;
      members[0].post({kind: 'fetch', run, output});
      return ((await members[0].reply(run)) as {data: TensorData}).data;
    },
    finished: () => finished,
    end: async () => { await Promise.all(members.map(m => m.end())); },
  };
}

/** Compiles the stages and gives every exchanged value its place in the shared regions; no two stages share a place. */
function layOut(stages: readonly Stage[]): {described: WorkerStage[]; size: number} {
  let size = 0;
  const place = (shape: readonly number[]) => {
    const offset = size, length = count(shape);
    size += length;
    return {offset, length};
  };
  const described = stages.map(({program, exchanges}) => ({
    model: program.nodes.length > 0 ? toOnnx(program) : undefined,
    inputs: program.inputs.map(v => v.name!),
    outputs: program.outputNames,
    exchanges: exchanges.map(e => ({...e, ...place(e.shape)})),
  }));
  return {described, size};
}

/** Loads the TypeScript worker through tsx, whatever way the main thread was started. */
const BOOT = `require('tsx/cjs'); require(require('node:worker_threads').workerData.file);`;

/**
 * The answers of all, or the first failure once nobody is at work any more: a thread that is ended inside ONNX Runtime
 * takes the process with it.
 */
async function all<T>(answers: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(answers);
  return Promise.all(answers);
}

/** One thread, spoken to in questions and answers. */
class Member {
  private readonly thread: Worker;
  private readonly waiting = new Map<number, {resolve(reply: Reply): void; reject(error: Error): void}>();
  private readonly early = new Map<number, Reply>();
  private readonly asked = new Set<Promise<Reply>>();
  private failure: Error | undefined;

  constructor(setup: WorkerSetup) {
    this.thread = new Worker(BOOT, {
      eval: true, execArgv: [], workerData: {...setup, file: join(__dirname, 'worker.ts')},
    });
    this.thread.on('message', (reply: Reply) => this.receive(reply));
    this.thread.on('error', error => this.fail(error));
    this.thread.on('exit', () => this.fail(new Error('session: a worker thread ended')));
    // An idle crew does not keep the process alive; waiting for an answer does.
    this.thread.unref();
  }

  post(request: Request): void {
    this.thread.postMessage(request);
  }

  /** The answer to a request of this number. */
  reply(run: number): Promise<Reply> {
    if (this.failure) return Promise.reject(this.failure);
    this.thread.ref();
    const answer = new Promise<Reply>((resolve, reject) => {
      this.waiting.set(run, {resolve, reject});
      const early = this.early.get(run);
      if (early) this.receive(early);
    });
    this.asked.add(answer);
    const forget = () => this.asked.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** Ends the thread once it has answered. */
  async end(): Promise<void> {
    await Promise.allSettled(this.asked);
    this.failure ??= new Error('session: disposed while running');
    await this.thread.terminate();
  }

  private receive(reply: Reply): void {
    const waiter = this.waiting.get(reply.run);
    if (!waiter) return void this.early.set(reply.run, reply);
    this.early.delete(reply.run);
    this.waiting.delete(reply.run);
    if (this.waiting.size === 0) this.thread.unref();
    if (reply.kind === 'error') waiter.reject(new Error(`session.run: a worker failed: ${reply.message}`));
    else waiter.resolve(reply);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const {reject} of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
