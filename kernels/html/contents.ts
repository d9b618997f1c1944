import {renderLine} from './markdown';
import {REFERENCE_PAGE} from './pageScope';
import type {Heading} from './scope';
import type {Site, SitePage} from './site';

/** Items of the side contents: all pages, and under the present one its headings. */
export function contentsHtml({pages}: Site, current: SitePage | undefined, headings: readonly Heading[]): string {
  const items = pages.map(page => {
    const here = page === current, link = `<a href="${encodeURIComponent(page.name)}.html"`
      + `${here ? ' aria-current="page"' : ''}>${renderLine(page.title)}</a>`;
    return `<li>${link}${here ? headingList(headings) : ''}</li>`;
  });
  return [...items, `<li><a href="${REFERENCE_PAGE}">Symbols, equations, literature</a></li>`].join('\n');
}

function headingList(headings: readonly Heading[]): string {
  const shown = headings.filter(({level}) => level === 2 || level === 3);
  if (shown.length === 0) return '';
  const items = shown.map(({level, id, html}) =>
    `<li class="level-${level}"><a href="#${encodeURIComponent(id)}">${html}</a></li>`);
  return `\n<ol class="headings">\n${items.join('\n')}\n</ol>`;
}
