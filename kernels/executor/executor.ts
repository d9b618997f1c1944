import {SourceMap} from 'node:module';
import {join} from 'node:path';
import {types} from 'node:util';
import {Script} from 'node:vm';
import {checkedBundle} from '../../lib/notebook/bundle';
import {noteCell} from '../../lib/notebook/cells';
import {property} from '../../lib/notebook/describe';
import {type MimeBundle, toMimeBundle} from '../../lib/notebook/mime';
import {DISPLAY_SINK, type DisplayOptions, type DisplaySink} from '../../lib/notebook/sink';
import {currentSink, endCapture, type StreamName, withCapture} from './capture';
import {CellSyntaxError, type CompiledCell} from './cell';
import {describeFailure, type Failure, mapFrame, syntaxFailure} from './failure';
import {ModuleLoader} from './modules';
import {createNamespace, type Namespace} from './namespace';

/** What a cell sends while it runs, and after it when its callbacks go on. */
export type CellEvent =
  | {readonly type: 'stream'; readonly name: StreamName; readonly text: string}
  | {readonly type: 'display'; readonly bundle: MimeBundle; readonly id?: string; readonly update: boolean};

/** How a cell ended. */
export type CellOutcome = {readonly status: 'ok'; readonly result: MimeBundle | null} | {readonly status: 'error'; readonly failure: Failure};

/** Thrown into a cell that the user has stopped. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /** @param frames where the code was, innermost first; empty when it waited */
  constructor(frames: readonly string[] = []) {
    const place = frames.map((frame) => /cell-\d+\.ts:\d+:\d+/.exec(frame)?.[0]).find(Boolean);
    super(`stopped by the user${place ? ` at ${place}` : ''}`);
    this.stack = [`Interrupted: ${this.message}`, ...frames].join('\n');
  }
}

/** Name of what a front end asks for beside the cells. */
export const EXPRESSION = 'expression';

/** One execution of a cell, which can be stopped. */
interface Run {
  stopped: Interrupted | null;
  stop: (error: Interrupted) => void;
}

/** A compiled cell; its result comes in a list. */
type CellBody = (...args: unknown[]) => Promise<[result: unknown] | undefined>;

/** How an executor is set up. */
export interface ExecutorOptions {
  /** Folder that relative imports start from. */
  readonly directory: string;
  /** Project root; paths below it are shown relative to it. Default: `directory`. */
  readonly root?: string;
  /** Loads local modules that were edited anew before each cell. Default `true`; a headless run keeps to the code that it began with. */
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
  private running: Run | null = null;

