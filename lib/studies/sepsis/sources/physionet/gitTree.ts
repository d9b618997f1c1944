import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';

/**
 * Whether files written into a folder could be committed by mistake: it lies in a git work tree that does not ignore
 * it. The folder need not be there yet.
 * @param git the program that is asked. Default `git`
 * @returns a warning in words; `undefined` when there is no danger
 */
export function gitWarning(folder: string, git = 'git'): string | undefined {
  const path = resolve(folder), root = workTree(path);
  if (!root) return undefined;
  const {status, error} = spawnSync(git, ['-C', root, 'check-ignore', '-q', join(path, 'patients.parquet')], {
    stdio: 'ignore', env: {...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined},
  });
  if (!error && status === 0) return undefined;
  const danger = 'rows of patients must not be committed: choose a folder outside, or add this one to .gitignore';
  return error || status !== 1
    ? `${path} lies in the git work tree ${root}, and git could not be asked whether it ignores it; ${danger}.`
    : `${path} lies in the git work tree ${root}, which does not ignore it; ${danger}.`;
}

/** The nearest folder at or above with a `.git` in it. */
function workTree(path: string): string | undefined {
  if (existsSync(join(path, '.git'))) return path;
  return dirname(path) === path ? undefined : workTree(dirname(path));
}
