import type {Notebook} from '../nbformat/notebook';
import {plain} from './plain';

/** The first heading of a notebook, else its file name. */
export function titleOf(notebook: Notebook, name: string): string {
  const heading = notebook.cells.map(({source}) => /^#\s+(.+)$/m.exec(plain(source))?.[1]).find(Boolean);
  return heading ?? name;
}
