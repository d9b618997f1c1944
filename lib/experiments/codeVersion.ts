import {readdirSync, readFileSync} from 'node:fs';
import {arch} from 'node:os';
import {join, resolve} from 'node:path';
import {defaultProvider} from '../graph';
import {digest} from '../math/digest';
import {engineVersion} from '../training/engine';

/** Rooms that only show or ask for what is computed: no result follows from them. */
const AROUND = /^(figures|notebook|programs|index\.ts)\b/;

/**
 * Hash of the library's sources, but for those that only show or ask, and of the packages that it uses.
 * @param library its folder, beside package.json; default: this one
 */
export function sourceDigest(library = resolve(__dirname, '..')): string {
  const paths = readdirSync(library, {recursive: true, encoding: 'utf8'})
    .filter(path => /\.(ts|c|h|sql)$/.test(path) && !AROUND.test(path));
  const {dependencies} = JSON.parse(readFileSync(join(library, '../package.json'), 'utf8')) as {dependencies: unknown};
  return digest([dependencies, paths.sort().map(path => [path, readFileSync(join(library, path), 'utf8')])]);
}

/** Hash of what computes any result: the library, its packages, Node, the kind of processor, and the engine in use. */
export async function codeVersion(): Promise<string> {
  return digest([sourceDigest(), process.version, arch(), engineVersion(await defaultProvider())]);
}
