import {PRINT_FORMATS, printFiles, savePrintFiles} from '../../lib/notebook/printFiles';
import {UsageError} from '../runner/arguments';
import {makeFolder} from '../runner/folders';
import type {FigureArguments} from './arguments';
import type {NamedShown} from './shipped';

/** What was written where. */
export interface Written {
  readonly paths: readonly string[];
  /** In words, for the reader. */
  readonly size: string;
}

/** Writes a figure or table in the formats asked for; all are made before the first is written. */
export async function write({name, shown}: NamedShown, request: FigureArguments): Promise<Written> {
  const {to, width = WIDTHS[shown.kind], font, grey, title, labels, dpi} = request;
  const formats = formatsOf(name, shown.kind, request);
  const files = await printFiles(shown, name, {formats, width, font, grey, title, labels, dpi});
  makeFolder(to, '--to');
  return {paths: await savePrintFiles(files, to, name), size: files.size};
}

/** Of a column and of a page [mm]. */
const WIDTHS = {figure: 85, table: 174} as const;

function formatsOf(name: string, kind: 'figure' | 'table', {formats}: FigureArguments): readonly string[] {
  const known: readonly string[] = PRINT_FORMATS[kind];
  const chosen = formats?.filter(format => known.includes(format)) ?? known;
  if (chosen.length > 0) return chosen;
  throw new UsageError(`--format: ${name} is a ${kind}, which is written as ${known.join(', ')}; `
    + `received ${formats!.join(', ')}`);
}
