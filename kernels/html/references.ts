import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {escapeHtml} from '../../lib/notebook/mime';

/** A work that the notebooks or the library cite. */
export interface Reference {
  readonly id: string;
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** Journal, conference or publisher. */
  readonly where: string;
  readonly url: string;
}

const FILE = resolve(__dirname, '../..', join('data', 'references.json'));
let read: readonly Reference[] | undefined;

/** All works, in the order of the file. */
export function references(): readonly Reference[] {
  read ??= JSON.parse(readFileSync(FILE, 'utf8')) as readonly Reference[];
  return read;
}

/** The work to which an address leads. */
export function referenceAt(href: string): Reference | undefined {
  const wanted = address(href);
  return references().find(({url}) => address(url) === wanted);
}

/** Digital identifiers are the same in small and large letters, versions of a preprint are one work. */
const address = (href: string): string =>
  href.toLowerCase().replace(/^https?:\/\/(?:dx\.|www\.)?/, '')
    .replace(/^doi\.org\/10\.48550\/arxiv\./, 'arxiv.org/abs/')
    .replace(/(arxiv\.org\/abs\/[\d.]+)v\d+$/, '$1').replace(/\/$/, '');

/** One line for a list of literature. */
export function citation({authors, year, title, where}: Reference): string {
  return `${escapeHtml(authors)} (${year}). <em>${escapeHtml(title)}</em>. ${escapeHtml(where)}.`;
}
