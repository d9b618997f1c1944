import {escapeHtml} from '../../../lib/notebook/mime';
import type {Filed} from './files';
import {FULL, FULL_FOLDER, OWN, pageLink} from './links';

/** A figure or table with what the reader's own run has of it. */
export interface Entry {
  /** From the committed full run; absent where only the reader's run has it. */
  readonly full?: Filed;
  /** From the reader's run. */
  readonly own?: Filed;
}

/** Pairs results of the committed and of the reader's notebooks by notebook, kind and name, in reading order. */
export function entriesOf(full: readonly Filed[], own: readonly Filed[]): Entry[] {
  const key = ({stem, kind, name}: Filed) => `${stem}/${kind}/${name}`;
  const ours = new Map(own.map(result => [key(result), result]));
  const known = new Set(full.map(key));
  const entries: Entry[] = [
    ...full.map(result => ({full: result, own: ours.get(key(result))})),
    ...own.filter(result => !known.has(key(result))).map(result => ({own: result})),
  ];
  const stem = (entry: Entry) => (entry.full ?? entry.own)!.stem;
  return entries.map((entry, k) => ({entry, k}))
    .sort((a, b) => (stem(a.entry) < stem(b.entry) ? -1 : stem(a.entry) > stem(b.entry) ? 1 : a.k - b.k))
    .map(({entry}) => entry);
}

/** Cards of the figures, then of the tables, of each notebook. @param titles of the notebooks, by file name */
export function gallerySections(entries: readonly Entry[], titles: ReadonlyMap<string, string>): string {
  const stems = [...new Set(entries.map(({full, own}) => (full ?? own)!.stem))];
  return stems.map(stem => {
    const here = entries.filter(({full, own}) => (full ?? own)!.stem === stem);
    const [figures, tables] = (['figure', 'table'] as const).map(kind =>
      here.filter(({full, own}) => (full ?? own)!.kind === kind));
    const list = (cards: readonly Entry[], name: string) => (cards.length === 0 ? ''
      : `<ul class="pieces ${name}">\n${cards.map(cardHtml).join('\n')}\n</ul>`);
    return `<section class="shelf"><h2 id="shelf-${escapeHtml(stem)}">${escapeHtml(titles.get(stem) ?? stem)}</h2>
${list(figures, 'figures')}${tables.length === 0 ? '' : `<details><summary>${tables.length} table${
    tables.length === 1 ? '' : 's'}</summary>${list(tables, 'tables')}</details>`}</section>`;
  }).join('\n');
}

/** One card: a small picture that leads to the cell, and the files. */
export function cardHtml({full, own}: Entry): string {
  const shown = (full ?? own)!, href = escapeHtml(pageLink(full ? FULL : OWN, shown.stem, shown.cell));
  const title = escapeHtml(shown.title || shown.name);
  const runs = [full && filesHtml(full, FULL_FOLDER, 'full profile'), own && filesHtml(own, '', 'your run')];
  return `<li class="piece" data-name="${escapeHtml(shown.name)}">
<a class="thumb" href="${href}" tabindex="-1" aria-hidden="true">${thumb(shown, full ? FULL_FOLDER : '')}</a>
<p class="name"><a href="${href}">${title}</a>${shown.published ? ` <code>${escapeHtml(shown.name)}</code>` : ''}</p>
${runs.filter(Boolean).join('\n')}
</li>`;
}

/** The picture scaled down, or the first lines of a table. The words stand in the link below. */
function thumb({kind, file, endings, text}: Filed, folder: string): string {
  if (kind === 'figure' && endings.includes('png'))
    return `<img src="${escapeHtml(path(folder, kind, file, 'png'))}" alt="" loading="lazy" decoding="async">`;
  const lines = text.split('\n').filter(Boolean).slice(0, 12).map(line => line.slice(0, 64));
  return `<div class="mini">${escapeHtml(lines.join('\n'))}</div>`;
}

function filesHtml({kind, file, endings, stem, cell}: Filed, folder: string, badge: string): string {
  const links = endings.map(ending => `<a href="${escapeHtml(path(folder, kind, file, ending))}">${
    ending === 'vl.json' ? 'spec' : escapeHtml(ending.toUpperCase())}</a>`);
  const cellLink = folder ? [] : [`<a href="${escapeHtml(pageLink(OWN, stem, cell))}">cell</a>`];
  return `<p class="saved"><span class="badge ${folder ? 'full' : 'own'}">${badge}</span> `
    + `${[...cellLink, ...links].join(' · ')}</p>`;
}

const path = (folder: string, kind: Filed['kind'], file: string, ending: string): string =>
  `${folder ? `${folder}/` : ''}${kind}s/${encodeURIComponent(file)}.${ending}`;
