import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parse} from 'csv-parse/sync';
import {readFigureArguments} from '../../kernels/figures/arguments';
import {near} from '../../kernels/figures/near';
import {neededCells} from '../../kernels/figures/neededCells';
import {namesFor, publishedNames} from '../../kernels/nbformat/publishedNames';
import {retrained} from '../../kernels/figures/retrain';
import {shownIn} from '../../kernels/figures/shipped';
import {joined, readNotebook} from '../../kernels/nbformat/notebook';
import {findNotebooks} from '../../kernels/runner/find';

const ROOT = resolve(__dirname, '../..');

function figure(...args: readonly string[]): {readonly code: number | null; readonly text: string} {
  const {status, stdout, stderr} = spawnSync(process.execPath, [
    '--require', 'tsx/cjs', 'kernels/figures/cli.ts', ...args,
  ], {cwd: ROOT, encoding: 'utf8'});
  return {code: status, text: stdout + stderr};
}

describe('npm run figure', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-figure-'));
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  it('lists every figure and table under a name of its own', () => {
    const {code, text} = figure('--list');
    const all = findNotebooks(ROOT).flatMap(path => shownIn(path, readNotebook(path)));
    const names = all.map(({name}) => name);
    assert.equal(code, 0);
    assert.deepEqual(names.filter((name, k) => names.indexOf(name) !== k), []);
    for (const {name} of all) assert.ok(text.includes(`  ${name} `), `${name} is not listed`);
    for (const name of ['figure-2', 'figure-3', 'figure-4', 'table-1', 'table-2']) {
      assert.ok(names.includes(name), name);
    }
  });

  it('writes Figure 2 as the notebook holds it, over what was there, in the formats asked for', () => {
    writeFileSync(join(folder, 'figure-2.pdf'), 'old');
    const started = performance.now();
    const {code, text} = figure('figure-2', '--width', '85mm', '--format', 'pdf,svg', '--to', folder);
    assert.equal(code, 0, text);
    assert.deepEqual(readdirSync(folder).sort(), ['figure-2.pdf', 'figure-2.svg']);
    assert.match(readFileSync(join(folder, 'figure-2.pdf'), 'latin1'), /^%PDF.*\/MediaBox \[0 0 240\.9\d* /s);
    assert.match(text, /figure-2: 85 x [\d.]+ mm, text 8 pt/);
    const seconds = (performance.now() - started) / 1000;
    assert.ok(seconds < 30, `took ${seconds} s`);
  });

  it('writes a table for booktabs, in Markdown and as CSV, with the numbers of the notebook', () => {
    const {code, text} = figure('table-1', '--to', folder);
    assert.equal(code, 0, text);
    const [tex, csv, md] = ['tex', 'csv', 'md'].map(end => readFileSync(join(folder, `table-1.${end}`), 'utf8'));
    assert.match(tex, /\\toprule[^]*\\midrule[^]*0\.06 \$\\pm\$ 0\.00[^]*\\bottomrule/);
    assert.match(md, /\| ObsNODE \[1\] \| published \| {2}\| 0\.06 ± 0\.00 \|/);
    const [row] = parse(csv, {columns: true}) as Record<string, string>[];
    assert.equal(row.method, 'ObsNODE [1]');
    assert.deepEqual([row['s = 1'], row['s = 1 sd']], ['0.06', '0.00']);
    assert.match(text, /table-1: \d+ lines, in LaTeX at most 174 mm wide, text 8 pt/);
  });

  for (const [args, message] of [
    [['figure-22'], /there is no figure or table figure-22; did you mean figure-2, .*--list/],
    [['figure-2', '--format', 'gif'], /--format: there is no format gif; figures have pdf, svg, png/],
    [['figure-2', '--format', 'tex'], /figure-2 is a figure, which is written as pdf, svg, png; received tex/],
    [['figure-2', '--width', '85'], /--width must be a length in mm, cm, in, pt, such as 85mm; received 85/],
    [['figure-2', '--width', '25mm'], /`width` must be at least \d+ mm for this figure.*Make it wider/],
    [['figure-2', '--font', '0pt'], /--font must be a length in pt, mm, such as 8pt; received 0pt/],
    [['figure-2', '--labels', 'top'], /--labels must be ends or legend; received top/],
    [['figure-2', '--set', 'seed=1'], /--set needs --retrain/],
    [[], /name a figure or a table; --list says which there are/],
  ] as const) it(`refuses ${args.join(' ') || 'nothing'}, says what would do, and writes nothing`, () => {
    const {code, text} = figure(...args, '--to', join(folder, 'new'));
    assert.equal(code, 2);
    assert.match(text, message);
    assert.doesNotMatch(text, /\n\s+at /);
    assert.ok(!existsSync(join(folder, 'new')));
  });

  it('refuses a folder that it cannot write to', () => {
    writeFileSync(join(folder, 'file'), '');
    const {code, text} = figure('table-1', '--to', join(folder, 'file', 'deeper'));
    assert.equal(code, 2);
    assert.match(text, /--to: nothing can be written to .*file\/deeper \((ENOTDIR|EEXIST)\)/);
  });
});

