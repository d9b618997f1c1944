import {declarationsOf} from '../checker/declarations';

/** A cell with the names that it makes known to others, and those that it speaks of. */
export interface NamedCell {
  readonly cell: string;
  readonly declared: ReadonlySet<string>;
  readonly mentioned: ReadonlySet<string>;
}

/** Finds the names of a cell in its text. */
export function named(cell: string, source: string): NamedCell {
  const {names, mentioned} = declarationsOf(source);
  return {cell, declared: new Set(names.keys()), mentioned};
}

/**
 * The cells whose inputs have changed: a cell from which they took a name has run again since, or is itself such a
 * cell. A name that another cell declares anew later changes nothing for those that had it from the earlier one: so
 * runs from top to bottom mark nothing.
 *
 * @param runs all runs of this kernel, oldest first
 */
export function staleCells(runs: readonly NamedCell[]): ReadonlySet<string> {
  const last = new Map(runs.map(({cell}, at) => [cell, at]));
  const found = new Map<string, boolean>();
  const isStale = (cell: string): boolean => {
    const known = found.get(cell);
    if (known !== undefined) return known;
    found.set(cell, false); // a circle of cells does not make itself stale
    const at = last.get(cell)!;
    const stale = sources(runs, at).some((from) => from !== last.get(runs[from].cell) || isStale(runs[from].cell));
    found.set(cell, stale);
    return stale;
  };
  return new Set([...last.keys()].filter(isStale));
}

/** The runs from which a run had its names. */
function sources(runs: readonly NamedCell[], at: number): number[] {
  const {cell, declared, mentioned} = runs[at];
  const earlier = [...mentioned].filter((name) => !declared.has(name)).map((name) =>
    runs.findLastIndex((run, k) => k < at && run.cell !== cell && run.declared.has(name)));
  return [...new Set(earlier.filter((k) => k >= 0))];
}

/**
 * The cells above `cell` that it needs and that have not run, in the order of the page: those that declare what it
 * mentions, nearest first, and what they need in turn.
 *
 * @param page the cells of the page in order
 * @param ran cells that the kernel has run
 */
export function neededCells(page: readonly NamedCell[], cell: string, ran: ReadonlySet<string>): string[] {
  const needed = new Set<number>();
  const visit = (at: number): void => {
    for (const from of sources(page, at)) {
      if (needed.has(from) || ran.has(page[from].cell)) continue;
      needed.add(from);
      visit(from);
    }
  };
  visit(page.findIndex((each) => each.cell === cell));
  return [...needed].sort((a, b) => a - b).map((at) => page[at].cell);
}
