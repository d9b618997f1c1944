import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** SHA-256 of the files of a folder as PhysioNet publishes them beside, by name; empty where it does not lie there. */
export function publishedChecksums(folder: string): ReadonlyMap<string, string> {
  const path = join(folder, 'SHA256SUMS.txt');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const entries = lines.map(line => /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/.exec(line));
  return new Map(entries.filter(found => found !== null).map(([, sum, name]) => [name, sum]));
}
