import * as ort from 'onnxruntime-node';
import {parentPort, workerData} from 'node:worker_threads';
import {toNative} from '../run/handle';
import {compile, type Loan, type Runtime} from './onnxRuntime';
import type {DType, TensorData} from '../ir/program';

/** A stage as a worker gets it. */
export interface WorkerStage {
  /** Absent where a stage only exchanges. */
  readonly model?: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Averages to take after the stage; `offset` and `length` are in elements of every worker's region. */
  readonly exchanges: readonly {
    readonly from: string;
    readonly to: string;
    readonly shape: readonly number[];
    readonly offset: number;
    readonly length: number;
  }[];
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly index: number;
  readonly runtime: Runtime;
  readonly stages: readonly WorkerStage[];
  readonly inputs: readonly {readonly name: string; readonly shape: readonly number[]; readonly dtype: DType}[];
  /** Names of the program's outputs. */
  readonly outputs: readonly string[];
  /** One exchange region for each worker. */
  readonly regions: readonly SharedArrayBuffer[];
  /** Outputs of at most this many elements are sent back after every run. */
  readonly small: number;
}

/** An input: values, or an output of the previous run that the worker still holds. */
export type Feed = {readonly data: TensorData} | {readonly output: number};

/** Stage 0 starts a run with its inputs; every later stage starts when all workers have finished the one before. */
export type Request =
  | {readonly kind: 'stage'; readonly run: number; readonly stage: number; readonly feeds?: readonly Feed[]}
  | {readonly kind: 'fetch'; readonly run: number; readonly output: number};

export type Reply =
  | {readonly kind: 'ready'; readonly run: number}
  | {readonly kind: 'done'; readonly run: number; readonly small?: readonly (TensorData | undefined)[]}
  | {readonly kind: 'data'; readonly run: number; readonly data: TensorData}
  | {readonly kind: 'error'; readonly run: number; readonly message: string};

/** Serves requests until the thread is ended. */
async function serve(setup: WorkerSetup): Promise<void> {
  const loans: (Loan | undefined)[] = [];
  for (const {model} of setup.stages) loans.push(model && (await compile(model, setup.runtime)));
  const regions = setup.regions.map(buffer => new Float32Array(buffer));
  let values = new Map<string, ort.Tensor>();
  let held: ort.Tensor[] = [];

  async function runStage(
    at: number, feeds?: readonly Feed[],
  ): Promise<readonly (TensorData | undefined)[] | undefined> {
    if (feeds) values = new Map(feeds.map((feed, i) => [setup.inputs[i].name, 'data' in feed
      ? toNative(feed.data, setup.inputs[i].shape, setup.inputs[i].dtype)
      : held[feed.output]]));
    else average(setup.stages[at - 1], regions, values);
    const stage = setup.stages[at];
    const results =
      await loans[at]?.session.run(Object.fromEntries(stage.inputs.map(name => [name, values.get(name)!])));
    for (const name of stage.outputs) values.set(name, results![name]);
    for (const {from, offset} of stage.exchanges) {
      regions[setup.index].set(values.get(from)!.data as Float32Array, offset);
    }
    if (at + 1 < setup.stages.length) return undefined;
    held = setup.outputs.map(name => values.get(name)!);
    return setup.index === 0 ? held.map(t => (t.size <= setup.small ? (t.data as TensorData) : undefined)) : undefined;
  }

  parentPort!.on('message', (request: Request) => void answer(request).then(reply => parentPort!.postMessage(reply)));
  const answer = async (request: Request): Promise<Reply> => {
    const {run} = request;
    try {
      if (request.kind === 'fetch') return {kind: 'data', run, data: held[request.output].data as TensorData};
      return {kind: 'done', run, small: await runStage(request.stage, request.feeds)};
    } catch (error) {
      return {kind: 'error', run, message: (error as Error).message};
    }
  };
  parentPort!.postMessage({kind: 'ready', run: 0} satisfies Reply);
}

/** Means over all regions, added up in worker order so that all workers hold the same bits. */
function average(stage: WorkerStage, regions: readonly Float32Array[], values: Map<string, ort.Tensor>): void {
  for (const {to, shape, offset, length} of stage.exchanges) {
    const mean = new Float32Array(length);
    for (const region of regions) for (let i = 0; i < length; i++) mean[i] += region[offset + i];
    for (let i = 0; i < length; i++) mean[i] /= regions.length;
    values.set(to, toNative(mean, shape, 'float32'));
  }
}

if (parentPort && workerData) void serve(workerData as WorkerSetup);
