import {type KernelListener, KernelProcess, type KernelStart, type RunningKernel} from './kernelProcess';

/** Time in ms until a taken kernel is replaced: the reader's own cells come first. */
const PAUSE = 5000;

/**
 * Keeps one kernel ready with the libraries loaded that most pages import, so that the first cell of a page answers at
 * once. Pages that are only read start no more than this one.
 */
export class KernelPool {
  private spare: Promise<RunningKernel> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param imports modules that are loaded ahead */
  constructor(private readonly options: KernelStart, private readonly imports: readonly string[]) {}

  /** A kernel for a page alone. @throws Error when none starts */
  take(): Promise<RunningKernel> {
    const ready = this.spare ?? KernelProcess.start(this.options);
    this.spare = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.prepare(), PAUSE);
    return ready;
  }

  /** Starts the spare one, unless it is there. */
  prepare(): void {
    if (this.closed || this.spare) return;
    const spare = KernelProcess.start(this.options).then((kernel) => this.warmed(kernel));
    this.spare = spare;
    spare.catch((error: Error) => {
      this.options.log(error.message);
      if (this.spare === spare) this.spare = null;
    });
  }

  /** Until it is taken, a kernel that ends is let go. */
  private warmed(kernel: RunningKernel): RunningKernel {
    const unused: KernelListener = {receive: () => undefined, died: () => void (this.spare = null)};
    kernel.hear(unused);
    const code = this.imports.map((name) => `import ${JSON.stringify(name)};`).join('\n');
    if (code) kernel.send('shell', 'execute_request', {code, silent: true, store_history: false, stop_on_error: false});
    return kernel;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const kernel = await this.spare?.catch(() => null);
    await kernel?.close();
  }
}
