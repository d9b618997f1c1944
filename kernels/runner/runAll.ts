import {basename, join, resolve} from 'node:path';
import {checkBeside} from '../checker/checkBeside';
import type {CheckedCell} from '../checker/checkNotebooks';
import {UsageError} from './arguments';
import {makeFolder} from './folders';
import {hasParameters, type Overrides, runNotebook, type RunResult} from './runNotebook';
import {readNotebook, writeNotebook} from '../nbformat/notebook';
import {ProgressLine, span} from './progressLine';
import {checkReport, failureReport} from './report';
import {Timings} from './timings';

/** How a set of notebooks is run. */
export interface RunAllOptions {
  readonly root: string;
  /** Folder that takes `notebooks/`, and the figures and tables that notebooks write. */
  readonly out: string;
  readonly profile: 'quick' | 'full';
  readonly overrides: Overrides;
  /** Seconds a cell may take. */
  readonly timeout: number;
  /** Notebooks at the same time, each in its process. */
  readonly jobs: number;
  /** Writes complete runs over the notebooks themselves as well. */
  readonly inPlace: boolean;
  /** Type-checks beside the run. */
  readonly check: boolean;
  readonly signal: AbortSignal;
}

/** How the run of one notebook ended. */
export interface Verdict {
  readonly path: string;
  readonly ok: boolean;
  /** Where the executed notebook is; undefined when nothing was run. */
  readonly written?: string;
  /** What went wrong, for people. */
  readonly report?: string;
}

/** Runs notebooks and writes them executed, also those that fail or are interrupted. */
export async function runAll(paths: readonly string[], options: RunAllOptions): Promise<Verdict[]> {
  refuseOverwriting(paths, options);
  makeFolder(join(options.out, 'notebooks'));
  const timings = Timings.load(options.root);
  const progress = new ProgressLine(paths, options, timings);
  const finished = new AbortController();
  const checks = options.check
    ? checkBeside(options.root, paths, AbortSignal.any([finished.signal, options.signal]))
    : Promise.resolve([]);
  checks.then((cells) => printNotes(cells, progress)).catch(() => undefined);
  const verdicts = new Map<string, Verdict>();
  const waiting = [...paths];
  const worker = async (): Promise<void> => {
    for (let path = waiting.shift(); path && !options.signal.aborted; path = waiting.shift()) {
      const verdict = await runOne(path, {...options, checks, progress, timings});
      verdicts.set(path, verdict);
      progress.end(path, verdict.ok ? 'done' : 'FAILED');
      if (verdict.report) progress.line(`\n${verdict.report}\n`);
    }
  };
  await Promise.all(Array.from({length: Math.min(options.jobs, paths.length)}, worker));
  finished.abort();
  return paths.flatMap((path) => verdicts.get(path) ?? []);
}

function printNotes(cells: readonly CheckedCell[], progress: ProgressLine): void {
  for (const {path, cell, notes} of cells) {
    for (const note of notes) progress.line(`${basename(path)}, cell ${cell}: ${note}`);
  }
}

/** Only a complete run may replace a notebook, and only where that is asked for. */
function refuseOverwriting(paths: readonly string[], {out}: RunAllOptions): void {
  const same = paths.find((path) => resolve(path) === resolve(targetOf(path, out)));
  if (same) throw new UsageError(`--out ${out} would write over ${same} itself; choose another folder, or --in-place`);
}

function targetOf(path: string, out: string): string {
  return join(out, 'notebooks', basename(path));
}

interface RunOneOptions extends RunAllOptions {
  readonly checks: Promise<readonly CheckedCell[]>;
  readonly progress: ProgressLine;
  readonly timings: Timings;
}

async function runOne(path: string, options: RunOneOptions): Promise<Verdict> {
  try {
    return await executeAndWrite(path, options);
  } catch (error) {
    return {path, ok: false, report: `${basename(path)}: ${(error as Error).message}`};
  }
}

async function executeAndWrite(path: string, options: RunOneOptions): Promise<Verdict> {
  const notebook = readNotebook(path);
  const named = Object.keys(options.overrides);
  if (named.length > 0 && !hasParameters(notebook)) {
    throw new Error(`--set ${named.join(', ')} has no effect: no cell is tagged "parameters"`);
  }
  const start = performance.now();
  const ill = illTyped(path, options.checks);
  const stop = new AbortController();
  void ill.then((cells) => cells.length > 0 && stop.abort(), () => undefined);
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const result = await runNotebook(path, notebook, {
    ...options,
    signal,
    onCell: (done, total) => options.progress.cell(path, done, total),
    onProgress: (partial) => writeNotebook(targetOf(path, options.out), partial),
  });
  const written = await write(path, result, options);
  // A cell that failed is reported at once; the check would only repeat it in other words.
  const isJudged = options.signal.aborted || (result.failed && !stop.signal.aborted);
  const cells = isJudged ? [] : await ill;
  const report = reportOf(path, result, cells);
  if (!report) await options.timings.record(options.profile, path, result.seconds);
  options.progress.line(`${basename(path, '.ipynb')} took ${span((performance.now() - start) / 1000)}`);
  return {path, ok: !report && result.complete, written, ...(report ? {report} : {})};
}

async function illTyped(path: string, checks: Promise<readonly CheckedCell[]>): Promise<readonly CheckedCell[]> {
  return (await checks).filter((cell) => cell.path === path && cell.diagnostics.length > 0);
}

function reportOf(path: string, {failed, complete}: RunResult, cells: readonly CheckedCell[]): string | undefined {
  if (cells.length > 0) return [...cells.slice(0, 3)
    .map(checkReport), ...(cells.length > 3 ? [`${cells.length - 3} more cells have type errors`] : [])].join('\n\n');
  if (failed) return failureReport(path, failed);
  return complete ? undefined : `${basename(path)}: not finished`;
}

/** A complete run may replace the notebook; a broken one never does. */
async function write(path: string, result: RunResult, {out, inPlace}: RunAllOptions): Promise<string> {
  const target = targetOf(path, out);
  await writeNotebook(target, result.notebook);
  if (inPlace && result.complete) await writeNotebook(path, result.notebook);
  return target;
}
