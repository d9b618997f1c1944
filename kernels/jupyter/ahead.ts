import {dirname} from 'node:path';

/**
 * What a notebook beside the library imports first of all: it is loaded while its reader still reads.
 *
 * @param root project root
 * @param directory folder of the notebook
 */
export function importsAhead(root: string, directory: string): readonly string[] {
  return dirname(directory) === root ? ['../lib/index'] : [];
}
