import {basename} from 'node:path';
import type {Shown} from '../../lib/notebook/printFiles';
import {joined, type Cell, type Notebook, type Output} from '../nbformat/notebook';
import {namesFor} from '../nbformat/publishedNames';

/** A figure or a table that a notebook shows. */
export interface NamedShown {
  readonly name: string;
  readonly shown: Shown;
  /** Path of the notebook. */
  readonly notebook: string;
  /** Id of the cell, and the place of this among what the cell shows. */
  readonly cell: string;
  readonly place: number;
}

const VEGA_LITE = 'application/vnd.vegalite.v5+json';

type Rich = Extract<Output, {data: Record<string, unknown>}>;

/**
 * All figures and published tables in the outputs of a notebook, by name: the one they were published under, else the
 * one in the source of their cell, else `NN-figure-1`, `NN-figure-2`, ...
 */
export function shownIn(path: string, {cells}: Notebook): NamedShown[] {
  const counts = {figure: 0, table: 0};
  return cells.flatMap(cell => {
    const outputs = (cell.outputs ?? []).filter(isShown), derived = namesFor(joined(cell.source), outputs.length);
    return outputs.map((output, place) => {
      const kind = VEGA_LITE in output.data ? 'figure' : 'table';
      const name = carriedName(output) ?? derived?.[place] ?? `${basename(path).slice(0, 2)}-${kind}-${++counts[kind]}`;
      return {name, notebook: path, cell: String(cell.id), place, shown: content(output)};
    });
  });
}

/** A table that was published has Markdown beside its HTML. */
function isShown(output: Output): output is Rich {
  if (!('data' in output)) return false;
  return VEGA_LITE in output.data || ['text/html', 'text/markdown'].every(type => type in output.data);
}

function carriedName({metadata}: Rich): string | undefined {
  return (metadata.obsnode as {name?: string} | undefined)?.name;
}

function content({data}: Rich): Shown {
  const spec = data[VEGA_LITE] as {title?: {text?: string | readonly string[]}} | undefined;
  if (spec) return {kind: 'figure', spec, title: [spec.title?.text ?? ''].flat().join(' ')};
  const html = joined(data['text/html'] as Cell['source']);
  return {kind: 'table', html, title: /<caption[^>]*>([^<]*)/.exec(html)?.[1] ?? ''};
}
