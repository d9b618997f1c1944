import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from '../errors';

/**
 * The folder that holds the project, found from the working directory upwards, then from this file.
 *
 * @throws ArgumentError when neither lies in a checkout of the project
 */
export function projectRoot(): string {
  const found = above(process.cwd()) ?? above(__dirname);
  const remedy = 'Start the notebook from inside the project.';
  expect(found, {
    fn: 'projectRoot', argument: 'cwd', expected: 'a folder inside the project', received: process.cwd(), remedy,
  });
  return found;
}

/**
 * Where a notebook saves results: `figures` and `tables` below `OBSNODE_OUT`, by default the folder `out` of the
 * project.
 *
 * @param kind name of the folder, e.g. `'figures'`
 * @throws ArgumentError outside a project.
 */
export function outputFolder(kind: string): string {
  return join(process.env.OBSNODE_OUT ?? join(projectRoot(), 'out'), kind);
}

/**
 * Where results that can be computed again are kept between runs, e.g. finished trainings. Safe to delete.
 *
 * @param kind name of the folder, e.g. `'trainings'`
 * @throws ArgumentError outside a project.
 */
export function cacheFolder(kind: string): string {
  return join(process.env.OBSNODE_CACHE ?? join(projectRoot(), '.cache'), kind);
}

function above(folder: string): string | undefined {
  if (isRoot(folder)) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent);
}

function isRoot(folder: string): boolean {
  const path = join(folder, 'package.json');
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as {name?: string}).name === 'obsnode';
}
