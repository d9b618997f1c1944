import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {findNotebooks} from '../../kernels/runner/find';
import {notebookProblems, type NotebookFile} from './notebookRules';

const root = resolve(__dirname, '../..');
const folder = join(root, 'notebooks');
const names = readdirSync(folder).filter(name => name.endsWith('.ipynb'));

const cell = (source: string, more: object = {}) =>
  ({cell_type: 'code', id: `c${source.length}`, metadata: {}, source, ...more});
const good: NotebookFile = {
  nbformat: 4, nbformat_minor: 5, metadata: {kernelspec: {name: 'obsnode'}},
  cells: [
    {
      cell_type: 'markdown', id: 'a', metadata: {},
      source: ['# 05 · ObsNODE trained\n', 'Text that says: import {x} from "./y"'],
    },
    cell(
      "import {\n  rng,\n  parameters,\n} from '../lib/index';\nimport {join} from 'node:path';\nimport * as cancer from '../lib/studies/cancer';",
    ),
    cell('const P = parameters({quick: {n: 1}, full: {n: 2}});', {metadata: {tags: ['parameters']}}),
  ],
};
const withCells = (...cells: NotebookFile['cells']) => ({...good, cells: [...good.cells, ...cells]});

describe('Notebooks keep to the house rules', () => {
  it('there are notebooks, and each of them is named, read and run by the runner', () => {
    assert.ok(names.length > 0);
    assert.deepEqual(findNotebooks(root), names.sort().map(name => join(folder, name)));
  });

  it('no notebook hides outside notebooks/', () => {
    const elsewhere = ['.', ...['lib', 'kernels', 'data'].filter(name => existsSync(join(root, name)))];
    const found = elsewhere.flatMap(name => readdirSync(join(root, name), {recursive: name !== '.', encoding: 'utf8'})
      .filter(path => path.endsWith('.ipynb')));
    assert.deepEqual(found.filter(path => !path.includes('.ipynb_checkpoints')), []);
  });

  it('two notebooks never share a number', () => {
    const numbers = names.map(name => name.slice(0, name.indexOf('-')));
    assert.deepEqual(numbers.filter((number, i) => numbers.indexOf(number) < i), []);
  });

  for (const name of names) {
    it(`${name}: imports only doors of lib/, short cells, one parameters cell, kernel obsnode, ids`, () => {
      assert.deepEqual(
        notebookProblems(name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as NotebookFile), [],
      );
    });
  }

  it('a good notebook has no problem', () => assert.deepEqual(notebookProblems('05-obsnode.ipynb', good), []));

  it('a second part has the number of the first and a letter', () =>
    assert.deepEqual(notebookProblems('05b-obsnode.ipynb', good), []));

  it('lines of 120 characters and long imports from a door are allowed', () => {
    const wide = `let a = '${'x'.repeat(109)}';`, door = `import {${'a, '.repeat(40)}b} from '../lib/studies/cancer';`;
    assert.equal(wide.length, 120);
    assert.deepEqual(notebookProblems('05-obsnode.ipynb', withCells(cell(wide), cell(door))), []);
  });

  const seeded: readonly [string, string, NotebookFile, RegExp][] = [
    [
      'a file of lib/ other than the door', '05-a.ipynb', withCells(cell("import {rng} from '../lib/math/rng';")),
      /imports \.\.\/lib\/math\/rng/,
    ],
    [
      'a file inside a study', '05-a.ipynb', withCells(cell("import {plans} from '../lib/studies/cancer/plans';")),
      /imports \.\.\/lib\/studies\/cancer\/plans/,
    ],
    ['an import over several lines', '05-a.ipynb', withCells(cell("import {\n  a,\n} from 'vega';")), /imports vega/],
    ['an import for its effect', '05-a.ipynb', withCells(cell("import 'vega';")), /imports vega/],
    ['an import when needed', '05-a.ipynb', withCells(cell("const v = await import('vega');")), /imports vega/],
    ['require', '05-a.ipynb', withCells(cell("const v = require('vega');")), /imports vega/],
    [
      'a cell of 26 lines', '05-a.ipynb', withCells(cell(Array.from({length: 26}, (_, i) => `let a${i};`).join('\n'))),
      /26 lines/,
    ],
    ['a line of 121 characters', '05-a.ipynb', withCells(cell(`let a = '${'x'.repeat(110)}';`)), /121 characters/],
    [
      'a long import from elsewhere', '05-a.ipynb', withCells(cell(`import {${'a, '.repeat(40)}b} from 'node:fs';`)),
      /characters, more than 120/,
    ],
    ['no parameters cell', '05-a.ipynb', {...good, cells: good.cells.slice(0, 2)}, /0 code cells are tagged/],
    [
      'a parameters cell that sets none', '05-a.ipynb',
      {...good, cells: [...good.cells.slice(0, 2), cell('const P = {n: 1};', {metadata: {tags: ['parameters']}})]},
      /does not call/,
    ],
    ['another kernel', '05-a.ipynb', {...good, metadata: {kernelspec: {name: 'tslab'}}}, /kernel is tslab/],
    ['a missing id', '05-a.ipynb', withCells(cell('1', {id: undefined})), /has no id/],
    ['a repeated id', '05-a.ipynb', withCells(cell('1', {id: 'a'})), /repeats the id a/],
    ['an old format', '05-a.ipynb', {...good, nbformat_minor: 4}, /older than 4\.5/],
    ['a name without number', 'obsnode.ipynb', good, /NN-slug/],
    ['a first cell without heading', '05-a.ipynb', {...good, cells: good.cells.slice(1)}, /first cell/],
  ];
  for (const [what, name, notebook, problem] of seeded) {
    it(`finds ${what}`, () => {
      const found = notebookProblems(name, notebook);
      assert.equal(found.length, 1, found.join('; '));
      assert.match(found[0], problem);
    });
  }
});
