import childProcess from 'node:child_process';
import {syncBuiltinESMExports} from 'node:module';
import {currentRun} from './capture';
import {type Child, Interrupted} from './run';
import {terminateProcess} from './processTree.cjs';

/** What the main thread and the one that listens for interrupts share about child processes. */
export const SHARED = {
  /** Whether the main thread waits for a child process, and can do nothing else. */
  blocked: 2,
  /** Whether that wait was interrupted. */
  stopped: 3,
  /** From here on: child processes that nobody waits for in this way. */
  others: 4,
  length: 260,
} as const;

const alive = new Set<Child>();
let shared = new Int32Array(SHARED.length);
let installed = false;

/**
 * Keeps account of the child processes of cells.
 * @param memory shared with the thread that listens for interrupts; by default with nobody
 */
export function watchChildren(memory?: Int32Array<SharedArrayBuffer>): void {
  if (memory) shared = memory as unknown as typeof shared;
  if (installed) return;
  installed = true;
  watchSpawn();
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) watchBlocking(name);
  syncBuiltinESMExports();
}

function watchSpawn(): void {
  const prototype = childProcess.ChildProcess.prototype as unknown as {spawn(
    options: {detached?: boolean},
  ): unknown; once(event: string, then: () => void): void} & Child;
  const spawn = prototype.spawn;
  prototype.spawn = function (this: typeof prototype, options) {
    const result = spawn.call(this, options);
    // What is detached is meant to live on.
    if (this.pid && !options?.detached) note(this);
    return result;
  };
}

function note(child: Child & {once(event: string, then: () => void): void}): void {
  const slot = shared.indexOf(0, SHARED.others);
  if (slot > 0) shared[slot] = child.pid!;
  alive.add(child);
  const release = currentRun()?.adopt(child);
  child.once('exit', () => {
    if (slot > 0) shared[slot] = 0;
    alive.delete(child);
    release?.();
  });
}

/** A call that blocks until a child process ends is interrupted by ending that process, which the other thread does. */
function watchBlocking(name: 'spawnSync' | 'execSync' | 'execFileSync'): void {
  const members = childProcess as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = members[name];
  members[name] = (...args) => {
    Atomics.store(shared, SHARED.stopped, 0);
    Atomics.store(shared, SHARED.blocked, 1);
    try {
      return original(...args);
    } finally {
      Atomics.store(shared, SHARED.blocked, 0);
      throwIfStopped();
    }
  };
  Object.defineProperty(members[name], 'name', {value: name});
}

function throwIfStopped(): void {
  if (Atomics.exchange(shared, SHARED.stopped, 0) === 1) {
    throw new Interrupted((new Error().stack ?? '').split('\n').slice(3));
  }
}

/** Ends all child processes of cells, at the end of their parent. */
export function endChildren(): void {
  for (const {pid} of alive) terminateProcess(pid);
}
