import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {shownIn} from '../../kernels/figures/shipped';
import {readNotebook} from '../../kernels/nbformat/notebook';
import {findNotebooks} from '../../kernels/runner/find';
import {resultTable, type ResultRow} from '../../lib/figures';
import {tableForPrint} from '../../lib/figures/print/tablePages';
import {layoutFromHtml} from '../../lib/figures/tableFromHtml';
import {tableToLatex} from '../../lib/figures/tableLatex';
import type {TableLayout} from '../../lib/figures/tableLayout';
import {rng, uniform} from '../../lib/math/rng';

const root = join(__dirname, '../..');
const shipped = findNotebooks(root).flatMap(path => shownIn(path, readNotebook(path))).flatMap(({shown}) =>
  (shown.kind === 'table' ? [layoutFromHtml(shown.html)] : []));

const words = ['ObsNODE', 'ridge', 'regression', 'as', 'written', 'history + plan', '[1]', 'γ = 4', '*', '100 %'];

/** A table of random size and words, every number another one. */
function randomTable(seed: number): TableLayout {
  const stream = uniform(rng(seed), 5000).values(), draw = () => stream.next().value!;
  const some = (n: number) => Array.from({length: n}, () => words[Math.floor(draw() * words.length)]).join(' ');
  const columns = 1 + Math.floor(draw() * 9), grouped = draw() < 0.5;
  const rows = Array.from({length: 1 + Math.floor(draw() * 90)}, (_, k): ResultRow => ({
    method: some(1 + Math.floor(draw() * 4)), source: draw() < 0.7 ? some(2) : undefined,
    group: grouped ? `group ${Math.floor(k / 20)} ${seed % 3 === 0 ? some(12) : ''}` : undefined,
    values: Array.from({length: columns}, (__, c) => ({mean: k + c / 100 + 0.001, sd: draw()})),
  }));
  return layoutFromHtml(resultTable(rows, {
    title: some(6), columns: Array.from({length: columns}, (_, c) => `${some(1 + Math.floor(draw() * 5))} ${c}`),
    notes: [some(30)],
  }).toHtml());
}

const numbers = (layout: TableLayout) => layout.lines.flatMap(({cells}) =>
  cells.slice(layout.labels).map(({text}) => text.split(' ')[0]));

const printedNumbers = (tex: string) =>
  [...tex.matchAll(/(?<=& (?:\\textbf\{)?)\d+\.\d+(?= \$\\pm\$)/g)].map(([text]) => text);

describe('A table for print', () => {
  const few = randomTable(1);

  it('is the plain one where that is narrow enough', async () => {
    const small = resultTable([{method: 'a', values: [1, 2]}], {title: 'T', columns: ['s', 't']});
    const narrow = layoutFromHtml(small.toHtml());
    const tex = await tableForPrint(narrow, {width: 85, font: 8, label: 'tab:x'});
    const [said, ...rest] = tex.split('\n');
    assert.match(said, /^% Needs booktabs\. At most 85 mm wide/);
    assert.equal(rest.join('\n'), tableToLatex(narrow, {label: 'tab:x', font: 8}));
    assert.equal(tex.match(/\\begin\{tabular\}/g)!.length, 1);
  });

  it('has every number once, whatever its width', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const layout = randomTable(seed), tex = await tableForPrint(layout, {width: [100, 174][seed % 2], font: 8});
      assert.deepEqual(printedNumbers(tex).sort(), numbers(layout).sort(), `table ${seed}`);
    }
  });

  it('takes more lines on a narrower page, and says so on one too narrow', async () => {
    const lines = async (width: number) => (await tableForPrint(few, {width, font: 8})).length;
    assert.ok(await lines(90) > await lines(300));
    await assert.rejects(tableForPrint(few, {width: 20, font: 8}), {
      name: 'ArgumentError', message: /`width` must be at least \d+ mm for this table .* received 20\. Make it/,
    });
    await assert.rejects(tableForPrint(few, {width: 5, font: 8}), /`width` must be in \[20, 1000\] mm; received 5/);
    await assert.rejects(tableForPrint(few, {width: 85, font: 1}), /`font` must be in \[3, 72\] pt; received 1/);
  });

  it('goes on under the same number where it is higher than a page: one label, one set of notes', async () => {
    const rows = Array.from({length: 100}, (_, k): ResultRow =>
      ({method: `m${k}`, group: `g${k % 2}`, values: [k]}));
    const layout = layoutFromHtml(resultTable(rows, {title: 'T', columns: ['s'], notes: ['one note']}).toHtml());
    const tex = await tableForPrint(layout, {width: 85, font: 8, label: 'tab:x'});
    const count = (text: string) => tex.split(text).length - 1;
    assert.ok(count('\\begin{table}') >= 2);
    assert.equal(count('\\addtocounter{table}{-1}'), count('\\begin{table}') - 1);
    assert.deepEqual([count('\\label'), count('one note'), count('\\emph{g0}'), count('\\emph{g1}')], [1, 1, 1, 1]);
  });

  it('starts no line with a bracket, which LaTeX would take for a length', () => {
    const layout = {...few, lines: [{cells: few.head.map(() => ({text: '[1] *', best: false}))}]};
    assert.doesNotMatch(tableToLatex(layout), /^\s*[[*]/m);
  });

  it('is set by LaTeX without a box too wide or high, 85 and 174 mm wide', async function test(this: Mocha.Context) {
    this.timeout(300_000);
    if (spawnSync('pdflatex', ['--version']).error || !spawnSync('kpsewhich', ['booktabs.sty']).stdout.length) {
      console.log('      skipped: pdflatex with booktabs is missing (Debian: texlive-latex-recommended)');
      this.skip();
    }
    const dir = mkdtempSync(join(tmpdir(), 'obsnode-tex-'));
    try {
      for (const width of [85, 174]) {
        const random = width === 85 ? [] : Array.from({length: 12}, (_, k) => randomTable(k)), tables: string[] = [];
        for (const layout of [...shipped, ...random]) {
          tables.push(await tableForPrint(layout, {width, font: 8}));
        }
        const page = `\\usepackage[a4paper,textheight=240mm,textwidth=${width}mm]{geometry}`;
        writeFileSync(join(dir, 't.tex'), `\\documentclass{article}${page}\\usepackage[utf8]{inputenc}`
          + `\\usepackage{booktabs}\\begin{document}${tables.join('\\clearpage\n')}\\end{document}\n`);
        const {stdout} = spawnSync('pdflatex', ['-interaction=nonstopmode', 't.tex'], {cwd: dir, encoding: 'utf8'});
        assert.match(stdout, /Output written on t\.pdf/);
        assert.deepEqual(stdout.split('\n').filter(line => /^!|Overfull|Float too large/.test(line)), []);
      }
    } finally {
      rmSync(dir, {recursive: true});
    }
  });
});
