import {existsSync, readdirSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';

/**
 * Notebooks that a pattern names: a path, the start of a file name (`05`), or any part of it. Without a pattern, all.
 *
 * @throws Error with the notebooks there are when none matches
 */
export function findNotebooks(root: string, pattern?: string): string[] {
  if (pattern?.endsWith('.ipynb') && existsSync(resolve(pattern))) return [resolve(pattern)];
  const all = listNotebooks(join(root, 'notebooks'));
  if (!pattern) return all;
  const wanted = basename(pattern, '.ipynb');
  const byStart = all.filter((path) => basename(path).startsWith(wanted));
  const found = byStart.length > 0 ? byStart : all.filter((path) => basename(path).includes(wanted));
  if (found.length === 0) throw new Error(
    `no notebook matches ${pattern}; there are: ${all.map((path) => basename(path, '.ipynb')).join(', ') || 'none'}`,
  );
  return found;
}

function listNotebooks(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb') && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
