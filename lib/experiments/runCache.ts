import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {deserialize, serialize} from 'node:v8';
import {ArgumentError} from '../errors';
import {writeWhole} from '../files';

/** Finished rows, a file each, found by the identity of their run. */
export interface RunCache<T> {
  /** The row of this identity; undefined where there is none, or no whole one. */
  find(identity: string): T | undefined;
  keep(identity: string, row: T): void;
}

/** @param folder made when the first row is kept; undefined: nothing is kept */
export function runCache<T>(folder: string | undefined): RunCache<T> {
  const path = (identity: string) => join(folder!, `${identity.slice(0, 24)}.run`);
  return {
    find: identity => folder === undefined ? undefined : read<T>(path(identity), identity),
    keep(identity, row) {
      if (folder === undefined) return;
      mkdirSync(folder, {recursive: true});
      writeWhole(path(identity), serialize({identity, row}));
    },
  };
}

/**
 * A file that was damaged, or written by something else, is no row: the run is done again and the file written anew.
 */
function read<T>(path: string, identity: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const kept = deserialize(readFileSync(path)) as {readonly identity: string; readonly row: T};
    return kept.identity === identity ? kept.row : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The value as it would come back from a file, so that fresh results and kept ones are the same: numbers to the last
 * bit, no prototypes.
 * @throws ArgumentError for functions and other things that no file can hold
 */
export function plain<T>(value: T): T {
  try {
    return deserialize(serialize(value)) as T;
  } catch (error) {
    const remedy = 'Answer numbers, strings, arrays and records of them.', received = (error as Error).message;
    const expected = 'a function that answers plain data';
    throw new ArgumentError({fn: 'sweep', argument: 'run', expected, received, remedy});
  }
}
