import {escapeXml} from './save';
import {grouped, type TableCell, type TableLayout} from './tableLayout';

/** GitHub's Markdown; winners bold, groups as lines of their own. */
export function tableToMarkdown({title, head, labels, lines, notes}: TableLayout): string {
  const escape = (text: string) => text.replace(/\\/g, '\\\\').replace(/([|*_<>`])/g, '\\$1').replace(/\n/g, ' ');
  const cell = ({text, best}: TableCell) => (best ? `**${escape(text)}**` : escape(text));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${escape(title)}**`, '',
    row(head.map(escape)), row(head.map((_, k) => (k < labels ? ':--' : '--:'))),
    ...grouped(lines, group => row([`*${escape(group)}*`, ...head.slice(1).map(() => '')]), cells =>
      row(cells.map(cell))),
    ...notes.flatMap(note => ['', escape(note)]), '',
  ].join('\n');
}

/** One `table` element without scripts or style sheets: it looks the same in every front end. */
export function tableToHtml({title, head, labels, lines, notes}: TableLayout): string {
  const align = (k: number) => `text-align:${k < labels ? 'left' : 'right;white-space:nowrap'};padding:2px 10px`;
  const cell = ({text, best}: TableCell, k: number) =>
    `<td style="${align(k)}">${best ? `<strong>${escapeXml(text)}</strong>` : escapeXml(text)}</td>`;
  const row = (inner: readonly string[]) => `<tr>${inner.join('')}</tr>`;
  return [
    '<table>', `<caption style="caption-side:top;text-align:left;font-weight:bold">${escapeXml(title)}</caption>`,
    `<thead>${row(head.map((text, k) => `<th style="${align(k)}">${escapeXml(text)}</th>`))}</thead>`, '<tbody>',
    ...grouped(lines, group => row([
      `<td colspan="${head.length}" style="text-align:left;padding:6px 10px 2px"><em>${escapeXml(group)}</em></td>`,
    ]), cells => row(cells.map(cell))),
    '</tbody>',
    ...(notes.length > 0 ? [`<tfoot>${row([`<td colspan="${head.length}" style="text-align:left;padding:6px `
      + `10px">${notes.map(note => `<small>${escapeXml(note)}</small>`).join('<br>')}</td>`])}</tfoot>`] : []),
    '</table>',
  ].join('\n');
}

/** Columns set flush with spaces; winners carry a star. */
export function tableToText({title, head, labels, lines, notes}: TableLayout): string {
  const shown = lines.map(line => line.cells.map(({text, best}) => (best ? `${text} *` : text)));
  const widths = head.map((text, k) => Math.max(text.length, ...shown.map(cells => cells[k].length)));
  const row = (cells: readonly string[]) =>
    cells.map((text, k) => (k < labels ? text.padEnd(widths[k]) : text.padStart(widths[k]))).join('  ').trimEnd();
  const body = grouped(lines, group => group, cells => row(cells.map(({text, best}) => (best ? `${text} *` : text))));
  return [title, row(head), row(widths.map(width => '-'.repeat(width))), ...body, ...notes].join('\n');
}