  constructor(private readonly options: ExecutorOptions) {
    this.root = options.root ?? options.directory;
    this.modules = new ModuleLoader(options.directory, this.namespace);
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
  async execute(source: string | CompiledCell, emit: (event: CellEvent) => void, name = `cell-${++this.count}`): Promise<CellOutcome> {
    const {run, stopped} = this.begin();
    const guarded = (event: CellEvent): void => {
      // Output is where loops of a stopped cell come by: they end here.
      if (run.stopped) throw run.stopped;
      emit(event);
    };
    return withCapture((name, text) => guarded({type: 'stream', name, text}), async () => {
      const waiting = installSink(guarded);
      try {
        const result = await Promise.race([this.run(source, `${name}.ts`, run), stopped]);
        await Promise.race([settle(waiting), stopped]);
        return {status: 'ok', result};
      } catch (error) {
        await Promise.race([Promise.allSettled(waiting), stopped]).catch(() => undefined);
        return {status: 'error', failure: this.describe(error, `${name}.ts`)};
      } finally {
        if (this.running === run) this.running = null;
      }
    });
  }

  /** Runs `body`, which is no cell, with its output going to `emit`; errors are written to its stderr. It can be stopped like a cell. */
  attribute(emit: (event: CellEvent) => void, body: () => Promise<void>): Promise<void> {
    const write = (name: StreamName, text: string): void => emit({type: 'stream', name, text});
    const {run, stopped} = this.begin();
    return withCapture(write, async () => {
      const waiting = installSink(emit);
      try {
        await Promise.race([turn().then(body), stopped]);
        await Promise.race([settle(waiting), stopped]);
      } catch (error) {
        write('stderr', `${this.describe(error).traceback.join('\n')}\n`);
      } finally {
        if (this.running === run) this.running = null;
      }
    });
  }

  private begin(): {run: Run; stopped: Promise<never>} {
    const run: Run = {stopped: null, stop: () => undefined};
    const stopped = new Promise<never>((_, reject) => {
      run.stop = (error) => reject((run.stopped = error));
    });
    stopped.catch(() => undefined);
    this.running = run;
    return {run, stopped};
  }

  /**
   * Stops the cell that runs: it fails at once, and what is left of it ends at its next `await` or output. Code that never comes back to the event loop
   * must be stopped from outside before this can be called.
   *
   * @param frames where the code was, innermost first
   * @returns whether a cell was running
   */
  interrupt(frames: readonly string[] = []): boolean {
    this.running?.stop(new Interrupted(frames.map((frame) => mapFrame(frame, this.maps))));
    return this.running !== null;
  }

  private async run(source: string | CompiledCell, fileName: string, run: Run): Promise<MimeBundle | null> {
    const cell = typeof source === 'string' ? this.compile(source, fileName) : source;
    if (fileName !== `${EXPRESSION}.ts`) noteCell(cell.source);
    if (this.options.reload !== false) await this.modules.refresh();
    this.modules.release(cell.declared);
    await this.modules.bind(cell.imports);
    await turn();
    const returned = await this.start(cell, run);
    return cell.hasResult ? await this.show(returned![0]) : null;
  }

  private async show(result: unknown): Promise<MimeBundle | null> {
    const isThenable = !types.isProxy(result) && typeof property(result, 'then') === 'function'; // a proxy may answer to every name
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

  private start(cell: CompiledCell, run: Run): Promise<[result: unknown] | undefined> {
    this.maps.set(cell.fileName, new SourceMap(JSON.parse(cell.sourceMap)));
    // The wrapper stands on a line of its own, hence the offset.
    const body = new Script(cell.script, {filename: cell.fileName, lineOffset: -1}).runInThisContext() as CellBody;
    const {directory, require: requireFromCell} = this.modules;
    const path = join(directory, cell.fileName);
    const module = {exports: {}, id: path, filename: path};
    const meta = {url: `file://${path}`, dirname: directory, filename: path};
    const alive = <T>(value: T): T => {
      if (run.stopped) throw run.stopped;
      return value;
    };
    return body(this.namespace, this.modules.import, meta, alive, requireFromCell, module, module.exports, path, directory);
  }

  private describe(error: unknown, fileName = ''): Failure {
    if (types.isNativeError(error) && error instanceof CellSyntaxError) return syntaxFailure(error, fileName);
    return describeFailure(error, {maps: this.maps, root: this.root});
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

/** Routes displays to `emit`. @returns displays that are still being drawn; the list grows while the cell runs */
function installSink(emit: (event: CellEvent) => void): Promise<unknown>[] {
  const waiting: Promise<unknown>[] = [];
  const sink: DisplaySink = {
    display: (bundle: MimeBundle, {id, update = false}: DisplayOptions = {}) =>
      emit({type: 'display', bundle: checkedBundle(bundle), update: Boolean(update), ...(id ? {id: String(id)} : {})}),
    wait: (work) => {
      const judged = Promise.resolve(work);
      judged.catch(() => undefined); // judged when the cell ends, not before
      waiting.push(judged);
    },
  };
  (globalThis as Record<symbol, unknown>)[DISPLAY_SINK] = sink;
  return waiting;
}

/** A new turn of the event loop: a loop that is ended from outside takes with it the stack and the jobs that wait behind it in the same turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for all displays, also those that others start; fails with the first failure. */
async function settle(waiting: readonly Promise<unknown>[]): Promise<void> {
  for (let done = 0; done < waiting.length; done++) await waiting[done];
}
