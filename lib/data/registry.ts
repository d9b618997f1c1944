import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import registry from '../../data/registry.json';
import {expect} from '../errors';

/** What is known about a data set that others own. */
export interface DataSet {
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly url: string;
  /** What to do to get it, in words. */
  readonly obtain: string;
  /** File name -> SHA-256 of the file as used here. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every registered data set by name. */
export const dataSets: Readonly<Record<string, DataSet>> = registry;

/** A registered data set is not on this machine; the message says how to obtain it. */
export class MissingDataError extends Error {
  override readonly name = 'MissingDataError';
  constructor(readonly dataSet: string, searched: readonly string[]) {
    const {title, licence, url, obtain, citation} = dataSets[dataSet];
    super([
      `The data set "${dataSet}" (${title}) is not here.`,
      `Searched: ${searched.join(', ')}.`,
      `Source: ${url}. Licence: ${licence}.`,
      `To obtain it: ${obtain}`,
      `Put the files into data/cache/${dataSet}, or into ${dataSet} below a folder named by the environment variable OBSNODE_DATA. Cite: ${citation}`,
    ].join('\n'));
  }
}

/** Options of {@link locate}. */
export interface LocateOptions {
  /** Where to look, in this order. Default: `$OBSNODE_DATA`, then `data/cache` of the project. */
  readonly roots?: readonly string[];
}

/**
 * Folder of a registered data set: the first root that has all its files.
 * @throws MissingDataError saying how to obtain it; ArgumentError for a name that is not registered.
 */
export function locate(name: string, {roots = defaultRoots()}: LocateOptions = {}): string {
  expect(Object.hasOwn(dataSets, name), {fn: 'locate', argument: 'name', expected: `one of ${Object.keys(dataSets).join(', ')}`, received: name});
  const files = Object.keys(dataSets[name].files), folders = roots.map(root => join(root, name));
  const found = folders.find(folder => files.every(file => existsSync(join(folder, file))));
  if (!found) throw new MissingDataError(name, folders);
  return found;
}

/** Whether {@link locate} would find the set; for notebooks that go on without it, and say so. */
export function hasData(name: string, options: LocateOptions = {}): boolean {
  try {
    locate(name, options);
    return true;
  } catch (error) {
    if (error instanceof MissingDataError) return false;
    throw error;
  }
}

/** Names of the files of a located data set whose content is not the one registered; empty when all is well. */
export function changedFiles(name: string, options: LocateOptions = {}): string[] {
  const folder = locate(name, options);
  const sha256 = (file: string) => createHash('sha256').update(readFileSync(join(folder, file))).digest('hex');
  return Object.entries(dataSets[name].files).filter(([file, expected]) => sha256(file) !== expected).map(([file]) => file);
}

function defaultRoots(): string[] {
  const own = process.env.OBSNODE_DATA ? [resolve(process.env.OBSNODE_DATA)] : [];
  return [...own, resolve(__dirname, '..', '..', 'data', 'cache')];
}
