import {accessSync, constants, mkdirSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {UsageError} from './arguments';

/**
 * Makes a folder and those above it, one by one: on a file system that keeps none, such as /proc, Node's own recursive
 * way never ends.
 *
 * @throws UsageError when it cannot be made or written to
 */
export function makeFolder(path: string, option = '--out'): void {
  try {
    makeEach(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: nothing can be written to ${path} (${(error as NodeJS.ErrnoException).code
      ?? (error as Error).message})`);
  }
}

function makeEach(path: string): void {
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) return;
  if (dirname(path) !== path) makeEach(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been quicker.
    if (!statSync(path, {throwIfNoEntry: false})?.isDirectory()) throw error;
  }
}
