import {existsSync, readdirSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';

/**
 * Notebooks that a pattern names: a path, a number (`02`, and `02b` is another), the start of a file name, or any part
 * of it. Without a pattern, all.
 *
 * @throws Error with the notebooks there are when none matches
 */
export function findNotebooks(root: string, pattern?: string): string[] {
  if (pattern?.endsWith('.ipynb') && existsSync(resolve(pattern))) return [resolve(pattern)];
  const all = listNotebooks(join(root, 'notebooks'));
  if (!pattern) return all;
  const wanted = basename(pattern, '.ipynb');
  const ways = [`${wanted}-`, wanted].map((start) => all.filter((path) => basename(path).startsWith(start)));
  const found = [...ways, all.filter((path) => basename(path).includes(wanted))].find((some) => some.length > 0) ?? [];
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
