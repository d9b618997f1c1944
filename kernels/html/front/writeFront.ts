import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {buildSync} from 'esbuild';
import {writeWhole} from '../../../lib/files';
import {page} from '../page';
import {titleOf} from '../titleOf';
import type {Sheet} from './committed';
import {paperCoverage} from './coverage';
import {withFiles, type Filed} from './files';
import {frontPage} from './frontPage';
import {entriesOf, gallerySections} from './gallery';
import type {MessageGrid} from './message';

const DATA = resolve(__dirname, '../../../data/front');

/** Endings that a run of a notebook saves, by the folder of the kind. */
const SAVED = {figure: ['png', 'svg', 'pdf', 'csv', 'vl.json'], table: ['csv', 'md', 'tex']} as const;

/** What the site shows. */
export interface Shelves {
  /** Notebooks that the reader ran. */
  readonly own: readonly Sheet[];
  /** Notebooks as published. */
  readonly full: readonly Sheet[];
  /** Files of the results of the published ones. */
  readonly filed: readonly Filed[];
}

/** Writes the front page and the gallery. @returns path of the front page */
export function writeFront(out: string, {own, full, filed}: Shelves): string {
  writeAssets(join(out, 'assets'));
  const entries = entriesOf(filed, ownFiles(out, own));
  const titles = new Map([...own, ...full].map(({stem, notebook}) => [stem, titleOf(notebook, stem)]));
  const index = join(out, 'index.html');
  const grid = JSON.parse(readFileSync(join(DATA, 'message.json'), 'utf8')) as MessageGrid;
  const library = existsSync(join(out, 'api', 'index.html'));
  const front = frontPage({full, own, titles, entries, grid, coverage: paperCoverage(), library});
  writeWhole(index, framed('Observable Neural ODEs, executed', front));
  writeWhole(join(out, 'gallery.html'), framed('Figures and tables', galleryBody(gallerySections(entries, titles))));
  return index;
}

const framed = (title: string, body: string): string =>
  page(title, body, 'assets', {extras: ['front.css', 'front.js'], home: 'index.html'});

const galleryBody = (sections: string): string => `<div class="front gallery">
<h1>Figures and tables</h1>
<p>A picture leads to its cell. <span class="badge full">full profile</span> is from the committed run,
<span class="badge own">your run</span> from the notebooks that you ran. For a paper, at any width and type size:
<code>npm run figure -- NAME</code>.</p>
${sections}
</div>`;

/** Style and script of the front page. */
function writeAssets(folder: string): void {
  mkdirSync(folder, {recursive: true});
  writeWhole(join(folder, 'front.css'), readFileSync(join(__dirname, 'front.css'), 'utf8'));
  const [{text}] = buildSync({
    entryPoints: [join(__dirname, 'client.ts')], write: false, bundle: true, minify: true, format: 'iife',
    target: 'es2020', logLevel: 'error',
  }).outputFiles;
  writeWhole(join(folder, 'front.js'), text);
}

/** Results of the reader's run with the files that it saved. */
function ownFiles(out: string, own: readonly Sheet[]): Filed[] {
  return withFiles(own).map(result => ({
    ...result, file: result.name, endings: SAVED[result.kind].filter(ending =>
      result.published && existsSync(join(out, `${result.kind}s`, `${result.name}.${ending}`))),
  }));
}
