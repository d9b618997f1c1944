import {closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';

let written = 0;

/**
 * Writes a file whole or not at all: first beside it, then in its place. A full disk, a crash or Ctrl-C leaves the old
 * file, or none. The usual packages for this take a short write on a full disk for a success; `writeFileSync` on a
 * descriptor goes on until everything is written or the disk says no.
 * @throws the file system's own error, e.g. ENOSPC or ENOENT
 */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const beside = `${path}.${process.pid}-${written++}.tmp`;
  try {
    const file = openSync(beside, 'wx');
    try {
      writeFileSync(file, data);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, {force: true});
    throw error;
  }
}
