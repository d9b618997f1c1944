import {fork, type ChildProcess} from 'node:child_process';
import {expectWhole} from '../../errors';

/** One piece of work of a pool: plain data that its workers understand. */
export interface Job {
  /** Unique in the pool, and what people are told. */
  readonly name: string;
  /** Jobs of one kind take about as long as each other. */
  readonly kind: string;
  readonly order: unknown;
}

/** What a worker answers to a job. */
export interface Answer {
  readonly state: string;
  readonly message?: string;
  /** Whether nothing can be done before somebody helps, as on a full disk: no further jobs are begun. */
  readonly fatal?: boolean;
}

/** A job that has ended. */
export interface Ended extends Answer {
  readonly job: Job;
  readonly seconds: number;
}

/** How far a pool is. */
export interface PoolProgress {
  readonly ended: Ended;
  readonly done: number;
  readonly total: number;
  /** From the times of jobs of the same kind, or else of all; in seconds. */
  readonly secondsLeft: number;
}

/** Options of {@link runPool}. */
export interface PoolOptions {
  /** Processes, >= 1. */
  readonly jobs: number;
  /** The program of a worker, and how it is run; it answers each order by a message, an {@link Answer}. */
  readonly program: {readonly path: string; readonly execArgv: readonly string[]; readonly args: readonly string[]};
  /** How often a job is begun whose worker dies, >= 1; default 3. */
  readonly tries?: number;
  readonly signal?: AbortSignal;
  /** Called when a job has ended. */
  readonly onProgress?: (progress: PoolProgress) => void;
}

/**
 * Does jobs in processes of their own, so that none can harm another: a worker that dies is replaced, and its job begun
 * again, `tries` times at most; a job that fails ends as failed. Workers end with the process that runs the pool.
 * @returns the jobs that ended, in the order in which they did; those that were never begun lack
 * @throws ArgumentError unless `jobs` and `tries` are whole numbers >= 1
 */
export async function runPool(jobs: readonly Job[], options: PoolOptions): Promise<readonly Ended[]> {
  const {jobs: processes, tries = 3, signal, onProgress} = options;
  expectWhole('runPool', {jobs: processes, tries});
  const queue = [...jobs], ended: Ended[] = [];
  let halted = false;
  const finish = (job: Job, answer: Answer, seconds: number) => {
    const one = Object.freeze({...answer, job, seconds});
    ended.push(one);
    halted ||= answer.fatal === true;
    const secondsLeft = timeLeft(jobs, ended, processes);
    onProgress?.({ended: one, done: ended.length, total: jobs.length, secondsLeft});
  };
  const lane = async () => {
    let worker: ChildProcess | undefined;
    while (queue.length > 0 && !halted && !signal?.aborted) {
      const job = queue.shift()!, start = performance.now();
      let answer: Answer | undefined;
      for (let k = 0; k < tries && answer === undefined && !signal?.aborted; k++) {
        worker = worker?.connected ? worker : begin(options);
        answer = await ask(worker, job.order, signal);
      }
      if (signal?.aborted && answer === undefined) break;
      const died = {state: 'failed', message: `its process died ${tries} times`};
      finish(job, answer ?? died, (performance.now() - start) / 1000);
    }
    if (worker?.connected) worker.disconnect();
  };
  await Promise.all(Array.from({length: Math.min(processes, jobs.length)}, lane));
  return ended;
}

function begin({program: {path, execArgv, args}}: PoolOptions): ChildProcess {
  return fork(path, [...args], {execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'inherit', 'ipc']});
}

/** Undefined where the worker died, or was told to stop. */
function ask(worker: ChildProcess, order: unknown, signal?: AbortSignal): Promise<Answer | undefined> {
  return new Promise(resolve => {
    const stop = () => worker.kill('SIGTERM');
    const end = (answer?: Answer) => {
      worker.off('message', heard).off('exit', lost);
      signal?.removeEventListener('abort', stop);
      resolve(answer);
    };
    const heard = (message: unknown) => end(message as Answer), lost = () => end();
    worker.on('message', heard).on('exit', lost);
    signal?.addEventListener('abort', stop);
    worker.send(order as object, error => (error ? end() : undefined));
  });
}

function timeLeft(jobs: readonly Job[], ended: readonly Ended[], processes: number): number {
  const over = new Set(ended.map(({job}) => job.name)), mean = (of: readonly Ended[]) =>
    of.reduce((sum, {seconds}) => sum + seconds, 0) / of.length;
  const left = jobs.filter(({name}) => !over.has(name)).map(({kind}) => {
    const alike = ended.filter(({job}) => job.kind === kind);
    return mean(alike.length > 0 ? alike : ended);
  });
  return left.reduce((sum, seconds) => sum + seconds, 0) / processes;
}
