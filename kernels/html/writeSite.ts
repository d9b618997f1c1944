import {cpSync, existsSync, mkdirSync, readdirSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {writeWhole} from '../../lib/files';
import {escapeHtml} from '../../lib/notebook/mime';
import {type Notebook, readNotebook} from '../nbformat/notebook';
import {notebookPage, titleOf} from './notebookPage';
import {page, STYLE} from './page';

/** Where `npm run docs` writes, from the folder of the index. */
const LIBRARY = 'api/index.html', libraryLink = `<p><a href="${LIBRARY}">The library, name by name</a></p>`;

/** One line of the index. */
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly profile: string;
  readonly failed: boolean;
}

/**
 * Writes an HTML page for every executed notebook in `out/notebooks` and an index of them with the figures and tables
 * in `out`; the pages of the library are linked to where `npm run docs` has written them.
 *
 * @returns path of the index
 */
export async function writeSite(out: string): Promise<string> {
  await writeAssets(join(out, 'assets'));
  const entries: Entry[] = [];
  for (const file of list(join(out, 'notebooks'), '.ipynb')) entries.push(await writePage(out, file));
  const index = join(out, 'index.html');
  const lists = ['Figures', 'Tables'].map(title => files(title, list(join(out, title.toLowerCase()))));
  writeWhole(index, indexPage(entries, existsSync(join(out, LIBRARY)) ? [libraryLink, ...lists] : lists));
  return index;
}

async function writeAssets(folder: string): Promise<void> {
  mkdirSync(folder, {recursive: true});
  const katex = join(dirname(require.resolve('katex/package.json')), 'dist');
  cpSync(join(katex, 'katex.min.css'), join(folder, 'katex.min.css'));
  cpSync(join(katex, 'fonts'), join(folder, 'fonts'), {recursive: true});
  writeWhole(join(folder, 'page.css'), STYLE);
}

async function writePage(out: string, file: string): Promise<Entry> {
  const name = basename(file, '.ipynb');
  const notebook = readNotebook(join(out, 'notebooks', file));
  writeWhole(join(out, 'notebooks', `${name}.html`), notebookPage(notebook, name));
  return {name, title: titleOf(notebook, name), profile: profileOf(notebook), failed: hasFailed(notebook)};
}

function profileOf(notebook: Notebook): string {
  return (notebook.metadata.obsnode as {profile?: string} | undefined)?.profile ?? '';
}

function hasFailed(notebook: Notebook): boolean {
  return notebook.cells.some((cell) => (cell.outputs ?? []).some(({output_type}) => output_type === 'error'));
}

function indexPage(entries: readonly Entry[], parts: readonly string[]): string {
  const rows = entries.map(({name, title, profile, failed}) => {
    const state = failed ? '<span class="failed">stopped at an error</span>' : escapeHtml(profile);
    return `<tr><td>${escapeHtml(name)}</td><td><a `
      + `href="notebooks/${encodeURIComponent(name)}.html">${escapeHtml(title)}</a></td><td>${state}</td></tr>`;
  });
  const notebooks =
    `<table>\n<thead><tr><th>notebook</th><th>title</th><th>profile</th></tr></thead>\n<tbody>\n${rows.join(
      '\n',
    )}\n</tbody>\n</table>`;
  const body = '<h1>Observable Neural ODEs, '
    + `executed</h1>\n${[notebooks, ...parts].join('\n')}`;
  return page('obsnode', body, 'assets');
}

/** Files of the folder with that title; those of one result stand on one line: `name  csv md tex`. */
function files(title: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const folder = title.toLowerCase(), stems = new Map<string, string[]>();
  for (const name of names) {
    const stem = name.replace(/\..*$/, '');
    stems.set(stem, [...(stems.get(stem) ?? []), name]);
  }
  const items = [...stems].map(([stem, all]) => {
    const links = all.map((name) =>
      `<a href="${folder}/${encodeURIComponent(name)}">${escapeHtml(name.slice(stem.length + 1))}</a>`);
    return `<tr><td>${escapeHtml(stem)}</td><td>${links.join(' ')}</td></tr>`;
  });
  return `<h2>${title}</h2>\n<table><tbody>\n${items.join('\n')}\n</tbody></table>`;
}

function list(folder: string, extension = ''): string[] {
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(extension) && !name.startsWith('.')).sort()
    : [];
}
