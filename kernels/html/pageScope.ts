import {posix} from 'node:path';
import {loneScope, type Scope, type Target} from './scope';
import {citation, referenceAt} from './references';
import {renderMarkdown} from './markdown';
import type {Site, SitePage} from './site';
import {names, normal, type SymbolRow} from './symbols';
import {escapeHtml} from '../../lib/notebook/mime';

/** Page of all symbols, equations and works, from the folder of the pages. */
export const REFERENCE_PAGE = '../reference.html';

/** A page's scope, and the cards that it came to need: markup by name. */
export interface PageScope extends Scope {
  readonly cards: ReadonlyMap<string, string>;
}

/** What the markup of `page` can ask of `site`. */
export function pageScope(site: Site, page: SitePage): PageScope {
  const cards = new Map<string, string>(), headings: Scope['headings'] = [];
  const known = (name: string, make: () => string) => {
    if (!cards.has(name)) cards.set(name, make());
    return name;
  };
  return {
    ...loneScope(), headings, cards,
    link: href => linked(site, href), source: path => sourceOf(site, path), own: ownEquations(page),
    equation: number => equationTarget(site, page, number, known),
    symbol: symbolTarget(site, page, headings, known),
    reference: href => {
      const work = referenceAt(href);
      return work && {href, card: known(`card-reference-${work.id}`, () => citation(work))};
    },
  };
}

type Known = (name: string, make: () => string) => string;

function ownEquations({equations}: SitePage): Map<string, 'formula' | 'quote'> {
  const own = new Map<string, 'formula' | 'quote'>();
  for (const {number, kind} of equations) if (!own.has(number) || kind === 'formula') own.set(number, kind);
  return own;
}

/** A notebook's link as a link of its page; null where the site has nothing for it. */
function linked(site: Site, href: string): string | null {
  if (/^(?:https?:|mailto:)/i.test(href)) return href;
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  const [path, fragment] = href.split('#');
  const name = decoded(path);
  if (path === '') return null;
  const notebook = /^(?:\.\/)?([^/]+)\.ipynb$/.exec(name)?.[1];
  if (notebook !== undefined) {
    return site.pages.some(page => page.name === notebook) ? `${encodeURIComponent(notebook)}.html` : null;
  }
  const source = sourceOf(site, posix.join('notebooks', name));
  return source && (/^L\d+$/.test(fragment ?? '') ? `${source}#${fragment}` : source);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function sourceOf({sources, top}: Site, path: string): string | null {
  const address = sources.address(path);
  return address && `../${top}${address.split('/').map(encodeURIComponent).join('/')}`;
}

/** Formulas are preferred to words, this page to others; (8a) is found under (8). */
function equationTarget(site: Site, page: SitePage, number: string, known: Known): Target | undefined {
  const wanted = [number, number.replace(/[a-z]$/, '')];
  for (const n of wanted) {
    if (page.equations.some(e => e.number === n)) return {href: `#eq-${n}`};
    for (const kind of ['formula', 'quote'] as const) {
      const owner = site.pages.find(({equations}) => equations.some(e => e.number === n && e.kind === kind));
      const found = owner?.equations.find(e => e.number === n && e.kind === kind);
      if (!owner || !found) continue;
      const card = known(`card-eq-${n}`, () => withoutLinks(renderMarkdown(found.text)));
      return {href: `${encodeURIComponent(owner.name)}.html#eq-${n}`, card};
    }
  }
  return undefined;
}

/** The first time in each section; one letter alone means what the page's own table says, or nothing. */
function symbolTarget(site: Site, page: SitePage, headings: Scope['headings'], known: Known): Scope['symbol'] {
  const seen = new Set<string>();
  let section = -1;
  const find = (name: string): SymbolRow | undefined => page.symbols.find(row => names(row).includes(name))
    ?? (name.length > 1 ? site.pages.flatMap(p => p.symbols).find(row => names(row).includes(name)) : undefined);
  return latex => {
    const sections = headings.filter(({level}) => level <= 2).length, name = normal(latex);
    if (sections !== section) seen.clear();
    section = sections;
    const row = name.length > 0 && !seen.has(name) ? find(name) : undefined;
    if (!row) return undefined;
    seen.add(name);
    const id = symbolId(site, row);
    const label = row.meaning.replace(/[$`*\\{}]/g, '');
    return {href: `${REFERENCE_PAGE}#${id}`, card: known(`card-${id}`, () => symbolCard(row)), label};
  };
}

/** Id of the row on the page of symbols. */
export function symbolId({pages}: Site, row: SymbolRow): string {
  return `symbol-${pages.flatMap(({symbols}) => symbols).indexOf(row) + 1}`;
}

function symbolCard({symbol, meaning, more}: SymbolRow): string {
  const lines = more.map(([head, text]) => `**${head}** ${text}`);
  return withoutLinks(renderMarkdown([`${symbol}: ${meaning}`, ...lines].join('\n\n')));
}

/** Cards are read, not pressed. */
export const withoutLinks = (html: string): string => html.replace(/<\/?a\b[^>]*>/g, '');

/** The cards of a page, out of sight until a script shows one. */
export function cardsHtml(cards: ReadonlyMap<string, string>): string {
  const items = [...cards].map(([name, html]) => `<div id="${escapeHtml(name)}">${html}</div>`);
  return items.length === 0 ? '' : `<div class="cards" hidden>\n${items.join('\n')}\n</div>`;
}
