import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {refuse} from './refusal';

const LOCK = 'loading.lock';

/** Locks that this process holds. Where each container counts from 1, one that was killed had its number too. */
const held = new Set<string>();

/**
 * Makes the folder where it is not there and keeps other runs out of it; what a run that was killed has left half
 * done is removed.
 * @returns what ends the hold
 * @throws ArgumentError while another run holds the folder, or where it cannot be written into
 */
export function holdFolder(folder: string): () => void {
  const lock = resolve(folder, LOCK);
  try {
    mkdirSync(folder, {recursive: true});
    takeLock(lock, folder);
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.tmp')) rmSync(join(folder, name), {recursive: true, force: true});
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    refuse({
      argument: 'to', expected: `${folder} as a folder to write into`, received: code,
      remedy: 'Name another folder with --to.',
    });
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, {force: true});
  };
}

function takeLock(lock: string, folder: string): void {
  try {
    writeFileSync(lock, String(process.pid), {flag: 'wx'});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner === process.pid ? held.has(lock) : isAlive(owner)) {
      refuse({
        argument: 'to', expected: `${folder} without another run in it`, received: `process ${owner}`,
        remedy: `Wait for its end; if it is no such run, remove ${lock}.`,
      });
    }
    rmSync(lock, {force: true});
    writeFileSync(lock, String(process.pid), {flag: 'wx'});
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
