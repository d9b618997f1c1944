import {escapeHtml} from '../../lib/notebook/mime';
import {type Cell, joined, type MultilineText, type Notebook, type Output} from '../runner/notebook';
import {highlight, renderMarkdown} from './markdown';
import {page} from './page';

/** An executed notebook as one HTML page, readable without a server. */
export function notebookPage(notebook: Notebook, name: string): string {
  const cells = notebook.cells.map(cellHtml).join('\n');
  return page(titleOf(notebook, name), `<nav><a href="../index.html">All notebooks</a></nav>\n<main>\n${cells}\n</main>`, '../assets');
}

/** The first heading of a notebook, else its file name. */
export function titleOf(notebook: Notebook, name: string): string {
  const heading = notebook.cells.map(({source}) => /^#\s+(.+)$/m.exec(joined(source))?.[1]).find(Boolean);
  return heading ?? name;
}

function cellHtml(cell: Cell): string {
  const source = joined(cell.source);
  if (cell.cell_type === 'markdown') return `<section class="text">${renderMarkdown(source)}</section>`;
  if (cell.cell_type === 'raw') return '';
  const outputs = (cell.outputs ?? []).map(outputHtml).filter(Boolean);
  const code = `<pre class="code"><code>${highlight(source)}</code></pre>`;
  const count = `<div class="count">[${cell.execution_count ?? ' '}]</div>`;
  return `<section class="cell">${count}${code}${outputs.map((html) => `<div class="output">${html}</div>`).join('')}</section>`;
}

function outputHtml(output: Output): string {
  if (output.output_type === 'stream') return `<pre class="${output.name}">${escapeHtml(joined(output.text))}</pre>`;
  if (output.output_type === 'error') return `<pre class="error">${escapeHtml(output.traceback.join('\n'))}</pre>`;
  return bundleHtml(output.data as Record<string, MultilineText>, output.metadata);
}

type Renderer = (content: string, metadata: unknown) => string;

/** What a page can show, best first. */
const RENDERERS: readonly (readonly [type: string, render: Renderer])[] = [
  ['image/svg+xml', (svg) => `<figure>${svg}</figure>`],
  ['image/png', (base64, metadata) => `<figure><img alt="figure" src="data:image/png;base64,${base64}"${size(metadata)}></figure>`],
  ['text/html', (html) => html],
  ['text/markdown', renderMarkdown],
  ['text/latex', renderMarkdown],
  ['text/plain', (text) => (text ? `<pre>${escapeHtml(text)}</pre>` : '')],
];

function bundleHtml(data: Record<string, MultilineText>, metadata: Record<string, unknown>): string {
  const found = RENDERERS.find(([type]) => data[type] !== undefined);
  return found ? found[1](joined(data[found[0]]), metadata[found[0]]) : '';
}

function size(metadata: unknown): string {
  const {width} = (metadata ?? {}) as {width?: number};
  return width ? ` width="${width}"` : '';
}
