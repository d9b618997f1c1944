import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, resolve} from 'node:path';

/** Packages whose version a training's result depends on. */
const PACKAGES = ['@tensorflow/tfjs', 'onnxruntime-node'];

/**
 * Hash of the code that `entries` can reach through relative imports, and of the packages that do the arithmetic. Files that only
 * lend a type are left out: they cannot change a result. Read anew each time: a notebook may be open while the code changes.
 * @param entries absolute paths of TypeScript files
 */
export function sourceHash(entries: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...reachable(entries)].sort()) hash.update(readFileSync(file));
  for (const name of PACKAGES) hash.update((require(`${name}/package.json`) as {version: string}).version);
  return hash.digest('hex');
}

/** All files that the entries import, directly or not, themselves included. */
export function reachable(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set(entries);
  for (const file of found) for (const next of imports(file)) found.add(next);
  return found;
}

function imports(file: string): string[] {
  if (!file.endsWith('.ts')) return [];
  const paths = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '(\.[^']+)'/gm);
  return Array.from(paths, ([, path]) => locate(resolve(dirname(file), path)));
}

const locate = (path: string): string => [path, `${path}.ts`, `${path}/index.ts`].find(p => /\.\w+$/.test(p) && existsSync(p)) ?? `${path}.ts`;
