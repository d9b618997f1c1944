import {inspect} from 'node:util';
import {type MimeBundle, mimeSymbol, type RichDisplay} from '../figures/mime';

export type {MimeBundle} from '../figures/mime';

/** Whether `value` is a ready-made bundle: an object whose `data` has only MIME types as keys. */
export function isMimeBundle(value: unknown): value is MimeBundle {
  const data = (value as MimeBundle | null)?.data;
  if (typeof value !== 'object' || value === null || typeof data !== 'object' || data === null) return false;
  const types = Object.keys(data);
  return types.length > 0 && types.every((type) => /^[\w.+-]+\/[\w.+-]+$/.test(type));
}

/**
 * How a value is shown: by its own `[Symbol.for('obsnode.mime')]()` method, as a tensor or data frame, else as text.
 *
 * @returns the bundle, at once where the value does not make us wait; `null` for `undefined`, which is not shown
 */
export function toMimeBundle(value: unknown): MimeBundle | null | Promise<MimeBundle> {
  if (isMimeBundle(value)) return value;
  const method = (value as Partial<RichDisplay> | null | undefined)?.[mimeSymbol];
  return typeof method === 'function' ? method.call(value) : plainBundle(value);
}

function plainBundle(value: unknown): MimeBundle | null {
  if (value === undefined) return null;
  if (isTensor(value)) return textBundle(tensorText(value));
  if (isFrame(value)) return frameBundle(value);
  return textBundle(inspect(value, {depth: 4, maxArrayLength: 60, breakLength: 100}));
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

/** The part of a danfojs data frame that a table needs. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
  readonly index: readonly (string | number)[];
}

/** Whether `value` looks like a danfojs data frame. */
export function isFrame(value: unknown): value is FrameLike {
  const frame = value as Partial<FrameLike> | null;
  return typeof value === 'object' && Array.isArray(frame?.columns) && Array.isArray(frame?.values) && Array.isArray(frame?.index);
}

function frameBundle(frame: FrameLike): MimeBundle {
  const rows = frame.values.map((row) => (Array.isArray(row) ? row : [row]) as unknown[]);
  return tableBundle(frame.columns, rows);
}

/**
 * A table as HTML and Markdown.
 *
 * @param columns heads
 * @param rows cells; numbers are set flush right
 * @param title caption, default none
 */
export function tableBundle(columns: readonly string[], rows: readonly (readonly unknown[])[], title?: string): MimeBundle {
  const text = rows.map((row) => row.map(cellText));
  const numeric = columns.map((_, j) => rows.every((row) => typeof row[j] === 'number' || row[j] == null));
  const align = (j: number): string => (numeric[j] ? ' style="text-align:right"' : ' style="text-align:left"');
  const row = (tag: string, cells: readonly string[]): string => `<tr>${cells.map((cell, j) => `<${tag}${align(j)}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const caption = title ? `<caption>${escapeHtml(title)}</caption>\n` : '';
  const html = `<table>\n${caption}<thead>${row('th', columns)}</thead>\n<tbody>\n${text.map((cells) => row('td', cells)).join('\n')}\n</tbody>\n</table>`;
  return {data: {'text/html': html, 'text/plain': `${title ? `${title}\n\n` : ''}${plainTable(columns, text, numeric)}`}, metadata: {}};
}

function plainTable(columns: readonly string[], text: readonly (readonly string[])[], numeric: readonly boolean[]): string {
  const width = columns.map((head, j) => Math.max(head.length, ...text.map((row) => row[j].length)));
  const pad = (cell: string, j: number): string => (numeric[j] ? cell.padStart(width[j]) : cell.padEnd(width[j]));
  const line = (cells: readonly string[]): string => cells.map(pad).join('  ').trimEnd();
  return [line(columns), width.map((n) => '-'.repeat(n)).join('  '), ...text.map(line)].join('\n');
}

function cellText(value: unknown): string {
  if (value == null) return '';
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}

/** Text with the characters that HTML reads as markup written out. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
