import assert from 'node:assert/strict';
import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {tableToMarkdown} from '../../lib/figures/tableFormats';
import {tableToLatex} from '../../lib/figures/tableLatex';
import {layoutFromHtml, tableToCsv} from '../../lib/figures/tableFromHtml';
import {comparisonRows, mimeSymbol, resultTable, type ResultRow} from '../../lib/figures';

const rows: readonly ResultRow[] = [
  {
    method: 'ObsNODE', source: 'published', information: 'last outcome',
    values: [{mean: 0.062, sd: 0.002}, {mean: 0.106, sd: 0.001}], note: 'one | step <ahead>',
  },
  {
    method: 'ObsNODE', source: 'as written', information: 'history + plan',
    values: [{mean: 0.01749, sd: 0.002}, {mean: 0.0214, sd: 0.001}],
  },
  {method: 'ridge_1 & "co"', source: 'reference', information: 'history + plan', values: [0.0171, 0.025]},
  {method: 'oracle', source: 'reference', information: 'truth', values: [0.0034, null]},
];
const options = {title: 'RMSE at 100 % of γ_4', columns: ['s = 1', 's = 2'], notes: ['mean ± sd over five seeds']};

describe('A table of results', () => {
  const table = resultTable(rows, options);

  it('numbers taken from print keep the digits that were printed', () => {
    const rows = comparisonRows({outcome: 'volume', decision: 8, horizons: [1], unit: 'sd', rows: [
      {
        method: 'ObsNODE', source: 'published', information: '', data: '', note: '', failed: false,
        values: [{horizon: 1, mean: 0.06, sd: 0}],
      },
      {
        method: 'ObsNODE', source: 'as written', information: 'history + plan', data: '', note: '', failed: false,
        values: [{horizon: 1, mean: 0.0093, sd: 0.0011}],
      },
    ]});
    const text = resultTable(rows, {title: 'error', columns: ['s = 1']}).toMarkdown();
    assert.match(text, /published \| {2}\| 0\.06 ± 0\.00 \|/);
    assert.match(text, /as written \| history \+ plan \| 0\.009 ± 0\.001 \|/);
  });

  it('leaves a cell empty where a publication stops', () => {
    const row = {information: 'x', data: '', note: '', failed: false} as const;
    const rows = comparisonRows({outcome: 'volume', decision: 8, horizons: [1, 2], unit: 'sd', rows: [
      {method: 'a', source: 'published', ...row, values: [{horizon: 2, mean: 0.06, sd: 0}]},
      {method: 'a', source: 'as written', ...row, values: [{horizon: 1, mean: 1}, {horizon: 2, mean: 2}]},
    ]});
    assert.deepEqual(rows.map(({values}) => values.map(v => (v as {mean: number} | null)?.mean)), [
      [undefined, 0.06], [1, 2],
    ]);
  });

  it('marks the best in each column, ties as printed together, and never one that knows the truth', () => {
    const starred = table.toMarkdown().split('\n').filter(line => line.startsWith('|')).slice(2).map(line =>
      [...line.matchAll(/\*\*([^*]+)\*\*/g)].map(match => match[1]));
    assert.deepEqual(starred, [[], ['0.017 ± 0.002', '0.021 ± 0.001'], ['0.017'], []]);
    assert.doesNotMatch(resultTable(rows, {...options, best: 'none'}).toHtml(), /<strong>/);
    assert.match(resultTable(rows, {...options, best: 'high'}).toHtml(), /<strong>0\.062 ± 0\.002<\/strong>/);
  });

  it('marks winners within their group only, and none without a rival', () => {
    const grouped =
      resultTable(rows.slice(0, 3).map((row, i) => ({...row, group: i < 2 ? 'γ = 4' : 'γ = 6'})), options).toHtml();
    assert.equal([...grouped.matchAll(/<strong>/g)].length, 2);
    assert.match(grouped, /<em>γ = 4<\/em>[\s\S]*<em>γ = 6<\/em>/);
  });

  it('says beside each number what the method knew, and numbers the notes', () => {
    assert.match(table.toString(), /method +source +knows +s = 1/);
    assert.match(table.toString(), /ObsNODE \[1\] +published +last outcome/);
    assert.match(table.toString(), /\n\[1\] one \| step <ahead>\nmean ± sd over five seeds$/);
  });

  it('writes what LaTeX, HTML and Markdown reserve as text', () => {
    assert.match(table.toLatex(), /ridge\\_1 \\& "co"/);
    assert.match(table.toLatex(), /\\caption\{RMSE at 100 \\% of \$\\gamma\$\\_4\}/);
    assert.match(table.toLatex({label: 'tab:x'}), /\\label\{tab:x\}\n {2}\\begin\{tabular\}\{lllrr\}\n {2}\\toprule/);
    assert.match(table.toLatex(), /0\.062 \$\\pm\$ 0\.002 & 0\.106/);
    assert.match(table.toHtml(), /ridge_1 &amp; &quot;co&quot;/);
    assert.match(table.toHtml(), /one \| step &lt;ahead&gt;/);
    assert.match(table.toMarkdown(), /ridge\\_1 & "co"/);
    assert.match(table.toMarkdown(), /one \\\| step \\<ahead\\>/);
  });

  it('has a CSV that reads back to the same numbers, unrounded', () => {
    const back = parse(table.toCsv(), {columns: true}) as Record<string, string>[];
    assert.deepEqual(back.map(row => row.method), rows.map(row => row.method));
    assert.deepEqual(back.map(row => [row['s = 1'], row['s = 1 sd'], row['s = 2']]), [
      ['0.062', '0.002', '0.106'], ['0.01749', '0.002', '0.0214'], ['0.0171', '', '0.025'], ['0.0034', '', ''],
    ]);
  });

  it('becomes a danfojs data frame with the same columns and numbers', async () => {
    const frame = await table.frame();
    assert.deepEqual(frame.columns, [
      'method', 'source', 'information', 's = 1', 's = 1 sd', 's = 2', 's = 2 sd', 'note',
    ]);
    assert.deepEqual(frame.column('s = 1').values, [0.062, 0.01749, 0.0171, 0.0034]);
  });

  it('shows itself as HTML, Markdown and text', () => {
    assert.deepEqual(Object.keys(table[mimeSymbol]().data), ['text/html', 'text/markdown', 'text/plain']);
  });

  it('is saved as .csv, .md and .tex and leaves nothing else', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'obsnode-table-'));
    try {
      await table.save(dir, 'table-1');
      assert.deepEqual((await readdir(dir)).sort(), ['table-1.csv', 'table-1.md', 'table-1.tex']);
    } finally {
      await rm(dir, {recursive: true});
    }
  });

  it('is the same in LaTeX and Markdown when it is read from its HTML, which notebooks hold', () => {
    const grouped = resultTable(rows.map((row, k) => ({...row, group: `γ = ${k % 2}`})), options);
    for (const one of [table, grouped]) {
      const layout = layoutFromHtml(one.toHtml());
      assert.equal(tableToLatex(layout), one.toLatex());
      assert.equal(tableToMarkdown(layout), one.toMarkdown());
    }
    assert.throws(() => layoutFromHtml('<table></table>'), /layoutFromHtml: this is no table of results/);
  });

  it('keeps mean and sd as printed in columns of their own, read from its HTML', () => {
    const [, first] = tableToCsv(layoutFromHtml(table.toHtml())).split('\n');
    assert.match(first, /^ObsNODE \[1\],published,last outcome,0\.062,0\.002,0\.106,0\.001$/);
  });

  it('refuses NaN, a negative sd, missing values and repeated headings by name', () => {
    const bad = (values: ResultRow['values'], message: RegExp) =>
      assert.throws(() => resultTable([{method: 'a', values}], options), {name: 'ArgumentError', message});
    bad(
      [NaN, 1],
      /resultTable: argument `rows\[0\]\.values\[0\]` must be finite, with sd >= 0; received NaN\. Write null where there is no number\./,
    );
    bad([{mean: 1, sd: -1}, 1], /values\[0\]/);
    bad([1], /must be 2 values, one a column; received 1/);
    assert.throws(
      () => resultTable([{method: 'a', values: [1, 2]}], {...options, columns: ['s', 's']}), /different headings/,
    );
  });
});
