import {lstatSync, renameSync, symlinkSync, unlinkSync} from 'node:fs';
import {randomUUID} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';

/**
 * Runs `work` while nobody else, of this program or of Optuna, writes to a journal: the lock is a symbolic link beside
 * it, which works on network file systems too. A lock that stays as it is for `patience` seconds is taken over.
 * @param patience in seconds; default 30, as in Optuna
 * @throws the file system's own error, e.g. EACCES in a folder that may not be written to
 */
export async function locked<R>(path: string, work: () => R, patience = 30): Promise<R> {
  await acquire(path, `${path}.lock`, 1000 * patience);
  try {
    return work();
  } finally {
    release(`${path}.lock`);
  }
}

async function acquire(path: string, lock: string, milliseconds: number): Promise<void> {
  let wait = 1, seen = NaN, since = performance.now();
  while (!taken(path, lock)) {
    const changed = changeTime(lock);
    if (changed !== seen) [seen, since] = [changed, performance.now()];
    else if (performance.now() - since > milliseconds) release(lock);
    // The clock's fraction keeps two that wait from asking in step.
    await setTimeout(wait * (0.5 + performance.now() % 1));
    wait = Math.min(wait * 2, 50);
  }
}

function taken(path: string, lock: string): boolean {
  try {
    symlinkSync(path, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** When the link was made; NaN when it has gone meanwhile, which is no time at all. */
function changeTime(lock: string): number {
  try {
    return lstatSync(lock).mtimeMs;
  } catch {
    return NaN;
  }
}

/** Moved aside first: of two that release a lock, one does. */
function release(lock: string): void {
  const aside = `${lock}${randomUUID()}.rename`;
  try {
    renameSync(lock, aside);
    unlinkSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
