import {realpathSync, statSync} from 'node:fs';
import {extname, join, sep} from 'node:path';

/** What the server hands out, by the ending of the name. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.pdf': 'application/pdf',
  '.csv': 'text/csv; charset=utf-8', '.md': 'text/plain; charset=utf-8', '.tex': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2', '.ipynb': 'application/json; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
};

/** A file to hand out. */
export interface ServedFile {
  readonly path: string;
  readonly type: string;
}

/**
 * The file that an address names below a folder; null for what is not there, lies outside (by dots, by links, by
 * another drive) or is of no kind that pages are made of.
 *
 * @param address path of the address, still encoded
 */
export function servedFile(folder: string, address: string): ServedFile | null {
  const names = namesIn(address);
  if (!names) return null;
  const path = join(folder, ...names), type = TYPES[extname(path).toLowerCase()];
  if (!type) return null;
  try {
    const real = realpathSync(path);
    if (!real.startsWith(realpathSync(folder) + sep) || !statSync(real).isFile()) return null;
    return {path: real, type};
  } catch {
    return null; // no such file
  }
}

/** The names of a path; null when one is no plain name. The front page is that of a folder. */
function namesIn(address: string): string[] | null {
  let path: string;
  try {
    path = decodeURIComponent(address);
  } catch {
    return null;
  }
  const names = (path.endsWith('/') ? `${path}index.html` : path).split('/').slice(1);
  // eslint-disable-next-line no-control-regex -- those are what no name has
  const isPlain = names.every((name) => name !== '' && !name.startsWith('.') && !/[\\:\u0000-\u001f]/.test(name));
  return isPlain && path.startsWith('/') && path.length < 1000 ? names : null;
}
