import MiniSearch from 'minisearch';
import type {SearchEntry} from '../searchIndex';

/** A place that the search found, with a few words around the match. */
export interface Hit {
  readonly url: string;
  readonly page: string;
  readonly heading: string;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

declare global {
  /** Sections of all pages: `search-index.js`. */
  var obsnodeSections: readonly SearchEntry[];
  /** Finds sections. */
  var obsnodeSearch: (words: string) => readonly Hit[];
}

const MOST = 12, AROUND = 70;

const index = new MiniSearch<SearchEntry & {readonly id: number}>({
  fields: ['heading', 'text', 'page'], searchOptions: {boost: {heading: 4, page: 2}, prefix: true, fuzzy: 0.15,
    combineWith: 'AND'},
});
index.addAll(globalThis.obsnodeSections.map((section, id) => ({...section, id})));

globalThis.obsnodeSearch = words => index.search(words).slice(0, MOST).map(({id, terms}) => {
  const {url, page, heading, text} = globalThis.obsnodeSections[id as number], lower = text.toLowerCase();
  const places = terms.map(term => [lower.indexOf(term), term.length]).filter(([at]) => at >= 0);
  const [at, length] = places.sort(([a], [b]) => a - b)[0] ?? [0, 0];
  return {
    url, page, heading, before: `${at > AROUND ? '…' : ''}${text.slice(Math.max(0, at - AROUND), at)}`,
    match: text.slice(at, at + length), after: `${text.slice(at + length, at + length + AROUND)}…`,
  };
});
