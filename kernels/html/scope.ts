import {uniqueIds} from './ids';

/** A heading of a page. */
export interface Heading {
  readonly level: number;
  readonly id: string;
  /** Markup without links. */
  readonly html: string;
}

/** Something that a word of the text leads to, and whose card shows when the reader points at it. */
export interface Target {
  /** Address from the page; null where only the card can be shown. */
  readonly href: string | null;
  /** Name of the card; undefined where the place itself is on this page. */
  readonly card?: string;
  /** What it is, in words, where the text says it in a formula. */
  readonly label?: string;
}

/** What the markup of a page asks the site, and what it tells about itself. */
export interface Scope {
  readonly id: (wanted: string) => string;
  readonly headings: Heading[];
  /** Where a link of the notebook leads from the page; null where it would lead nowhere. */
  readonly link: (href: string) => string | null;
  /** Address of the copy of a file of the project; null for what is none. @param path from the root of the project */
  readonly source: (path: string) => string | null;
  readonly equation: (number: string) => Target | undefined;
  readonly symbol: (latex: string) => Target | undefined;
  readonly reference: (href: string) => Target | undefined;
  /** Numbers of equations that stand on the page, and whether as a formula or in a quoted claim. */
  readonly own: ReadonlyMap<string, 'formula' | 'quote'>;
}

/** A page that stands alone: links to other hosts stay, the others have nowhere to lead. */
export function loneScope(): Scope {
  const nowhere = () => undefined;
  return {
    id: uniqueIds(), headings: [], link: href => (/^https?:\/\//.test(href) ? href : null), source: () => null,
    equation: nowhere, symbol: nowhere, reference: nowhere, own: new Map(),
  };
}
