import {basename, resolve} from 'node:path';
import {CELL_RECORD, cellHash} from '../../lib/notebook/cells';
import {writeWhole} from '../../lib/files';
import {findNotebooks} from './find';
import {joined, readNotebook} from '../nbformat/notebook';

/** Hashes of the code cells of all notebooks: by them a claim knows whether a reader has edited something. */
export function cellRecord(root: string): Record<string, readonly string[]> {
  const hashes = (path: string): string[] =>
    readNotebook(path).cells.filter(cell => cell.cell_type === 'code').map(cell => cellHash(joined(cell.source)));
  return Object.fromEntries(findNotebooks(root).map(path => [basename(path), hashes(path)]));
}

if (require.main === module) {
  const root = resolve(__dirname, '../..');
  writeWhole(resolve(root, CELL_RECORD), `${JSON.stringify(cellRecord(root), null, 1)}\n`);
}
