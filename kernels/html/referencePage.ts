import {contentsHtml} from './contents';
import {renderLine, renderMarkdown} from './markdown';
import {page} from './page';
import {symbolId, withoutLinks} from './pageScope';
import {citation, references} from './references';
import {uniqueIds} from './ids';
import type {Site} from './site';
import {escapeHtml} from '../../lib/notebook/mime';

/** One page of what all pages refer to: symbols, equations, literature. It stands at the root of the site. */
export function referencePage(site: Site): string {
  const id = uniqueIds(), head = (level: 1 | 2, text: string, name: string) =>
    `<h${level} id="${id(name)}">${text}</h${level}>`;
  const body = [
    `<section class="text">${head(1, 'Symbols, equations, literature', 'top')}`,
    '<p>What the pages refer to, gathered from their tables, formulas and quoted claims.</p>',
    head(2, 'Symbols', 'symbols'), ...site.pages.map(({title, symbols, name}) => (symbols.length === 0 ? ''
      : `<h3><a href="${pageAddress(site, name)}">${renderLine(title)}</a></h3>\n<div class="scroll"><table>\n`
        + '<thead><tr><th>symbol</th><th>meaning</th><th>more</th></tr></thead>\n<tbody>\n'
        + `${symbols.map(row => symbolRow(site, row)).join('\n')}\n</tbody></table></div>`)),
    head(2, 'Equations', 'equations'), ...equationRows(site),
    head(2, 'Literature', 'literature'),
    `<ul class="literature">${references().map(work =>
      `<li id="reference-${escapeHtml(work.id)}">${citation(work)} <a href="${escapeHtml(work.url)}">`
      + `${escapeHtml(work.url.replace(/^https?:\/\/(doi\.org\/)?/, ''))}</a></li>`).join('\n')}</ul>`,
    '</section>',
  ].join('\n');
  const contents = contentsHtml(site, undefined, []).replace(/href="/g, `href="${site.folder}/`);
  return page('Symbols, equations, literature', body, `${site.top}assets`, {contents, home: `${site.top}index.html`});
}

const pageAddress = ({folder}: Site, name: string): string => `${folder}/${encodeURIComponent(name)}.html`;

function symbolRow(site: Site, row: Site['pages'][number]['symbols'][number]): string {
  const cell = (text: string) => withoutLinks(renderMarkdown(text)).replace(/^<p>|<\/p>\n?$/g, '');
  const more = row.more.map(([head, text]) => `<span class="more-of">${escapeHtml(head)}</span> ${cell(text)}`);
  return `<tr id="${symbolId(site, row)}"><td>${cell(row.symbol)}</td><td>${cell(row.meaning)}</td>`
    + `<td>${more.join('; ')}</td></tr>`;
}

/** Every numbered equation once: as a formula where some page has it so. */
function equationRows(site: Site): string[] {
  const all = site.pages.flatMap(({name, equations}) => equations.map(equation => ({name, ...equation})));
  const numbers = [...new Set(all.map(({number}) => number))].sort((a, b) =>
    parseInt(a) - parseInt(b) || (a < b ? -1 : 1));
  return numbers.map(number => {
    const same = all.filter(equation => equation.number === number);
    const {name, text} = same.find(({kind}) => kind === 'formula') ?? same[0];
    const place = `<a href="${pageAddress(site, name)}#eq-${number}">Equation (${number})</a>`;
    return `<div class="equation-entry"><p>${place}</p>`
      + `${withoutLinks(renderMarkdown(text))}</div>`;
  });
}
