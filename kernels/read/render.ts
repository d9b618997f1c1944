import {escapeHtml} from '../../lib/notebook/mime';
import {outputHtml, type OutputContext} from '../html/outputs';
import {loneScope} from '../html/scope';
import type {Notebook, Output} from '../nbformat/notebook';

const CONTROLS = 'application/vnd.jupyter.widget-view+json';

/**
 * Renders outputs of a live page as the site renders those of the notebook: cleaned, and with the numbers that figures
 * and tables of their cell have.
 */
export function outputRenderer(notebook: Notebook, name: string): (output: Output, cell: string) => string {
  const chapter = /^(\d+)/.exec(name)?.[1].replace(/^0+(?=\d)/, '');
  let numbers: ReadonlyMap<string, OutputContext['counts']> | undefined;
  return (output, cell) => {
    numbers ??= numbersBefore(notebook, chapter);
    const model = modelOf(output);
    if (model !== null) return `<div class="live-control" data-model="${escapeHtml(model)}"></div>`;
    const counts = {...(numbers.get(cell) ?? {figure: 0, table: 0})};
    return outputHtml(output, {scope: loneScope(), files: () => [], chapter, counts}, {id: `cell-${cell}`, count: '*'});
  };
}

/** The control that an output shows; null for other outputs. */
function modelOf(output: Output): string | null {
  const view = 'data' in output ? (output.data[CONTROLS] as {model_id?: unknown} | undefined) : undefined;
  return typeof view?.model_id === 'string' ? view.model_id : null;
}

/** How many figures and tables stand above each cell. */
function numbersBefore(notebook: Notebook, chapter: string | undefined): Map<string, OutputContext['counts']> {
  const counts = {figure: 0, table: 0}, before = new Map<string, OutputContext['counts']>();
  for (const {id, outputs = []} of notebook.cells) {
    before.set(id!, {...counts});
    const context: OutputContext = {scope: loneScope(), files: () => [], chapter, counts};
    for (const output of outputs) outputHtml(output, context, {id: '', count: ''});
  }
  return before;
}
