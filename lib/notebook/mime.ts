import {types} from 'node:util';
import {type MimeBundle, mimeSymbol, type RichDisplay} from '../figures/mime';
import {checkedBundle, isMimeBundle} from './bundle';
import {columnTexts} from './columnTexts';
import {describeValue, property} from './describe';

export type {MimeBundle} from '../figures/mime';

/**
 * How a value is shown: by its own `[Symbol.for('obsnode.mime')]()` method, as a tensor or data frame, else as text.
 * This is the one door through which values reach a reader: nothing that a value does stops more than its own cell.
 *
 * @returns the bundle, at once where the value does not make us wait; `null` for `undefined`, which is not shown
 * @throws BundleError for a bundle that cannot be sent; what the method of the value throws
 */
export function toMimeBundle(value: unknown): MimeBundle | null | Promise<MimeBundle> {
  if (value === undefined) return null;
  if (isMimeBundle(value)) return checkedBundle(value);
  // A proxy can answer to every name: it shows itself only where it gives a bundle.
  if (types.isProxy(value)) return ownBundle(value, () => textBundle(describeValue(value)));
  return ownBundle(value) ?? richBundle(value) ?? textBundle(describeValue(value));
}

/**
 * The bundle that a value with a method for it gives; null without one.
 * @param otherwise what to do where that fails; by default it is thrown
 */
function ownBundle(value: unknown, otherwise?: () => MimeBundle): MimeBundle | Promise<MimeBundle> | null {
  const method = property(value, mimeSymbol);
  if (typeof method !== 'function') return otherwise?.() ?? null;
  try {
    const own = (method as RichDisplay[typeof mimeSymbol]).call(value as RichDisplay);
    return isThenable(own)
      ? Promise.resolve(own).then(checkedBundle).catch((error) => recover(error, otherwise))
      : checkedBundle(own);
  } catch (error) {
    return recover(error, otherwise);
  }
}

function recover(error: unknown, otherwise?: () => MimeBundle): MimeBundle {
  if (otherwise) return otherwise();
  throw error;
}

function isThenable(value: unknown): value is Promise<MimeBundle> {
  return typeof property(value, 'then') === 'function';
}

/** Tensors and data frames; what only looks like one, and fails, is text. */
function richBundle(value: unknown): MimeBundle | null {
  try {
    if (isTensor(value)) return checkedBundle(textBundle(tensorText(value)));
    return isFrame(value) ? checkedBundle(frameBundle(value)) : null;
  } catch {
    return null;
  }
}

/** A bundle of text alone. */
export function textBundle(text: string): MimeBundle {
  return {data: {'text/plain': text}, metadata: {}};
}

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number>;
  toString(verbose?: boolean): string;
}

function isTensor(value: unknown): value is TensorLike {
  const tensor = value as Partial<TensorLike> | null;
  return typeof tensor?.dataSync === 'function' && Array.isArray(tensor.shape) && typeof tensor.dtype === 'string';
}

function tensorText(tensor: TensorLike): string {
  const head = `Tensor ${tensor.dtype} [${tensor.shape.join(', ')}]`;
  return tensor.isDisposed ? `${head} (disposed)` : `${head}\n${tensor.toString().replace(/^Tensor\n/, '')}`;
}

/** Most rows or columns of a table: an array can be long without holding anything. */
const MOST_ROWS = 1_000_000;

/** The part of a danfojs data frame that a table needs. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
  readonly index: readonly (string | number)[];
}

/** Whether `value` looks like a danfojs data frame. */
export function isFrame(value: unknown): value is FrameLike {
  const frame = value as Partial<FrameLike> | null;
  return typeof value === 'object'
    && [frame?.columns, frame?.values, frame?.index].every((part) => Array.isArray(part) && part.length <= MOST_ROWS);
}

function frameBundle(frame: FrameLike): MimeBundle {
  const rows = frame.values.map((row) => (Array.isArray(row) ? row : [row]) as unknown[]);
  return tableBundle(frame.columns, rows);
}

/** What stands in a column of numbers where there is none. */
const BLANK: ReadonlySet<unknown> = new Set([undefined, null, '', '–']);

/**
 * A table as HTML and Markdown.
 *
 * @param columns heads
 * @param rows cells; numbers are set flush right, those of a column with the same decimals
 * @param title caption, default none
 */
export function tableBundle(
  columns: readonly string[], rows: readonly (readonly unknown[])[], title?: string,
): MimeBundle {
  const texts = columns.map((_, j) => columnTexts(rows.map((row) => row[j])));
  const text = rows.map((_, i) => texts.map((column) => column[i]));
  const numeric = columns.map((_, j) => rows.every((row) => typeof row[j] === 'number' || BLANK.has(row[j])));
  const align = (j: number): string =>
    ` style="text-align:${numeric[j] ? 'right;white-space:nowrap' : 'left'}"`;
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, j) => `<${tag}${align(j)}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const caption = title ? `<caption>${escapeHtml(title)}</caption>\n` : '';
  const html = `<table>\n${caption}<thead>${row('th', columns)}</thead>\n<tbody>\n${text.map((cells) =>
    row('td', cells)).join('\n')}\n</tbody>\n</table>`;
  return {
    data: {'text/html': html, 'text/plain': `${title ? `${title}\n\n` : ''}${plainTable(columns, text, numeric)}`},
    metadata: {},
  };
}

function plainTable(
  columns: readonly string[], text: readonly (readonly string[])[], numeric: readonly boolean[],
): string {
  const width = columns.map((head, j) => Math.max(head.length, ...text.map((row) => row[j].length)));
  const pad = (cell: string, j: number): string => (numeric[j] ? cell.padStart(width[j]) : cell.padEnd(width[j]));
  const line = (cells: readonly string[]): string => cells.map(pad).join('  ').trimEnd();
  return [line(columns), width.map((n) => '-'.repeat(n)).join('  '), ...text.map(line)].join('\n');
}

/** Text with the characters that HTML reads as markup written out. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
