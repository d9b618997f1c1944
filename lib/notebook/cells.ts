import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {projectRoot} from './root';

/**
 * Key under which a kernel keeps the sources of the cells that it has run, so that all copies of this module see them.
 */
const RUN: unique symbol = Symbol.for('obsnode.cells');

/** File with the hashes of the code cells of the project's notebooks; `kernels/runner/recordCells.ts` writes it. */
export const CELL_RECORD = 'notebooks/cells.json';

/** Told by a kernel: this cell runs. */
export function noteCell(source: string): void {
  const holder = globalThis as {[RUN]?: Set<string>};
  (holder[RUN] ??= new Set()).add(source);
}

/** Short hash of a cell, the same whatever white space stands at its end. */
export function cellHash(source: string): string {
  return createHash('sha256').update(source.trimEnd()).digest('hex').slice(0, 12);
}

/**
 * Hashes of the cells that have run, in order, the present one included: what a result of this page follows from as far
 * as its text goes. Undefined where nobody notes cells, as under another kernel or in a program.
 */
export function cellsSoFar(): readonly string[] | undefined {
  const run = (globalThis as {[RUN]?: Set<string>})[RUN];
  return run && [...run].map(cellHash);
}

/**
 * Whether a cell has run that is in none of the project's notebooks as they were recorded: edited by a reader, or new.
 */
export function anyCellEdited(): boolean {
  const run = (globalThis as {[RUN]?: Set<string>})[RUN];
  if (!run) return false;
  const path = join(projectRoot(), CELL_RECORD);
  const record = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly string[]>) : {};
  const known = new Set(Object.values(record).flat());
  return [...run].some(source => source.trim() !== '' && !known.has(cellHash(source)));
}
