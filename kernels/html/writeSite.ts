import {join, resolve} from 'node:path';
import {writeWhole} from '../../lib/files';
import {writeAssets} from './assets';
import {sheetsIn, type Sheet} from './front/committed';
import {writeFiles} from './front/files';
import {writeFront} from './front/writeFront';
import {FULL_FOLDER} from './front/links';
import {shared} from './front/pictures';
import {runNotice} from './front/runNotice';
import {notebookPage} from './notebookPage';
import {referencePage} from './referencePage';
import {scriptJson} from './scriptJson';
import {type SearchEntry, searchEntries} from './searchIndex';
import {siteOf, type Site} from './site';

const COMMITTED = resolve(__dirname, '../../notebooks');

/**
 * Writes an HTML page for every executed notebook in `out/notebooks`, the same for the committed notebooks in
 * `out/full/notebooks`, with their figures and tables beside, and a front page with a gallery of both. Pages of the
 * library are linked to where `npm run docs` has written them.
 *
 * @param committed folder of the published notebooks; default: this project's
 * @returns path of the front page
 */
export async function writeSite(out: string, committed = COMMITTED): Promise<string> {
  writeAssets(join(out, 'assets'));
  const own = sheetsIn(join(out, 'notebooks')), full = sheetsIn(committed), inner = join(out, FULL_FOLDER);
  const filed = await writeFiles(inner, full), ran = new Set(own.map(({stem}) => stem));
  const site = siteOf(out, 'notebooks', notebooksOf(own));
  const published = siteOf(inner, 'notebooks', notebooksOf(full), {sources: site.sources, top: '../'});
  const pictures = shared(filed), isFull = (name: string) => full.some(({stem}) => stem === name);
  const found = [
    ...writePages(published, (html, name) => pictures(runNotice(html, name, {own: false, other: ran.has(name)}))),
    ...writePages(site, (html, name) => runNotice(html, name, {own: true, other: isFull(name)})),
  ];
  for (const each of [site, published]) writeWhole(join(each.out, 'reference.html'), referencePage(each));
  site.sources.write(out);
  const twice = full.map(({stem}) => `notebooks/${encodeURIComponent(stem)}.html`);
  const once = found.filter(({url}) => !twice.includes(url.split('#')[0]));
  writeWhole(join(out, 'assets', 'search-index.js'), `globalThis.obsnodeSections=${scriptJson(once)};\n`);
  return writeFront(out, {own, full, filed});
}

const notebooksOf = (sheets: readonly Sheet[]) => new Map(sheets.map(({stem, notebook}) => [stem, notebook]));

/** Writes the pages of a site into its folder. @param finish changes a page last @returns what the search finds */
export function writePages(site: Site, finish = (html: string, _name: string) => html): SearchEntry[] {
  const folder = site.top ? `${FULL_FOLDER}/${site.folder}` : site.folder;
  return site.pages.flatMap(({name, title, notebook}) => {
    const html = finish(notebookPage(notebook, name, site), name);
    writeWhole(join(site.out, site.folder, `${name}.html`), html);
    return searchEntries(html, `${folder}/${encodeURIComponent(name)}.html`, title);
  });
}
