import {lstatSync, renameSync, symlinkSync, unlinkSync, utimesSync} from 'node:fs';
import {randomUUID} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';

/**
 * Runs `work` while nobody else, of this program or of Optuna, writes to a journal: the lock is a symbolic link beside
 * it, which works on network file systems too. A lock that stays as it is for `patience` seconds is taken over, so its
 * owner may lose it while it sleeps: before it writes it asks whether the lock is still its own.
 * @param patience in seconds; default 30, as in Optuna
 * @throws the file system's own error, e.g. EACCES in a folder that may not be written to
 */
export async function locked<R>(path: string, work: (isMine: () => boolean) => R, patience = 30): Promise<R> {
  const lock = `${path}.lock`, mark = await acquire(path, lock, 1000 * patience);
  const isMine = () => mark !== undefined && markOf(lock) === mark;
  try {
    return work(isMine);
  } finally {
    if (isMine()) release(lock);
  }
}

/** @returns what tells this lock from another of the same name */
async function acquire(path: string, lock: string, milliseconds: number): Promise<string | undefined> {
  let wait = 1, seen: string | undefined, since = performance.now();
  const start = since;
  while (!taken(path, lock)) {
    const mark = markOf(lock);
    if (mark !== seen || mark === undefined) [seen, since] = [mark, performance.now()];
    else if (performance.now() - since > milliseconds) release(lock);
    // The clock's fraction keeps two that wait from asking in step.
    await setTimeout(wait * (0.5 + performance.now() % 1));
    wait = Math.min(wait * 2, 50);
  }
  // Optuna judges by the journal's own time whether a lock is old: it would take this one for that of a dead owner.
  if (performance.now() - start > Math.min(1000, milliseconds / 2)) utimesSync(path, new Date(), new Date());
  return markOf(lock);
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

/** Which link it is, and when it was made; undefined when it has gone meanwhile. */
function markOf(lock: string): string | undefined {
  try {
    const {ino, mtimeNs} = lstatSync(lock, {bigint: true});
    return `${ino} ${mtimeNs}`;
  } catch {
    return undefined;
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
