import {types} from 'node:util';
import {type FrameLike, isFrame, type MimeBundle, tableBundle, textBundle, toMimeBundle} from './mime';
import {currentSink, type DisplayOptions} from './sink';
import {tslabDisplay} from './tslab';
import {expect} from '../errors';

/**
 * Shows a value below the cell: a figure, tensor, data frame, ready-made MIME bundle, or anything else as text. Works
 * under the project's kernel and runner, under tslab, and in plain Node, where the text form is printed.
 *
 * A figure takes a moment to draw: its place is kept, and the kernel waits for it before the cell ends, so `await` is
 * needed only elsewhere.
 *
 * @param value what to show; `undefined` shows nothing
 * @param options.id name of the display, so that a later call with `update: true` replaces it; default none
 */
export function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  const bundle = toMimeBundle(value);
  if (types.isPromise(bundle)) return displayLater(bundle, options);
  if (bundle) emit(bundle, options);
  return Promise.resolve();
}

function displayLater(bundle: Promise<MimeBundle>, {id, update = false}: DisplayOptions): Promise<void> {
  const sink = currentSink();
  if (!sink) return bundle.then((ready) => emit(ready, {id, update}));
  const place = id ?? nextId();
  if (!update) sink.display(textBundle(''), {id: place});
  const shown = bundle.then((ready) => sink.display(ready, {id: place, update: true}));
  sink.wait(shown);
  return shown;
}

function emit(bundle: MimeBundle, options: DisplayOptions): void {
  const sink = currentSink();
  if (sink) sink.display(bundle, options);
  else if (!tslabDisplay(bundle, options)) console.log(textOf(bundle));
}

function textOf({data}: MimeBundle): string {
  const text = data['text/plain'] ?? data['text/markdown'] ?? data['text/latex'];
  return text === undefined ? `[${Object.keys(data).join(', ')}]` : String(text);
}

/** A display whose content can be replaced. */
export interface UpdatableDisplay {
  /** Replaces what is shown. */
  update(value: unknown): Promise<void>;
}

let created = 0;

function nextId(): string {
  return `display-${++created}`;
}

/**
 * Shows a value in a place of its own that later calls of `update` overwrite.
 *
 * @param value first content
 * @param options how it is named
 * @param options.id name of the display; default `display-1`, `display-2`, ...
 */
export function updatable(value: unknown, {id = nextId()}: {readonly id?: string} = {}): UpdatableDisplay {
  void display(value, {id});
  return Object.freeze({update: (next: unknown) => display(next, {id, update: true})});
}

/**
 * Removes what the cell has shown so far, where a kernel can.
 *
 * @param options when it goes
 * @param options.wait keeps it until the next output, so that the page does not flicker; default false
 */
export function clearOutput({wait = false}: {readonly wait?: boolean} = {}): void {
  currentSink()?.clear?.(Boolean(wait));
}

/**
 * Shows a text with Markdown markup and `$math$`.
 * @example
 * ```ts
 * import {markdown} from './lib';
 * markdown('A state $z$ moves by $f(z, a)$.');   // A state $z$ moves by $f(z, a)$.
 * ```
 */
export function markdown(text: string): void {
  void display({data: {'text/markdown': text, 'text/plain': text}, metadata: {}});
}

/** Shows a formula on a line of its own. @param tex LaTeX without dollar signs */
export function latex(tex: string): void {
  void display({data: {'text/latex': `$$${tex}$$`, 'text/plain': tex}, metadata: {}});
}

/** How a table is set. */
export interface TableOptions {
  /** Keys to show, in order. Default: the keys of the first row. */
  readonly columns?: readonly string[];
  /** Caption above the table. Default: none. */
  readonly title?: string;
}

/**
 * Shows rows as a table with numbers flush right. The numbers of a column share their decimals, three digits of the
 * smallest; where they lie many powers of ten apart each has four digits of its own.
 *
 * @param rows objects with the same keys, or a danfojs data frame
 * @throws ArgumentError when there is no row to take the columns from, or a named column is missing
 * @example
 * ```ts
 * import {table} from './lib';
 * table([{model: 'last value', error: 0.51234567}, {model: 'ridge', error: 0.25}]);   // model       error
 * // ----------  -----
 * // last value  0.512
 * // ridge       0.250
 * ```
 */
export function table(rows: readonly object[] | FrameLike, {columns, title}: TableOptions = {}): void {
  const {heads, cells} = isFrame(rows) ? frameCells(rows, columns) : objectCells(rows, columns);
  void display(tableBundle(heads, cells, title));
}

/** Heads and cells of a table. */
interface Cells {
  readonly heads: readonly string[];
  readonly cells: readonly (readonly unknown[])[];
}

function objectCells(rows: readonly object[], columns?: readonly string[]): Cells {
  const remedy = 'Name the columns, or check that the computation gave any rows.';
  expect(rows.length > 0 || columns, {
    fn: 'table', argument: 'rows', expected: 'at least one row', received: rows, remedy,
  });
  const heads = columns ?? Object.keys(rows[0]);
  const unknown = heads.find((head) => rows.length > 0 && !rows.some((row) => head in row));
  expect(unknown === undefined, {fn: 'table', argument: 'columns', expected: 'keys of the rows', received: unknown});
  return {heads, cells: rows.map((row) => heads.map((head) => (row as Record<string, unknown>)[head]))};
}

function frameCells(frame: FrameLike, columns: readonly string[] = frame.columns): Cells {
  const at = columns.map((name) => frame.columns.indexOf(name));
  expect(!at.includes(-1), {
    fn: 'table', argument: 'columns', expected: `columns of the frame (${frame.columns.join(', ')})`, received: columns,
  });
  return {heads: columns, cells: frame.values.map((row) => at.map((j) => row[j]))};
}
