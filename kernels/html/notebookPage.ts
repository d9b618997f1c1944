import {escapeHtml} from '../../lib/notebook/mime';
import type {Cell, Notebook} from '../nbformat/notebook';
import {codeBlock} from './codeBlock';
import {contentsHtml} from './contents';
import {footHtml} from './foot';
import {cellId} from './ids';
import {highlight, renderMarkdown} from './markdown';
import {outputHtml, type OutputContext} from './outputs';
import {page} from './page';
import {cardsHtml, pageScope} from './pageScope';
import {plain} from './plain';
import {siteOf, type Site, type SitePage} from './site';

/**
 * An executed notebook as one HTML page, readable without a server.
 * @param name of the file without ending
 * @param site the pages that it stands among; default: it stands alone
 */
export function notebookPage(notebook: Notebook, name: string, site?: Site): string {
  const among = site ?? siteOf('', 'notebooks', new Map([[name, notebook]]));
  const self = among.pages.find(other => other.name === name) as SitePage;
  const scope = pageScope(among, self);
  const context: OutputContext = {
    scope, files: site ? site.files : () => [], counts: {figure: 0, table: 0},
    chapter: /^(\d+)-/.exec(name)?.[1].replace(/^0+(?=\d)/, ''),
  };
  const cells = notebook.cells.map(cell => cellHtml(cell, context)).join('\n');
  return page(self.title, `${cells}\n${cardsHtml(scope.cards)}`, `../${among.top}assets`, {
    contents: contentsHtml(among, self, scope.headings), foot: footHtml(among, self),
  });
}

function cellHtml(cell: Cell, context: OutputContext): string {
  const source = plain(cell.source), id = context.scope.id(cellId(plain(cell.id ?? 'cell')));
  if (cell.cell_type === 'markdown') {
    const html = renderMarkdown(source, context.scope);
    return `<section class="text" id="${id}">${isAnswer(cell) ? folded(html) : html}</section>`;
  }
  if (cell.cell_type === 'raw') return '';
  const count = plain(cell.execution_count ?? ' '), origin = {id, count};
  const outputs = (cell.outputs ?? []).map(output => outputHtml(output, context, origin)).filter(Boolean);
  return `<section class="cell" id="${id}"><a class="count" href="#${id}" aria-label="Cell ${escapeHtml(count)}">`
    + `[${escapeHtml(count)}]</a>${codeBlock(highlight(source), source)}${outputs.map(html =>
      `<div class="output">${html}</div>`).join('')}</section>`;
}

/** Answers to exercises stand below their heading, folded: whoever reads on has not seen them by accident. */
function folded(html: string): string {
  const end = html.search(/<\/h\d>/) + '</h2>'.length, head = html.startsWith('<h') ? html.slice(0, end) : '';
  return `${head}<details><summary>Show the answers</summary>${html.slice(head.length)}</details>`;
}

const isAnswer = ({metadata: {tags}}: Cell): boolean => Array.isArray(tags) && tags.includes('answer');
