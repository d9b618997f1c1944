import {type ChildProcess, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Folders and files whose content is frozen in the snapshot. */
const FROZEN =
  ['kernels/checker', 'kernels/executor', 'kernels/jupyter', 'lib/notebook', 'tsconfig.json', 'package-lock.json'];

/**
 * Where the snapshot of the language process is, or will be: V8's image of a process that has loaded the compiler and
 * read the standard libraries and ours, from which a start takes a second. Another Node, compiler or version of these
 * sources has another file.
 */
export function snapshotPath(root: string): string {
  const hash = createHash('sha256').update(`${process.version} ${process.arch} ${root}`);
  for (const path of FROZEN.flatMap((name) => filesOf(join(root, name)))) hash.update(readFileSync(path));
  return join(snapshotFolder(root), `language-${hash.digest('hex').slice(0, 16)}.blob`);
}

function snapshotFolder(root: string): string {
  return join(process.env.OBSNODE_CACHE ?? join(root, '.cache'), 'kernel');
}

function filesOf(path: string): string[] {
  if (/\.json$/.test(path)) return existsSync(path) ? [path] : [];
  return readdirSync(path).filter((name) => /\.c?[jt]s$/.test(name)).sort().map((name) => join(path, name));
}

/** Makes the snapshot in another process, unless one is at it. */
export function buildSnapshot(root: string, target: string): ChildProcess {
  mkdirSync(snapshotFolder(root), {recursive: true});
  const child = spawn(process.execPath, [join(__dirname, 'snapshotBuilder.cjs'), target], {
    stdio: 'ignore', env: {...process.env, OBSNODE_ROOT: root},
  });
  child.on('error', () => undefined); // the next start tries again
  child.unref();
  return child;
}
