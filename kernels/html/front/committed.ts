import {existsSync, readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {readNotebook, type Notebook} from '../../nbformat/notebook';
import {resultsOf, type Result} from './results';

/** A notebook of the site with its figures and tables. */
export interface Sheet {
  /** File name without ending, e.g. `'07-figure-2-table-1'`. */
  readonly stem: string;
  readonly notebook: Notebook;
  readonly results: readonly Result[];
}

/** Notebooks of a folder, by name; none where the folder is missing. What cannot be read as a notebook is left out. */
export function sheetsIn(folder: string): Sheet[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(file => file.endsWith('.ipynb') && !file.startsWith('.')).sort();
  return files.flatMap(file => {
    try {
      const notebook = readNotebook(join(folder, file)), stem = basename(file, '.ipynb');
      return [{stem, notebook, results: resultsOf(notebook, stem)}];
    } catch {
      return [];
    }
  });
}
