import {SourceMap} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {types} from 'node:util';
import {Script} from 'node:vm';
import {checkedBundle} from '../../lib/notebook/bundle';
import {noteCell} from '../../lib/notebook/cells';
import {property} from '../../lib/notebook/describe';
import {type MimeBundle, toMimeBundle} from '../../lib/notebook/mime';
import {DISPLAY_SINK, type DisplayOptions, type DisplaySink} from '../../lib/notebook/sink';
import {beyondRun, currentRun, currentSink, endCapture, endText, withCapture} from './capture';
import {CellSyntaxError, type CompiledCell} from './cell';
import type {CellEvent} from './events';
import {describeFailure, type Failure, mapFrame, syntaxFailure} from './failure';
import {hideBookkeeping} from './inspection';
import {ModuleLoader} from './modules';
import {createNamespace, type Namespace} from './namespace';
import {Interrupted, Run} from './run';
import {mapStackTraces} from './stackTrace';
import {guardTimers} from './timers';
import {watchChildren} from './children';

/** How a cell ended. */
export type CellOutcome = {readonly status: 'ok'; readonly result: MimeBundle | null}
  | {readonly status: 'error'; readonly failure: Failure};

/** Name of what a front end asks for beside the cells. */
export const EXPRESSION = 'expression';

/** Deepest nesting of console groups that is undone. */
const MOST_GROUPS = 100;

// The user's mocks are no business of ours.
const immediately = setImmediate;
const groupEnd = console.groupEnd.bind(console);

/** A compiled cell; its result comes in a list. */
type CellBody = (...args: unknown[]) => Promise<[result: unknown] | undefined>;

/** How an executor is set up. */
export interface ExecutorOptions {
  /** Folder that relative imports start from. */
  readonly directory: string;
  /** Project root; paths below it are shown relative to it. Default: `directory`. */
  readonly root?: string;
  /**
   * Loads local modules that were edited anew before each cell. Default `true`; a headless run keeps to the code that
   * it began with.
   */
  readonly reload?: boolean;
  /** Told of errors in callbacks that outlive their cell; default: written to that cell's stderr. */
  readonly onLateError?: (failure: Failure) => void;
}

/** Runs the cells of one notebook, one after the other, over one namespace. */
export class Executor {
  readonly namespace: Namespace = createNamespace();
  readonly modules: ModuleLoader;
  private readonly maps = new Map<string, SourceMap>();
  private readonly root: string;
  private count = 0;
  /** Those of several shells run beside each other. */
  private readonly running = new Set<Run>();

  constructor(private readonly options: ExecutorOptions) {
    this.root = options.root ?? options.directory;
    this.modules = new ModuleLoader(options.directory, this.namespace);
    guardTimers();
    watchChildren();
    hideBookkeeping();
    mapStackTraces((file) => this.maps.get(file));
    process.on('unhandledRejection', this.lateError);
    process.on('uncaughtException', this.lateError);
  }

  /**
   * Runs one cell to its end, including top-level awaits.
   *
   * @param source TypeScript of the cell, or the cell as compiled elsewhere
   * @param emit receives output as it is made, also late output of callbacks the cell has left behind
   * @param name what stack traces call the cell; default `cell-1`, `cell-2`, ...
   */
  async execute(
    source: string | CompiledCell, emit: (event: CellEvent) => void, name = `cell-${++this.count}`,
  ): Promise<CellOutcome> {
    const run = this.begin(emit);
    return this.within(run, async (waiting) => {
      try {
        const result = await Promise.race([this.run(source, `${name}.ts`), run.over]);
        await Promise.race([settle(waiting), run.over]);
        if (!run.stopped) return {status: 'ok', result};
        throw run.stopped;
      } catch (error) {
        await Promise.race([Promise.allSettled(waiting), run.over]).catch(() => undefined);
        endGroups();
        return {status: 'error', failure: this.describe(run.stopped ?? error, `${name}.ts`)};
      }
    });
  }

  /**
   * Runs `body`, which is no cell, with its output going to `emit`; errors are written to its stderr. It can be stopped
   * like a cell.
   */
  attribute(emit: (event: CellEvent) => void, body: () => Promise<void>): Promise<void> {
    const run = this.begin(emit);
    return this.within(run, async (waiting) => {
      try {
        await Promise.race([turn().then(body), run.over]);
        await Promise.race([settle(waiting), run.over]);
      } catch (error) {
        emit({type: 'stream', name: 'stderr', text: `${this.describe(run.stopped ?? error).traceback.join('\n')}\n`});
      }
    });
  }

  private begin(emit: (event: CellEvent) => void): Run {
    const run = new Run(emit);
    this.running.add(run);
    return run;
  }

  /**
   * Runs `body` as a part of `run`, which is over when it ends if it was stopped.
   * @param body given the displays that are still being drawn
   */
  private within<T>(run: Run, body: (waiting: readonly Promise<unknown>[]) => Promise<T>): Promise<T> {
    const work = async (): Promise<T> => {
      try {
        return await body(installSink(run));
      } finally {
        if (!run.isOver) endText();
        run.end();
        this.running.delete(run);
      }
    };
    return withCapture(run.write, work, run);
  }

  /**
   * Stops the cell that runs: what of it waits is thrown out of its waiting, and a moment later the cell is over. Code
   * that never comes back to the event loop must be stopped from outside before this can be called.
   *
   * @param frames where the code was, innermost first
   * @returns whether a cell was running
   */
  interrupt(frames: readonly string[] = []): boolean {
    const reason = new Interrupted(frames.map((frame) => mapFrame(frame, this.maps)));
    // Code that was ended from outside cannot tidy up.
    const any = this.running.size > 0;
    for (const run of this.running) run.stop(reason, frames.length > 0 ? 50 : undefined);
    return any;
  }

