import type {CoverageItem} from './coverage';
import {escapeHtml} from '../../../lib/notebook/mime';
import type {Sheet} from './committed';
import {evidence, find, type Stated} from './evidence';
import {FULL, pageLink} from './links';

/** Every item of the paper: where it is, what was done, and what came out, in the digits of the committed notebooks. */
export function coverageSection(items: readonly CoverageItem[], sheets: readonly Sheet[]): string {
  const rows = items.map(item => {
    const absent = item.how.startsWith('absent');
    const cells = [
      ['', escapeHtml(item.about)], ['where', item.at.map(place => placeHtml(sheets, place)).filter(Boolean).join(' ')],
      ['done', escapeHtml(item.how)], ['found', evidence(sheets, item).map(statedHtml).join(' ')],
    ];
    const row = cells.map(([label, html]) => `<td${label ? ` data-label="${label}"` : ''}>${html}</td>`).join('');
    return `<tr${absent ? ' class="absent"' : ''}><th scope="row">${escapeHtml(item.item)}</th>${row}</tr>`;
  });
  const heads = ['paper', 'about', 'where', 'what was done', 'what came out'];
  return `<table class="coverage"><thead><tr>${heads.map(head => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function placeHtml(sheets: readonly Sheet[], place: CoverageItem['at'][number]): string {
  const found = find(sheets, place);
  if (!found) return '';
  const number = escapeHtml(found.stem.split('-')[0]), link = escapeHtml(pageLink(FULL, found.stem, found.cell));
  const cell = found.count === undefined ? '' : `&nbsp;[${escapeHtml(String(found.count))}]`;
  return `<a href="${link}">${number}${cell}</a>`;
}

const statedHtml = ({label, value}: Stated): string => (label === undefined
  ? `<span class="claim">${escapeHtml(value)}</span>`
  : `<span class="number">${escapeHtml(label)}: <b>${escapeHtml(value)}</b></span>`);