describe('Lengths on the command line', () => {
  for (const [text, mm] of [['85mm', 85], ['8.5cm', 85], ['3.35in', 85.09], ['240.945pt', 85.0]] as const) {
    it(`${text} is ${mm} mm`, () => {
      const {width} = readFigureArguments(['f', '--width', text], ROOT)!;
      assert.ok(Math.abs(width! - mm) < 0.001);
    });
  }
});

describe('Names of figures', () => {
  it('stand in the source of a cell, those of a loop with a gap', () => {
    const source = "for (const f of all) await lib.publish(g(f, {title: 'a (b)'}), `error-${f.name}`);\n"
      + "lib.publish(h('x'), 'figure-9');";
    assert.deepEqual(publishedNames(source), ['error-${f.name}', 'figure-9']);
    assert.deepEqual(namesFor(source, 3), ['error-1', 'error-2', 'figure-9']);
    assert.equal(namesFor("publish(a, 'one')", 2), undefined);
  });

  it('that are nearly right are suggested, nearest first', () => {
    assert.deepEqual(near('figure2', ['figure-3', 'figure-2', 'table-1']), ['figure-2', 'figure-3']);
    assert.deepEqual(near('zebra', ['figure-2']), []);
  });
});

describe('Cells that a figure needs', () => {
  const cell = (id: string, source: string, tags: string[] = []) =>
    ({cell_type: 'code' as const, id, source, metadata: {tags}});

  it('are those that make or change what it mentions, and the parameters', () => {
    const cells = [
      cell('doors', "import * as lib from '../lib/index';"), cell('p', 'const P = {};', ['parameters']),
      cell('slow', 'const model = lib.fit();'), cell('rows', 'const rows: number[] = [];'),
      cell('fill', 'rows.push(1);'), cell('look', 'rows.length;'), cell('set', 'rows[0] = 2;'),
      cell('other', 'lib.display(model);'), cell('fig', 'lib.publish(lib.draw(rows), "f");'),
      cell('later', 'rows.pop();'),
    ];
    assert.deepEqual(neededCells(cells, 'fig').map(({id}) => id), ['doors', 'p', 'rows', 'fill', 'set', 'fig']);
  });

  it('are run anew, and give the figure of the new values', async () => {
    const [path] = findNotebooks(ROOT, '01'), notebook = readNotebook(path), [shown] = shownIn(path, notebook);
    const request = {...readFigureArguments([shown.name, '--retrain'], ROOT)!};
    const again = await retrained(shown, request, ROOT);
    assert.equal(again.name, shown.name);
    assert.ok(again.shown.kind === 'figure' && again.shown.title !== '');
    const code = notebook.cells.filter(({cell_type, source}) => cell_type === 'code' && joined(source).trim() !== '');
    assert.ok(neededCells(notebook.cells, shown.cell).length < code.length);
  });
});
