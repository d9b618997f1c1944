import {stripVTControlCharacters} from 'node:util';
import {escapeHtml} from '../../lib/notebook/mime';
import type {Cell, Notebook, Output} from '../nbformat/notebook';
import {cleanHtml} from './clean';
import {highlight, renderMarkdown} from './markdown';
import {page} from './page';

/** An executed notebook as one HTML page, readable without a server. */
export function notebookPage(notebook: Notebook, name: string): string {
  const cells = notebook.cells.map(cellHtml).join('\n');
  return page(
    titleOf(notebook, name), `<nav><a href="../index.html">All notebooks</a></nav>\n<main>\n${cells}\n</main>`,
    '../assets',
  );
}

/** The first heading of a notebook, else its file name. */
export function titleOf(notebook: Notebook, name: string): string {
  const heading = notebook.cells.map(({source}) => /^#\s+(.+)$/m.exec(plain(source))?.[1]).find(Boolean);
  return heading ?? name;
}

function cellHtml(cell: Cell): string {
  const source = plain(cell.source);
  if (cell.cell_type === 'markdown') return `<section class="text">${renderMarkdown(source)}</section>`;
  if (cell.cell_type === 'raw') return '';
  const outputs = (cell.outputs ?? []).map(outputHtml).filter(Boolean);
  const code = `<pre class="code"><code>${highlight(source)}</code></pre>`;
  const count = `<div class="count">[${escapeHtml(plain(cell.execution_count ?? ' '))}]</div>`;
  return `<section class="cell">${count}${code}${outputs.map((html) => `<div class="output">${html}</div>`)
    .join('')}</section>`;
}

function outputHtml(output: Output): string {
  if (output.output_type === 'stream') {
    return textBlock(plain(output.text), output.name === 'stderr' ? 'stderr' : 'stdout');
  }
  if (output.output_type === 'error') return textBlock(
    (output.traceback ?? []).map(plain).join('\n') || `${plain(output.ename)}: ${plain(output.evalue)}`, 'error',
  );
  return bundleHtml(output.data ?? {}, output.metadata);
}

function textBlock(text: string, kind?: 'stdout' | 'stderr' | 'error'): string {
  return `<pre${kind ? ` class="${kind}"` : ''}>${escapeHtml(stripVTControlCharacters(text))}</pre>`;
}

/** The text of a part of a file, whose types nobody has checked. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join('');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

type Renderer = (content: string, metadata: unknown) => string;

/**
 * What a page can show, best first. None of it can run a script or fetch from another place: a drawing is shown as an
 * image, markup is cleaned.
 */
const RENDERERS: readonly (readonly [type: string, render: Renderer])[] = [
  ['image/svg+xml', (svg, metadata) => image('svg+xml', Buffer.from(svg).toString('base64'), metadata)],
  ['image/png', (base64, metadata) => image('png', Buffer.from(base64, 'base64').toString('base64'), metadata)],
  ['text/html', cleanHtml],
  ['text/markdown', renderMarkdown],
  ['text/latex', renderMarkdown],
  ['text/plain', (text) => (text ? textBlock(text) : '')],
];

function bundleHtml(
  data: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> | undefined,
): string {
  const found = RENDERERS.find(([type]) => data[type] !== undefined);
  return found ? found[1](plain(data[found[0]]), metadata?.[found[0]]) : '';
}

function image(type: string, base64: string, metadata: unknown): string {
  const width = Math.round(Number((metadata as {width?: unknown} | null | undefined)?.width));
  return '<figure><img alt="figure" '
    + `src="data:image/${type};base64,${base64}"${width > 0 ? ` width="${width}"` : ''}></figure>`;
}
