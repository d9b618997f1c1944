import {dirname} from 'node:path';
import type {CellOutcome, Failure} from '../executor';
import {type Cell, joined, KERNEL_METADATA, type Notebook} from '../nbformat/notebook';
import {OutputLog} from './outputs';
import {Session} from './session';

/** Values that override parameters, as written on the command line. */
export type Overrides = Readonly<Record<string, string>>;

/** How a notebook is run. */
export interface RunOptions {
  readonly root: string;
  /** Folder for figures and tables. */
  readonly out: string;
  /** `quick` or `full`. */
  readonly profile: string;
  readonly overrides: Overrides;
  /** Seconds a cell may take, infinity for no limit. */
  readonly timeout: number;
  /** Ends the run; the cells done so far are kept. */
  readonly signal?: AbortSignal;
  /** Called before each code cell with its number among `total`, counted from 0. */
  readonly onCell?: (done: number, total: number) => void;
  /** Given the notebook as it is after each code cell, so that nothing is lost with this process. */
  readonly onProgress?: (notebook: Notebook) => Promise<void>;
}

/** The first cell that failed. */
export interface CellFailure {
  /** Position among all cells, from 1. */
  readonly cell: number;
  /** Its execution count. */
  readonly count: number;
  readonly source: string;
  readonly failure: Failure;
}

/** A notebook after its run. */
export interface RunResult {
  readonly notebook: Notebook;
  readonly failed: CellFailure | null;
  /** Whether every cell was run. */
  readonly complete: boolean;
  /** Seconds by code cell. */
  readonly seconds: readonly number[];
}

/** Runs the code cells of a notebook in a process of their own, up to the first failure. */
export async function runNotebook(path: string, notebook: Notebook, options: RunOptions): Promise<RunResult> {
  const log = new OutputLog();
  const session = new Session({
    directory: dirname(path), root: options.root, env: environment(options),
    onEvent: (cell, event) => log.add(cell, event),
  });
  const interrupted: Failure =
    {ename: 'Interrupted', evalue: 'stopped by the user', traceback: ['Interrupted: stopped by the user']};
  const abort = (): void => session.kill(interrupted);
  options.signal?.addEventListener('abort', abort, {once: true});
  try {
    return await runCells(notebook, session, log, options);
  } finally {
    options.signal?.removeEventListener('abort', abort);
    session.kill(interrupted);
  }
}

function environment({profile, overrides, out}: RunOptions): Record<string, string> {
  return {OBSNODE_PROFILE: profile, OBSNODE_SET: JSON.stringify(overrides), OBSNODE_OUT: out, FORCE_COLOR: '0'};
}

async function runCells(notebook: Notebook, session: Session, log: OutputLog, options: RunOptions): Promise<RunResult> {
  const code = notebook.cells.flatMap((cell, index) => (isExecuted(cell) ? [index] : []));
  const counts = new Map<number, number>();
  const seconds: number[] = [];
  let failed: CellFailure | null = null;
  for (const [done, index] of code.entries()) {
    if (options.signal?.aborted || failed) break;
    options.onCell?.(done, code.length);
    const start = performance.now();
    const source = joined(notebook.cells[index].source);
    const outcome = await session.execute(index, source, options.timeout);
    seconds.push((performance.now() - start) / 1000);
    counts.set(index, done + 1);
    log.end(index, done + 1, outcome);
    failed = failureOf(outcome, index, done + 1, source);
    await options.onProgress?.(executed(notebook, log, counts, options));
  }
  return {
    notebook: executed(notebook, log, counts, options), failed, complete: counts.size === code.length && !failed,
    seconds,
  };
}

/** Empty cells have nothing to run. */
function isExecuted(cell: Cell): boolean {
  return cell.cell_type === 'code' && joined(cell.source).trim() !== '';
}

function failureOf(outcome: CellOutcome, index: number, count: number, source: string): CellFailure | null {
  return outcome.status === 'error' ? {cell: index + 1, count, source, failure: outcome.failure} : null;
}

function executed(
  notebook: Notebook, log: OutputLog, counts: ReadonlyMap<number, number>, {profile, overrides}: RunOptions,
): Notebook {
  const cells = notebook.cells.map((cell, index) =>
    cell.cell_type === 'code' ? {...cell, outputs: log.of(index), execution_count: counts.get(index) ?? null} : cell,
  );
  const metadata = {...notebook.metadata, ...KERNEL_METADATA, obsnode: {profile, overrides}};
  return {...notebook, nbformat_minor: 5, metadata, cells};
}

/** Whether overrides can take effect: a cell is tagged `parameters`. */
export function hasParameters(notebook: Notebook): boolean {
  return notebook.cells.some((cell) => cell.cell_type === 'code' && (cell.metadata.tags ?? []).includes('parameters'));
}
