import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {isCompressed} from './header';
import type {SourceFile} from './layout';
import {bytesText, refuse} from './refusal';

/** How much smaller tables become by compression. */
const COMPRESSION = 8;

/** For what the engine puts aside, and the file that is being replaced. */
const ASIDE = 100e6;

/** Bytes of disk that preparing these files needs, at most. */
export function bytesNeeded(files: readonly SourceFile[]): number {
  const kept = files.map(({table, path, bytes}) => table.kept * (isCompressed(path) ? bytes : bytes / COMPRESSION));
  return files.length === 0 ? 0 : ASIDE + kept.reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes that may still be written into a folder, which need not be there yet. */
export async function bytesFree(folder: string): Promise<number> {
  const {bavail, bsize} = await statfs(existing(resolve(folder)));
  return bavail * bsize;
}

/**
 * Holds the need of disk against what is free.
 * @throws ArgumentError when it does not suffice
 */
export function expectRoom(folder: string, needed: number, free: number): void {
  if (free >= needed) return;
  refuse({
    argument: 'to', expected: `${folder} with ${bytesText(needed)} free`, received: `${bytesText(free)} free`,
    remedy: 'Make room, or name another folder with --to.',
  });
}

const existing = (path: string): string =>
  (existsSync(path) || dirname(path) === path ? path : existing(dirname(path)));
