import type {CoverageEvidence, CoverageItem, CoveragePlace} from './coverage';
import type {Sheet} from './committed';
import {bundlesOf, textOf, textTable} from './results';

/** Where something stands: a page and the id of a cell of it. */
export interface Found {
  readonly stem: string;
  readonly cell: string;
  /** Number of the code cell, as in `[12]`. */
  readonly count?: number;
}

const sheetsOf = (sheets: readonly Sheet[], place: CoveragePlace): readonly Sheet[] =>
  sheets.filter(({stem}) => stem.startsWith(place.split('/')[0]));

/** The page that holds the cell: one page may have been cut in two, `02-...` and `02b-...`. */
export function find(sheets: readonly Sheet[], place: CoveragePlace): Found | undefined {
  const cell = place.slice(place.indexOf('/') + 1);
  for (const {stem, notebook} of sheetsOf(sheets, place)) {
    const found = notebook.cells.find(({id}) => id === cell);
    if (found) return {stem, cell, count: found.execution_count ?? undefined};
  }
  return undefined;
}

/** What a committed notebook computed, in its own digits. */
export interface Stated {
  /** What the value is of; undefined for a claim, which says it itself. */
  readonly label?: string;
  readonly value: string;
}

/** What committed notebooks computed about an item; what is not found is left out. */
export function evidence(sheets: readonly Sheet[], {at, said = []}: CoverageItem): Stated[] {
  const texts = sheetsOf(sheets, at[0]).flatMap(({notebook}) => notebook.cells.flatMap(cell =>
    bundlesOf(cell).map(({data}) => textOf(data['text/plain']))));
  return said.flatMap(wanted => {
    const value = 'claim' in wanted ? texts.find(text => text.startsWith('✓ ') && text.includes(wanted.claim))
      : texts.map(text => cellOf(text, wanted)).find(Boolean);
    return value ? [{label: 'as' in wanted ? wanted.as : undefined, value}] : [];
  });
}

/** A name without the number of its footnote. */
const withoutNote = (name: string): string => name.replace(/ \[\d+\]$/, '');

type Wanted = Extract<CoverageEvidence, {readonly table: string}>;

/** The cell of a table in plain text; undefined where the table is another or has no such cell. */
function cellOf(text: string, wanted: Wanted): string | undefined {
  const table = text.startsWith(wanted.table) ? textTable(text) : undefined;
  if (!table) return undefined;
  const column = table.heads.indexOf(wanted.column), source = table.heads.indexOf('source');
  const isHeading = (row: readonly string[]) => row.slice(1).every(cell => cell === '');
  const start = wanted.group ? table.rows.findIndex(row => isHeading(row) && row[0].startsWith(wanted.group!)) + 1 : 0;
  const row = table.rows.slice(start).find(cells =>
    withoutNote(cells[0]) === wanted.row && (!wanted.source || cells[source] === wanted.source));
  return row?.[column]?.replace(/ \*$/, '') || undefined;
}
