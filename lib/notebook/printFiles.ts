import {printed, type PrintOptions} from '../figures/print/printed';
import type {FigureSpec} from '../figures/render';
import {saveFiles} from '../figures/save';
import {tableForPrint} from '../figures/print/tablePages';
import {tableToMarkdown} from '../figures/tableFormats';
import {layoutFromHtml, tableToCsv} from '../figures/tableFromHtml';

/** Formats of what a notebook shows, by kind. */
export const PRINT_FORMATS = Object.freeze({figure: ['pdf', 'svg', 'png'], table: ['tex', 'csv', 'md']} as const);

/** A figure as its specification, or a table of results as HTML, the way notebooks hold them. */
export type Shown =
  | {readonly kind: 'figure'; readonly title: string; readonly spec: object}
  | {readonly kind: 'table'; readonly title: string; readonly html: string};

/** How it is to be written. */
export interface PrintFileOptions extends PrintOptions {
  /** Extensions, each of {@link PRINT_FORMATS} of its kind. */
  readonly formats: readonly string[];
  /** Pixels to an inch of a PNG, default 300. */
  readonly dpi?: number;
}

/** Files by extension, and in words how large what they hold is. */
export interface PrintFiles {
  readonly contents: Readonly<Record<string, string | Uint8Array>>;
  readonly size: string;
}

/**
 * What a notebook shows, for a paper: a figure at the size asked for, a table in LaTeX no wider, with such letters.
 * @param name of the table's label
 * @throws ArgumentError for a size that it cannot have
 */
export async function printFiles(shown: Shown, name: string, options: PrintFileOptions): Promise<PrintFiles> {
  return shown.kind === 'figure' ? figureFiles(shown, options) : tableFiles(shown, name, options);
}

async function figureFiles(
  {spec, title}: Extract<Shown, {kind: 'figure'}>, {formats, dpi, ...options}: PrintFileOptions,
): Promise<PrintFiles> {
  const figure = await printed(spec as FigureSpec, options), {font = 8} = options;
  const texts = {title, description: String((spec as {description?: string}).description ?? '')};
  const contents: Record<string, string | Uint8Array> = {};
  for (const format of formats) {
    contents[format] = format === 'svg' ? figure.svg
      : format === 'pdf' ? await figure.pdf(texts)
      : await figure.png(dpi);
  }
  return {contents, size: `${round(figure.width)} x ${round(figure.height)} mm, text ${font} pt`};
}

const round = (mm: number): number => Number(mm.toFixed(1));

async function tableFiles(
  {html}: Extract<Shown, {kind: 'table'}>, name: string, {formats, width, font = 8}: PrintFileOptions,
): Promise<PrintFiles> {
  const layout = layoutFromHtml(html), contents: Record<string, string> = {};
  for (const format of formats) {
    contents[format] = format === 'tex' ? await tableForPrint(layout, {width, font, label: `tab:${name}`})
      : format === 'csv' ? tableToCsv(layout)
      : tableToMarkdown(layout);
  }
  const latex = formats.includes('tex') ? `, in LaTeX at most ${round(width)} mm wide, text ${font} pt` : '';
  return {contents, size: `${layout.lines.length} lines${latex}`};
}

/** Writes them as `folder/name.extension`, each whole or not at all. @returns their paths */
export function savePrintFiles({contents}: PrintFiles, folder: string, name: string): Promise<readonly string[]> {
  return saveFiles('figure', folder, name, contents);
}
