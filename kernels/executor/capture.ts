import {AsyncLocalStorage} from 'node:async_hooks';

/** Standard streams that a cell can write to. */
export type StreamName = 'stdout' | 'stderr';

/** Receives what a cell writes. */
export type StreamSink = (name: StreamName, text: string) => void;

const running = new AsyncLocalStorage<StreamSink>();
let fallback: StreamSink | null = null;
let installed = false;

/** Runs `body` with its writes, and those of every callback it starts, going to `sink`. */
export function withCapture<T>(sink: StreamSink, body: () => Promise<T>): Promise<T> {
  install();
  fallback = sink;
  return running.run(sink, body);
}

/** The sink of the cell that the present callback belongs to, else that of the latest cell. */
export function currentSink(): StreamSink | null {
  return running.getStore() ?? fallback;
}

/** Gives writes outside any cell back to the real streams. */
export function endCapture(): void {
  fallback = null;
}

function install(): void {
  if (installed) return;
  installed = true;
  redirect('stdout', process.stdout);
  redirect('stderr', process.stderr);
}

function redirect(name: StreamName, stream: NodeJS.WriteStream): void {
  const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const sink = currentSink();
    if (!sink) return original(chunk, ...rest);
    sink(name, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = write as typeof stream.write;
}
