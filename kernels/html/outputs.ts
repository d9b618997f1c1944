import {stripVTControlCharacters} from 'node:util';
import {escapeHtml} from '../../lib/notebook/mime';
import type {Output} from '../nbformat/notebook';
import {chartSpec} from './chartSpec';
import {cleanHtml} from './clean';
import {printed} from './codeBlock';
import {renderMarkdown} from './markdown';
import {plain} from './plain';
import type {Scope} from './scope';
import {scriptJson} from './scriptJson';

/** What the outputs of one page are shown with. */
export interface OutputContext {
  readonly scope: Scope;
  /** Number of the page in front of numbers of figures and tables: `7` for `Figure 7.2`; default: no number. */
  readonly chapter?: string;
  /** Files of a published figure or table. */
  readonly files: (name: string) => readonly (readonly [ending: string, href: string])[];
  /** Figures and tables so far. */
  readonly counts: {figure: number; table: number};
}

/** The cell that an output came from. */
export interface Origin {
  readonly id: string;
  /** As in `[12]`. */
  readonly count: string;
}

/** An output as HTML; empty where there is nothing to see. */
export function outputHtml(output: Output, context: OutputContext, origin: Origin): string {
  if (output.output_type === 'stream') {
    return textBlock(plain(output.text), output.name === 'stderr' ? 'stderr' : 'stdout');
  }
  if (output.output_type === 'error') return textBlock(
    (output.traceback ?? []).map(plain).join('\n') || `${plain(output.ename)}: ${plain(output.evalue)}`, 'error',
  );
  const {data, metadata} = output as {data?: Bundle | null; metadata?: Bundle | null};
  return bundleHtml({data: data ?? {}, metadata: metadata ?? {}}, context, origin);
}

type Bundle = Readonly<Record<string, unknown>>;

function textBlock(text: string, kind?: 'stdout' | 'stderr' | 'error'): string {
  return printed(escapeHtml(stripVTControlCharacters(text)), kind);
}

/** A bundle to be shown. */
interface Shown {
  readonly data: Bundle;
  readonly metadata: Bundle;
}

type Renderer = (content: string, shown: Shown, context: OutputContext, origin: Origin) => string;

/**
 * What a page can show, best first. None of it can run a script or fetch from another place: a drawing is shown as an
 * image, markup is cleaned, the specification of a chart is data.
 */
const RENDERERS: readonly (readonly [type: string, render: Renderer])[] = [
  ['image/svg+xml', (svg, shown, context) => drawing(['svg+xml', Buffer.from(svg)], shown, context)],
  ['image/png', (base64, shown, context) => drawing(['png', Buffer.from(base64, 'base64')], shown, context)],
  ['text/html', tableHtml],
  ['text/markdown', computed],
  ['text/latex', computed],
  ['text/plain', text => (text ? textBlock(text) : '')],
];

function bundleHtml(shown: Shown, context: OutputContext, origin: Origin): string {
  const found = RENDERERS.find(([type]) => shown.data[type] !== undefined);
  return found ? found[1](plain(shown.data[found[0]]), shown, context, origin) : '';
}

/** Text that a cell wrote: its numbers come from there, so it says from where. */
function computed(text: string, _shown: Shown, {scope}: OutputContext, {id, count}: Origin): string {
  const claim = /^\s*✓/.test(text) ? ' holds' : /^\s*⚠/.test(text) ? ' fails' : '';
  const from = `<a class="origin" href="#${id}" aria-label="Computed by cell ${escapeHtml(count)}" `
    + `title="Computed by cell [${escapeHtml(count)}]">[${escapeHtml(count)}]</a>`;
  return `<div class="computed${claim}">${renderMarkdown(text, scope)}${from}</div>`;
}

function drawing(
  [type, bytes]: readonly [type: string, bytes: Buffer], {data, metadata}: Shown, context: OutputContext,
): string {
  const size = metadata[`image/${type}`] as {width?: unknown; height?: unknown} | null | undefined;
  const [width, height] = [size?.width, size?.height].map(value => Math.round(Number(value)));
  const [title, ...rest] = plain(data['text/plain'] ?? '').trim().split('\n');
  const alt = [title, ...rest].join(' ').trim() || 'Figure without a description';
  const image = `<img alt="${escapeHtml(alt)}" src="data:image/${type};base64,${bytes.toString('base64')}"`
    + `${width > 0 ? ` width="${width}"` : ''}${width > 0 && height > 0 ? ` height="${height}"` : ''}>`;
  return numbered('figure', `<div class="sheet">${image}${chart(data)}</div>`, {title, metadata}, context);
}

/** What a script draws the chart from. */
function chart(data: Bundle): string {
  const spec = chartSpec(data['application/vnd.vegalite.v5+json']);
  return spec ? `<script type="application/json">${scriptJson(spec)}</script>` : '';
}

/** Tables get a number and lose their own caption to it; other markup is shown as it is. */
function tableHtml(html: string, {metadata}: Shown, context: OutputContext): string {
  const clean = cleanHtml(html).replace(/<th([^>]*)><\/th>/g, '<td$1></td>');
  const found = /^<table>\s*(?:<caption[^>]*>([^<]*)<\/caption>)?/.exec(clean);
  if (!found) return `<div class="scroll">${clean}</div>`;
  const rows = clean.match(/<tr/g)?.length ?? 0;
  const table = `<table>${clean.slice(found[0].length)}`;
  const framed = `<div class="scroll${rows > 30 ? ' long' : ''}">${table}</div>`;
  return numbered('table', framed, {html: found[1] ?? '', metadata}, context);
}

/** What a caption says. */
interface Caption {
  /** Plain text. */
  readonly title?: string;
  /** The same as markup. */
  readonly html?: string;
  readonly metadata: Bundle;
}

function numbered(
  kind: 'figure' | 'table', body: string, {title = '', html = escapeHtml(title), metadata}: Caption,
  {scope, chapter, counts, files}: OutputContext,
): string {
  const n = ++counts[kind], id = scope.id(`${kind}-${n}`), name = (metadata.obsnode as {name?: unknown} | null)?.name;
  const label = `${kind === 'figure' ? 'Figure' : 'Table'} ${chapter ? `${chapter}.` : ''}${n}`;
  const links = files(plain(name)).map(([ending, href]) =>
    `<a href="${escapeHtml(href)}">${escapeHtml(ending === 'vl.json' ? 'spec' : ending.toUpperCase())}</a>`);
  const caption = `<figcaption><a class="number" href="#${id}">${label}</a>${html ? ` ${html}` : ''}`
    + `${links.length > 0 ? ` <span class="files">${links.join(' ')}</span>` : ''}</figcaption>`;
  return `<figure id="${id}" class="${kind}">${kind === 'table' ? caption + body : body + caption}</figure>`;
}
