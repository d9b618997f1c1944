import {readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {writeSite} from '../html/writeSite';
import {type Notebook, readNotebook} from '../nbformat/notebook';

/**
 * Writes the pages of the notebooks as they stand in the project.
 *
 * @param directory folder of the notebooks
 * @param out folder of the site
 * @returns the notebooks by name
 */
export async function writePages(directory: string, out: string): Promise<Map<string, Notebook>> {
  await writeSite(out, directory);
  const files = readdirSync(directory).filter((file) => /^[^_.].*\.ipynb$/.test(file)).sort();
  return new Map(files.map((file) => [basename(file, '.ipynb'), readNotebook(join(directory, file))]));
}
