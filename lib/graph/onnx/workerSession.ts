import {checkDonated, checkInputs, DISPOSED} from '../run/checkInputs';
import {startCrew, type Crew, type CrewOptions} from './crew';
import type {Handle} from '../run/handle';
import {count, type DType, type Program, type TensorData, type Value} from '../ir/program';
import type {RunOptions, Session} from '../run/session';
import type {Feed} from './worker';

/** Options of a session with workers: see `SessionOptions`. */
export interface WorkerOptions extends CrewOptions {
  readonly shard: readonly string[];
}

/**
 * A session whose program runs in step in several worker threads, each on its share of the batch.
 * @throws Error when a run is asked for after `dispose`.
 */
export async function workerSession(program: Program, options: WorkerOptions): Promise<Session> {
  const crew = await startCrew(program, options);
  const sharded = (value: Value) => value.name !== undefined && options.shard.includes(value.name);
  let live = true, last: Promise<unknown> = Promise.resolve();
  const runNow = async (inputs: readonly Handle[], {signal, donate}: RunOptions): Promise<Handle[]> => {
    if (!live) throw new Error(DISPOSED);
    signal?.throwIfAborted();
    checkInputs(program, inputs, value => (sharded(value) ? options.workers : 1));
    checkDonated(program, donate);
    const perInput = await Promise.all(inputs.map((h, i) => {
      const value = program.inputs[i];
      return feeds(h, sharded(value) ? count(value.shape) : undefined, crew, options.workers);
    }));
    const small = await crew.run(Array.from({length: options.workers}, (_, k) => perInput.map(f => f[k])), signal);
    return program.outputs.map((v, i) => new RemoteHandle(v, i, {crew, run: crew.finished()}, small[i]));
  };
  return Object.freeze({
    provider: options.provider, workers: options.workers, program,
    run(inputs: readonly Handle[], runOptions: RunOptions = {}): Promise<Handle[]> {
      // One run after the other: workers hold the outputs of one run only.
      const result = last.then(() => runNow(inputs, runOptions));
      last = result.catch(() => undefined);
      return result;
    },
    async dispose(): Promise<void> {
      live = false;
      await crew.end();
    },
  });
}

/**
 * What each worker is fed for one input: its share (so many numbers), the whole, or the output that it holds already.
 */
async function feeds(h: Handle, share: number | undefined, crew: Crew, workers: number): Promise<Feed[]> {
  if (h instanceof RemoteHandle && h.isHeldBy(crew)) return Array<Feed>(workers).fill({output: h.index});
  const data = await h.read();
  return Array.from({length: workers}, (_, k) =>
    ({data: share === undefined ? data : data.slice(k * share, (k + 1) * share)}));
}

/** An output that stays with the workers until their next run. */
class RemoteHandle implements Handle {
  readonly shape: readonly number[];
  readonly dtype: DType;
  private readonly crew: Crew;
  private readonly run: number;
  constructor(
    {shape, dtype}: Value, readonly index: number, {crew, run}: {readonly crew: Crew; readonly run: number},
    private readonly copy?: TensorData,
  ) {
    [this.shape, this.dtype, this.crew, this.run] = [shape, dtype, crew, run];
  }
  isHeldBy(crew: Crew): boolean {
    return crew === this.crew && crew.finished() === this.run;
  }
  get data(): TensorData {
    if (!this.copy) {
      throw new Error('Handle.data: this tensor is with the workers of its session; use await handle.read()');
    }
    return this.copy;
  }
  async read(): Promise<TensorData> {
    if (this.copy) return this.copy;
    if (!this.isHeldBy(this.crew)) {
      throw new Error('Handle.read: this output was replaced by a later run of its session; read it before that');
    }
    return this.crew.fetch(this.index);
  }
}
