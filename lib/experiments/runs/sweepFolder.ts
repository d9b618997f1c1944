import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeWhole} from '../../files';
import {specHash} from './spec';
import type {TrainSpec} from './trainableStudy';
import {readResult, type TrainResult} from './trainSpec';

/** Where a sweep's specifications and results lie: `specs/HASH.json` and `results/HASH.json`. */
export interface SweepFolder {
  readonly path: string;
  /** By hash, sorted. */
  readonly specs: ReadonlyMap<string, TrainSpec>;
  /** Where a specification lies. */
  specPath(hash: string): string;
  /** Where its result lies, or will. */
  resultPath(hash: string): string;
  /** The whole result, made by this code; undefined where there is none. */
  result(hash: string, code: string): TrainResult | undefined;
}

/**
 * Writes the specifications of a sweep, a file each; those that are there already stay as they are.
 * @throws the file system's own error, e.g. EACCES
 */
export function sweepFolder(path: string, specs: readonly TrainSpec[]): SweepFolder {
  const named = new Map(specs.map(spec => [specHash(spec), spec] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
  const specPath = (hash: string) => join(path, 'specs', `${hash}.json`);
  const resultPath = (hash: string) => join(path, 'results', `${hash}.json`);
  for (const kind of ['specs', 'results']) mkdirSync(join(path, kind), {recursive: true});
  for (const [hash, spec] of named) {
    const text = `${JSON.stringify(spec, undefined, 1)}\n`;
    if (!existsSync(specPath(hash)) || readFileSync(specPath(hash), 'utf8') !== text) writeWhole(specPath(hash), text);
  }
  return Object.freeze({
    path, specs: named, specPath, resultPath,
    result(hash: string, code: string) {
      const found = readResult(resultPath(hash));
      return found?.hash === hash && found.code === code ? found : undefined;
    },
  });
}

/** Results in a folder, by hash, sorted. */
export function readResults(folder: string): readonly TrainResult[] {
  const files = existsSync(folder) ? readdirSync(folder).filter(file => /^[0-9a-f]{24}\.json$/.test(file)) : [];
  return files.sort().flatMap(file => readResult(join(folder, file)) ?? []);
}
