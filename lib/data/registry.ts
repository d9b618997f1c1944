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
      `Put the files into data/cache/${dataSet}, or into ${dataSet} below a folder named by the environment `
        + `variable OBSNODE_DATA. Cite: ${citation}`,
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
  expect(Object.hasOwn(dataSets, name), {
    fn: 'locate', argument: 'name', expected: `one of ${Object.keys(dataSets).join(', ')}`, received: name,
  });
  const files = Object.keys(dataSets[name].files), folders = roots.map(root => join(root, name));
  const found = folders.find(folder => files.every(file => existsSync(join(folder, file))));
  if (!found) throw new MissingDataError(name, folders);
  return found;
}

/**
 * Whether {@link locate} would find the set; for notebooks that go on without it, and say so.
 * @throws ArgumentError for a name that is not registered
 */
export function hasData(name: string, options: LocateOptions = {}): boolean {
  try {
    locate(name, options);
    return true;
  } catch (error) {
    if (error instanceof MissingDataError) return false;
    throw error;
  }
}

/**
 * Names of the files of a located data set whose content is not the one registered; empty when all is well.
 * @throws MissingDataError when the set is not here; ArgumentError for a name that is not registered
 */
export function changedFiles(name: string, options: LocateOptions = {}): string[] {
  const folder = locate(name, options);
  return Object.entries(dataSets[name].files).filter(([file, sum]) => sha256(join(folder, file)) !== sum)
    .map(([file]) => file);
}

/**
 * Path of one file of a located data set, its content checked.
 * @throws MissingDataError when the set is not here; ArgumentError for a file that is not registered, or whose content
 * is another one
 */
export function registeredFile(name: string, file: string, options: LocateOptions = {}): string {
  const path = join(locate(name, options), file), {files, url} = dataSets[name], fn = 'registeredFile';
  const argument = 'file';
  expect(Object.hasOwn(files, file), {
    fn, argument, expected: `one of ${Object.keys(files).join(', ')}`, received: file,
  });
  const sum = sha256(path);
  expect(sum === files[file], {
    fn, argument, expected: `${name}/${file} with SHA-256 ${files[file]}`, received: sum,
    remedy: `${path} is damaged, cut short or another file: obtain it again from ${url}.`,
  });
  return path;
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function defaultRoots(): string[] {
  const own = process.env.OBSNODE_DATA ? [resolve(process.env.OBSNODE_DATA)] : [];
  return [...own, resolve(__dirname, '..', '..', 'data', 'cache')];
}
