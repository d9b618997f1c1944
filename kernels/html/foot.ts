import {escapeHtml} from '../../lib/notebook/mime';
import type {Notebook} from '../nbformat/notebook';
import {renderLine} from './markdown';
import {plain} from './plain';
import type {Site, SitePage} from './site';

/** Foot of a page: the neighbours, and from what its numbers come. */
export function footHtml({pages}: Site, current: SitePage): string {
  const at = pages.indexOf(current);
  const turn = (page: SitePage | undefined, rel: 'prev' | 'next') => (page
    ? `<a rel="${rel}" href="${encodeURIComponent(page.name)}.html">${renderLine(page.title)}</a>` : '<span></span>');
  const nav = pages.length < 2 ? '' : `<nav class="turn" aria-label="Previous and next page">`
    + `${turn(pages[at - 1], 'prev')}${turn(pages[at + 1], 'next')}</nav>\n`;
  return nav + provenanceHtml(current.notebook);
}

const TOLD = ['code', 'profile', 'parameters', 'seeds', 'backend', 'cpu', 'node', 'packages'];

/** How the page was made: what its metadata and its last cell, `provenance()`, say. */
function provenanceHtml(notebook: Notebook): string {
  const {profile, overrides} = (notebook.metadata.obsnode ?? {}) as {profile?: unknown; overrides?: unknown};
  const told = provenanceOf(notebook), set = typeof overrides === 'object' && overrides !== null
    ? Object.entries(overrides).map(([name, value]) => `${name} = ${plain(value)}`) : [];
  const facts = [
    ...TOLD.map(name => [name, told.get(name) ?? (name === 'profile' ? plain(profile) : '')] as const),
    ['set by the reader', set.join(', ')] as const,
  ].filter(([, value]) => value !== '');
  if (facts.length === 0) return '';
  const items = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<section class="provenance" aria-label="How this page was made"><dl>${items.join('')}</dl></section>`;
}

/** The table of `provenance()`, from its text form. */
function provenanceOf({cells}: Notebook): Map<string, string> {
  for (const {outputs} of [...cells].reverse()) {
    for (const output of Array.isArray(outputs) ? outputs : []) {
      const text = plain((output as {data?: Record<string, unknown> | null} | null)?.data?.['text/plain'] ?? '');
      if (!/^what\s+value\n/.test(text)) continue;
      return new Map(text.split('\n').slice(2).flatMap(line => {
        const found = /^(\S+(?: \S+)*)\s{2,}(.*)$/.exec(line);
        return found ? [[found[1], found[2]] as const] : [];
      }));
    }
  }
  return new Map();
}
