import {namesFor} from '../../nbformat/publishedNames';
import {joined, type Cell, type MultilineText, type Notebook} from '../../nbformat/notebook';

/** A figure or a table that a notebook shows. */
export interface Result {
  readonly kind: 'figure' | 'table';
  /** Name of its files, unique in a notebook. */
  readonly name: string;
  /** Whether the notebook gave the name; else it is made from the notebook's number and the place. */
  readonly published: boolean;
  readonly title: string;
  /** What it shows, in words. */
  readonly text: string;
  /** Id of the cell below which it stands. */
  readonly cell: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An output with a bundle, of whose parts nobody has checked the types. */
interface Shown {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: unknown;
}

const VEGA = 'application/vnd.vegalite.v5+json';

/** Figures and tables of a notebook in their order; the table of provenance at its end is no result. */
export function resultsOf(notebook: Notebook, stem: string): Result[] {
  const number = /^\w*/.exec(stem)![0] || 'own', count = {figure: 0, table: 0}, taken = new Map<string, number>();
  return notebook.cells.flatMap(cell => {
    const shown = bundlesOf(cell).filter(isResult), names = namesIn(cell, shown);
    return shown.map(output => {
      const kind = kindOf(output), given = nameOf(output) ?? names.get(output);
      const name = unique(given ?? `${number}-${kind}-${++count[kind]}`, taken);
      return {kind, name, published: given !== undefined, ...words(output), cell: textOf(cell.id), data: output.data};
    });
  });
}

/** Outputs of a cell that have a bundle. */
export function bundlesOf({outputs}: Cell): Shown[] {
  const all = Array.isArray(outputs) ? outputs as readonly (Partial<Shown> | null)[] : [];
  return all.filter((output): output is Shown => typeof output?.data === 'object' && output.data !== null);
}

function isResult({data}: Shown): boolean {
  if (data['image/png'] !== undefined || data[VEGA] !== undefined) return true;
  const text = textOf(data['text/plain']);
  return /<table\b/.test(textOf(data['text/html'])) && !/^what +value\n/.test(text);
}

const kindOf = ({data}: Shown): Result['kind'] => (data['text/html'] === undefined ? 'figure' : 'table');

function nameOf({metadata}: Shown): string | undefined {
  const name = (metadata as {obsnode?: {name?: unknown} | null} | null | undefined)?.obsnode?.name;
  return typeof name === 'string' && /^\w[\w.-]*$/.test(name) ? name : undefined;
}

/** Names in the source, for outputs made before they carried any: those that `npm run figure` knows. */
function namesIn({source}: Cell, shown: readonly Shown[]): ReadonlyMap<Shown, string> {
  const published = shown.filter(output => kindOf(output) === 'figure' || 'text/markdown' in output.data);
  const names = namesFor(textOf(source), published.length) ?? [];
  return new Map(names.map((name, k) => [published[k], name]));
}

function unique(name: string, taken: Map<string, number>): string {
  const times = (taken.get(name) ?? 0) + 1;
  taken.set(name, times);
  return times === 1 ? name : `${name}-${times}`;
}

/** A title and the words that follow it; a table without a title has the heads of its columns for one. */
function words({data}: Shown): {readonly title: string; readonly text: string} {
  const text = textOf(data['text/plain']), [first = '', second = ''] = text.split('\n');
  const untitled = /^-+(?: +-+)*$/.test(second) && !/<caption\b/.test(textOf(data['text/html']));
  return {title: untitled ? first.trim().replace(/ {2,}/g, ', ') : first.trim(), text};
}

/** Text of a part of an output, which a file may hold as one string or in lines. */
export function textOf(value: unknown): string {
  const isText = typeof value === 'string' || Array.isArray(value) && value.every(line => typeof line === 'string');
  return isText ? joined(value as MultilineText) : '';
}

/** A table in letters, as a notebook keeps it beside its markup. */
export interface TextTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a table of plain text: columns stand below dashes. @returns undefined where there is none */
export function textTable(text: string): TextTable | undefined {
  const lines = text.split('\n'), rule = lines.findIndex(line => /^-+(?: +-+)*$/.test(line));
  if (rule < 1) return undefined;
  const columns = [...lines[rule].matchAll(/-+/g)].map(({index, 0: dashes}) => [index, index + dashes.length] as const);
  const cells = (line: string) => columns.map(([start, end]) => line.slice(start, end).trim());
  const end = lines.findIndex((line, k) => k > rule && line === '');
  return {heads: cells(lines[rule - 1]), rows: lines.slice(rule + 1, end < 0 ? undefined : end).map(cells)};
}
