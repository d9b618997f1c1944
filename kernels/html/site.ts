import {existsSync} from 'node:fs';
import {join, posix} from 'node:path';
import type {Cell, Notebook} from '../nbformat/notebook';
import {equationsOf, type Equation} from './equations';
import {plain} from './plain';
import {sourcePages, type Sources} from './sources';
import {symbolsIn, type SymbolRow} from './symbols';
import {titleOf} from './titleOf';

/** A notebook that becomes a page. */
export interface SitePage {
  /** Name of the file without ending. */
  readonly name: string;
  readonly title: string;
  readonly notebook: Notebook;
  readonly equations: readonly Equation[];
  readonly symbols: readonly SymbolRow[];
}

/** All pages of one folder, and what they share. */
export interface Site {
  /** Where the site is written. */
  readonly out: string;
  /** From `out` to the folder that holds assets and copies of files: nothing, or `'../'`. */
  readonly top: '' | '../';
  /** Folder of the pages in it. */
  readonly folder: string;
  readonly pages: readonly SitePage[];
  readonly sources: Sources;
  /** Files of a published figure or table, beside each other: `[['svg', '../figures/figure-2.svg'], ...]`. */
  readonly files: (name: string) => readonly (readonly [ending: string, href: string])[];
}

const FILES = [
  ...['svg', 'png', 'pdf', 'csv', 'vl.json'].map(ending => ['figures', ending] as const),
  ...['csv', 'md', 'tex'].map(ending => ['tables', ending] as const),
];

/**
 * @param notebooks by name of file without ending, in reading order
 * @param options.top `'../'` for a site inside another one, whose assets and copies of files it shares
 */
export function siteOf(
  out: string, folder: string, notebooks: ReadonlyMap<string, Notebook>,
  {sources = sourcePages(), top = ''}: {readonly sources?: Sources; readonly top?: Site['top']} = {},
): Site {
  const pages = [...notebooks].map(([name, notebook]) => pageOf(name, notebook));
  const files = (name: string) => (/^[\w-]+$/.test(name)
    ? FILES.filter(([kind, ending]) => existsSync(join(out, kind, `${name}.${ending}`)))
      .map(([kind, ending]) => [ending, posix.join('..', kind, `${name}.${ending}`)] as const)
    : []);
  return Object.freeze({out, top, folder, pages, sources, files});
}

function pageOf(name: string, notebook: Notebook): SitePage {
  const texts = notebook.cells.flatMap(textsOf);
  return Object.freeze({
    name, title: titleOf(notebook, name), notebook, equations: texts.flatMap(equationsOf),
    symbols: texts.flatMap(symbolsIn),
  });
}

/** Markdown that a cell holds or shows. */
function textsOf({cell_type, source, outputs}: Cell): string[] {
  if (cell_type === 'markdown') return [plain(source)];
  return (Array.isArray(outputs) ? outputs : []).flatMap(output => {
    const shown = (output as {data?: Record<string, unknown> | null} | null)?.data?.['text/markdown'];
    return shown ? [plain(shown)] : [];
  });
}