  /** Fails the cell that runs, as an interrupt does, but with an error of its own. */
  fail(error: Error): void {
    (currentRun() ?? [...this.running].at(-1))?.stop(error);
  }

  private async run(source: string | CompiledCell, fileName: string): Promise<MimeBundle | null> {
    const cell = typeof source === 'string' ? this.compile(source, fileName) : source;
    if (fileName !== `${EXPRESSION}.ts`) noteCell(cell.source);
    if (this.options.reload !== false) {
      for (const warning of await this.modules.refresh()) currentSink()?.('stderr', `${warning}\n`);
    }
    this.modules.release(cell.declared);
    await beyondRun(() => this.modules.bind(cell.imports));
    await turn();
    const returned = await this.start(cell);
    return cell.hasResult ? await this.show(returned![0]) : null;
  }

  private async show(result: unknown): Promise<MimeBundle | null> {
    // a proxy may answer to every name
    const isThenable = !types.isProxy(result) && typeof property(result, 'then') === 'function';
    return toMimeBundle(isThenable ? await result : result);
  }

  /** The compiler is large: it is loaded only where cells come as text. */
  private compile(source: string, fileName: string): CompiledCell {
    const {compileCell} = require('./compile') as typeof import('./compile');
    return compileCell(source, fileName, new Set(this.names()));
  }

  /** Names that cells have left behind. */
  names(): string[] {
    return Object.keys(this.namespace);
  }

  private start(cell: CompiledCell): Promise<[result: unknown] | undefined> {
    this.maps.set(cell.fileName, new SourceMap(JSON.parse(cell.sourceMap)));
    // The wrapper stands on a line of its own, hence the offset.
    const body = new Script(cell.script, {filename: cell.fileName, lineOffset: -1}).runInThisContext() as CellBody;
    const {directory, require: requireFromCell} = this.modules;
    const path = join(directory, cell.fileName);
    const module = {exports: {}, id: path, filename: path};
    const meta = {url: pathToFileURL(path).href, dirname: directory, filename: path, resolve: this.modules.resolve};
    const load = (specifier: string): unknown => beyondRun(() => this.modules.import(specifier));
    return body(this.namespace, load, meta, alive, requireFromCell, module, module.exports, path, directory);
  }

  private describe(error: unknown, fileName = ''): Failure {
    if (types.isNativeError(error) && error instanceof CellSyntaxError) return syntaxFailure(error, fileName);
    return describeFailure(error, {root: this.root});
  }

  private readonly lateError = (error: unknown): void => {
    if (types.isNativeError(error) && error instanceof Interrupted) return;
    const failure = this.describe(error);
    if (this.options.onLateError) this.options.onLateError(failure);
    else currentSink()?.('stderr', `Uncaught in a callback: ${failure.traceback.join('\n')}\n`);
  };

  /** Takes the executor's hooks off the process. */
  dispose(): void {
    process.off('unhandledRejection', this.lateError);
    process.off('uncaughtException', this.lateError);
    delete (globalThis as Record<symbol, unknown>)[DISPLAY_SINK];
    endCapture();
  }
}

/** The displays that cells are still drawing. */
const drawing = new WeakMap<Run, Promise<unknown>[]>();

/**
 * Routes displays to the cell that makes them, else to `run`.
 * @returns displays that are still being drawn; the list grows while the cell runs
 */
function installSink(run: Run): Promise<unknown>[] {
  const waiting: Promise<unknown>[] = [], {emit} = run;
  drawing.set(run, waiting);
  const sink: DisplaySink = {
    display: (bundle: MimeBundle, {id, update = false}: DisplayOptions = {}) =>
      (currentRun()?.emit ?? emit)({
        type: 'display', bundle: checkedBundle(bundle), update: Boolean(update), ...(id ? {id: String(id)} : {}),
      }),
    clear: (wait) => (currentRun()?.emit ?? emit)({type: 'clear', wait}),
    wait: (work) => {
      const judged = Promise.resolve(work);
      judged.catch(() => undefined); // judged when the cell ends, not before
      (drawing.get(currentRun() ?? run) ?? waiting).push(judged);
    },
  };
  (globalThis as Record<symbol, unknown>)[DISPLAY_SINK] = sink;
  return waiting;
}

/**
 * How compiled cells await: what they wait for fails when they are stopped. The cell that waits is the one that called,
 * wherever the code stands.
 */
const alive = Object.assign((value: unknown): unknown => currentRun()?.wait(value) ?? value, {
  each: (iterable: unknown): unknown => currentRun()?.each(iterable) ?? iterable,
});

/** Groups of the console that a failed cell has left open would indent what later ones print. */
function endGroups(): void {
  for (let open = 0; open < MOST_GROUPS; open++) groupEnd();
}

/**
 * A new turn of the event loop: a loop that is ended from outside takes with it the stack and the jobs that wait behind
 * it in the same turn.
 */
function turn(): Promise<void> {
  return new Promise((resolve) => immediately(resolve));
}

/** Waits for all displays, also those that others start; fails with the first failure. */
async function settle(waiting: readonly Promise<unknown>[]): Promise<void> {
  for (let done = 0; done < waiting.length; done++) await waiting[done];
}
