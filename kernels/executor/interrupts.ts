import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {SHARED, watchChildren} from './children';

/**
 * Listens for interrupts in a thread of its own.
 *
 * @param fd pipe on which a byte means an interrupt
 * @param onInterrupt called on the main thread, after code that would not return has been ended; `frames` say where
 * that was, innermost first
 */
export function listenForInterrupts(fd: number, onInterrupt: (frames?: readonly string[]) => void): void {
  offerCallbackClearing();
  // [answers given, whether the thread has taken over because no answer came, and what it must know about child
  // processes]
  const answered = new Int32Array(new SharedArrayBuffer(4 * SHARED.length));
  watchChildren(answered);
  const worker =
    new Worker(join(__dirname, 'interruptWorker.cjs'), {workerData: {fd, answered: answered.buffer}, execArgv: []});
  worker.on('message', ({asked, frames}: {asked: boolean; frames?: readonly string[]}) => {
    if (asked && Atomics.load(answered, 1) === 1) return;
    Atomics.store(answered, 1, 0);
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
    onInterrupt(frames);
  });
  worker.unref();
}

/**
 * Node keeps a stack of the callbacks it is in and aborts the process when one is left without being ended, as happens
 * when its execution is terminated. It empties that stack after an uncaught error that somebody took: so the
 * interrupting thread lets one be taken first.
 */
function offerCallbackClearing(): void {
  const {_fatalException: fail} = process as unknown as {_fatalException(error: unknown, rejected: boolean): boolean};
  (globalThis as Record<symbol, unknown>)[Symbol.for('obsnode.clearCallbacks')] = () => {
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    process.setUncaughtExceptionCaptureCallback(() => undefined);
    try {
      fail.call(process, new Error('interrupted'), false);
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
  };
}
