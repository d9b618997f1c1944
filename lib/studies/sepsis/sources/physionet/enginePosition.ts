import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';

const OPEN_FILES = '/proc/self/fd', POSITIONS = '/proc/self/fdinfo';

/**
 * How far this program has read a file, in bytes from its beginning: the least of all the places where it has it open.
 * The engine itself does not say how far it is in a compressed file.
 * @returns `undefined` where the system does not say (other than Linux) or the file is not open
 */
export function leastPosition(path: string): number | undefined {
  try {
    const positions = readdirSync(OPEN_FILES).filter(id => isFile(id, path)).map(id =>
      Number(/^pos:\s+(\d+)/m.exec(readFileSync(join(POSITIONS, id), 'utf8'))?.[1]));
    return positions.length > 0 && positions.every(Number.isFinite) ? Math.min(...positions) : undefined;
  } catch {
    return undefined;
  }
}

/** Others may close theirs while this one looks. */
function isFile(id: string, path: string): boolean {
  try {
    return readlinkSync(join(OPEN_FILES, id)) === path;
  } catch {
    return false;
  }
}
