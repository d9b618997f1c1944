import {setImmediate} from 'node:timers/promises';
import {ArgumentError, expect, expectWhole} from '../errors';
import {digest} from '../math/digest';
import {codeVersion} from './codeVersion';
import {grid, type Axes, type Point} from './grid';
import {inParallel} from './parallel';
import {plain, runCache} from './runCache';
import {failedRow, finishedRow, type FinishedRow, type SweepRow} from './sweepRow';

/** What a run is given beside its point. */
export interface RunContext {
  /** Fires when the sweep is stopped; pass it on to `fit`. */
  readonly signal: AbortSignal;
}

/** How the result of a point is computed. */
export type RunFunction<P, R> = (point: P, context: RunContext) => Promise<R> | R;

/** A run that says what its result follows from, so that the result can be kept. */
export interface DeclaredRun<P, R> {
  /**
   * Everything that the result follows from beside the point, as plain data: sizes, options, fingerprints of data read
   * from files, and the text (`String(f)`) of functions from outside the library. The text of `run` itself, the
   * library, its packages, Node and the engine count without being named. What lacks here makes a result be taken for
   * another's.
   */
  readonly inputs: Readonly<Record<string, unknown>> | ((point: P) => unknown);
  readonly run: RunFunction<P, R>;
}

/** How far a sweep is. */
export interface SweepProgress<P, R> {
  /** The row that was just finished. */
  readonly row: SweepRow<P, R>;
  readonly done: number;
  readonly total: number;
  /** Estimate from the runs computed so far; 0 when nothing is left to compute. */
  readonly secondsLeft: number;
}

/** Options of {@link sweep}. */
export interface SweepOptions<P, R> {
  /** Runs at a time, >= 1; default 1. They overlap where they wait for threads of their own, as trainings do. */
  readonly jobs?: number;
  /** Folder where results are kept, a file each. Default: none are. */
  readonly cache?: string;
  /** Stops the sweep: running ones are told, no others start, the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each row, those that were kept first. */
  readonly onProgress?: (progress: SweepProgress<P, R>) => void;
}

/** Raised when results are kept in another way. */
const FORMAT = 1;

/**
 * Runs every point of a grid and answers a row for each, in the grid's order, whatever order they were computed in. A
 * run that ends in an error gives a row that says so; the others go on. Results are kept by identity: a sweep that was
 * stopped or killed goes on where it was, and a larger grid computes only what is new. Errors are not kept, so the next
 * sweep tries these points again.
 * @param where axes, all combinations of which are run, or a list of points such as `grid` makes
 * @param run a function, or, with `options.cache`, a {@link DeclaredRun}
 * @throws ArgumentError for points that are no plain data or repeat each other, or a cache without declared inputs; the
 * signal's reason when stopped
 * @example
 * ```ts
 * import {completed, sweep} from './lib';
 * const grid = {seed: [1, 2], width: [8, 16]};
 * const rows = await sweep(grid, async ({seed, width}) => ({error: seed / width}), {jobs: 2});
 * console.log(completed(rows).map(row => row.error));   // [ 0.125, 0.0625, 0.25, 0.125 ]
 * ```
 */
export function sweep<const A extends Axes, R extends object>(
  where: A, run: RunFunction<Point<A>, R> | DeclaredRun<Point<A>, R>, options?: SweepOptions<Point<A>, R>,
): Promise<SweepRow<Point<A>, R>[]>;
/** The same for a list of points. */
export function sweep<P extends object, R extends object>(
  where: readonly P[], run: RunFunction<P, R> | DeclaredRun<P, R>, options?: SweepOptions<P, R>,
): Promise<SweepRow<P, R>[]>;
export async function sweep<P extends object, R extends object>(
  where: Axes | readonly P[], run: RunFunction<P, R> | DeclaredRun<P, R>, options: SweepOptions<P, R> = {},
): Promise<SweepRow<P, R>[]> {
  const {jobs = 1, cache, signal} = options, store = runCache<FinishedRow<P, R>>(cache);
  const points = Array.isArray(where) ? where as readonly P[] : grid(where as Axes) as P[];
  expectWhole('sweep', {jobs});
  expectDifferent(points);
  const work = typeof run === 'function' ? run : run.run;
  const identities = cache === undefined ? [] : await identify(points, run);
  const kept = points.map((_, i) => store.find(identities[i]));
  const report = reporter(points.length, kept.filter(row => !row).length, options);
  const rows: (SweepRow<P, R> | undefined)[] = kept.map(row => row && report(Object.freeze({...row, cached: true})));
  return inParallel([...points.keys()], jobs, async (i, stop) => {
    if (rows[i]) return rows[i];
    const row = await compute(points[i], work, stop);
    if (!row.failed) store.keep(identities[i], row as FinishedRow<P, R>);
    return report(row);
  }, signal);
}

async function compute<P extends object, R extends object>(
  point: P, work: RunFunction<P, R>, signal: AbortSignal,
): Promise<SweepRow<P, R>> {
  // Runs that wait for nothing would otherwise keep timers from their turn, and with them whoever wants to stop.
  await setImmediate();
  signal.throwIfAborted();
  const start = performance.now(), seconds = () => (performance.now() - start) / 1000;
  try {
    return finishedRow(point, plain(await work(point, {signal})), seconds());
  } catch (error) {
    signal.throwIfAborted();
    return failedRow(point, error, seconds());
  }
}

/** Counts rows as they come; the time left is that of the mean run, times the runs still to be computed. */
function reporter<P, R>(total: number, missing: number, {jobs = 1, onProgress}: SweepOptions<P, R>) {
  let done = 0, computed = 0, seconds = 0;
  return (row: SweepRow<P, R>): SweepRow<P, R> => {
    done++;
    if (!row.cached) [computed, seconds] = [computed + 1, seconds + row.seconds];
    onProgress?.({row, done, total, secondsLeft: seconds / Math.max(1, computed) * (missing - computed) / jobs});
    return row;
  };
}

/** Hash of everything that each result follows from. */
async function identify<P, R>(points: readonly P[], run: RunFunction<P, R> | DeclaredRun<P, R>): Promise<string[]> {
  expect(typeof run === 'object', {
    fn: 'sweep', argument: 'run', expected: 'a record {inputs, run} where results are kept', received: run,
    remedy: 'Let `inputs` name what the results follow from beside the point; {} if there is nothing.',
  });
  const {inputs, run: work} = run as DeclaredRun<P, R>, code = await codeVersion();
  const of = typeof inputs === 'function' ? inputs : () => inputs;
  return points.map(point => digest([FORMAT, code, String(work), point, of(point)]));
}

/** Two equal points would count one run twice. */
function expectDifferent(points: readonly object[]): void {
  const seen = new Set<string>();
  for (const point of points) {
    const key = pointKey(point);
    expect(!seen.has(key), {fn: 'sweep', argument: 'where', expected: 'of points that differ', received: point});
    seen.add(key);
  }
}

function pointKey(point: object): string {
  try {
    return digest(point);
  } catch (error) {
    const received = error instanceof ArgumentError ? error.problem.received : point;
    const remedy = 'Name what is not, and look it up by its name in `run`.';
    throw new ArgumentError({fn: 'sweep', argument: 'where', expected: 'of points of plain data', received, remedy});
  }
}
