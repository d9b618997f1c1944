import {stringify} from 'csv-stringify/sync';
import type {TableCell, TableLayout} from './tableLayout';

/**
 * The table that `tableToHtml` has written: a notebook holds its tables in this form.
 * @throws Error for other HTML
 */
export function layoutFromHtml(html: string): TableLayout {
  const heads = [...html.matchAll(/<th style="text-align:(left|right)[^>]*>(.*?)<\/th>/gs)];
  const body = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1];
  if (heads.length === 0 || body === undefined) throw new Error('layoutFromHtml: this is no table of results');
  const lines: TableLayout['lines'][number][] = [];
  let group: string | undefined;
  for (const [, row] of body.matchAll(/<tr>(.*?)<\/tr>/gs)) {
    const heading = /^<td colspan="[^>]*><em>(.*)<\/em><\/td>$/s.exec(row);
    if (heading) group = text(heading[1]);
    else {
      const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(cell);
      lines.push({...(group === undefined ? {} : {group}), cells});
    }
  }
  return {
    title: text(/<caption[^>]*>(.*?)<\/caption>/s.exec(html)?.[1] ?? ''), head: heads.map(([, , name]) => text(name)),
    labels: heads.filter(([, side]) => side === 'left').length, lines,
    notes: [...html.matchAll(/<small>(.*?)<\/small>/gs)].map(([, note]) => text(note)),
  };
}

function cell([, content]: RegExpMatchArray): TableCell {
  const best = /^<strong>(.*)<\/strong>$/s.exec(content);
  return {text: text(best?.[1] ?? content), best: best !== null};
}

function text(escaped: string): string {
  const letters: Readonly<Record<string, string>> = {'amp': '&', 'lt': '<', 'gt': '>', 'quot': '"', '#39': "'"};
  return escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => letters[name]);
}

/** The cells as printed, one line a row under a header; a mean and its sd have columns of their own. */
export function tableToCsv({head, labels, lines}: TableLayout): string {
  const spread = head.map((_, k) => k >= labels && lines.some(({cells}) => cells[k].text.includes('±')));
  const grouped = lines.some(({group}) => group !== undefined);
  const parts = (content: string, k: number): string[] => {
    if (k < labels) return [content];
    const [mean, sd = ''] = content.split('±').map(part => part.trim().replace(/^–$/, ''));
    return spread[k] ? [mean, sd] : [mean];
  };
  const row = (group: string, columns: readonly string[]) => (grouped ? [group, ...columns] : columns);
  return stringify([
    row('group', head.flatMap((name, k) => (spread[k] ? [name, `${name} sd`] : [name]))),
    ...lines.map(({group = '', cells}) => row(group, cells.flatMap((one, k) => parts(one.text, k)))),
  ]);
}
