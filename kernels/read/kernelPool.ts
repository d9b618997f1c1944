import {type KernelListener, KernelProcess, type KernelStart, type RunningKernel} from './kernelProcess';

/** Time in ms until a taken kernel is replaced: the reader's own cells come first. */
const PAUSE = 5000;

/** A kernel that nobody uses yet. */
interface Spare {
  readonly kernel: Promise<RunningKernel>;
  /** Modules that it has loaded, or is about to. */
  readonly loaded: Set<string>;
}

/**
 * Keeps one kernel ready, with the modules loaded that the open pages import, so that the first cell of a page answers
 * at once. Pages that are only read start no more than this one.
 */
export class KernelPool {
  private spare: Spare | null = null;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param start starts a kernel; replaced in tests */
  constructor(
    private readonly options: KernelStart,
    private readonly start: (options: KernelStart) => Promise<RunningKernel> = KernelProcess.start,
  ) {}

  /** A kernel for a page alone. @throws Error when none starts */
  take(): Promise<RunningKernel> {
    const ready = this.spare?.kernel ?? this.start(this.options);
    this.spare = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.prepare(), PAUSE);
    return ready;
  }

  /** Starts the spare one, unless it is there. @param imports modules that it loads */
  prepare(imports: readonly string[] = []): void {
    if (this.closed) return;
    this.spare ??= this.started();
    const {kernel, loaded} = this.spare, missing = imports.filter((name) => !loaded.has(name));
    missing.forEach((name) => loaded.add(name));
    if (missing.length > 0) kernel.then((each) => load(each, missing), () => undefined);
  }

  private started(): Spare {
    const spare: Spare = {kernel: this.start(this.options), loaded: new Set()};
    const letGo = (): void => {
      if (this.spare === spare) this.spare = null;
    };
    // Until it is taken, a kernel that ends is let go.
    const unused: KernelListener = {receive: () => undefined, died: letGo};
    spare.kernel.then((kernel) => kernel.hear(unused), (error: Error) => {
      this.options.log(error.message);
      letGo();
    });
    return spare;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const kernel = await this.spare?.kernel.catch(() => null);
    await kernel?.close();
  }
}

/** Has a kernel load modules without a trace: nothing is counted, kept or shown. */
function load(kernel: RunningKernel, names: readonly string[]): void {
  const code = names.map((name) => `import ${JSON.stringify(name)};`).join('\n');
  kernel.send('shell', 'execute_request', {code, silent: true, store_history: false, stop_on_error: false});
}
