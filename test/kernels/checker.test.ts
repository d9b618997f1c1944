import {strict as assert} from 'node:assert';
import {join, resolve} from 'node:path';
import {CellModules} from '../../kernels/checker/cellModules';
import {CellLanguage} from '../../kernels/checker/languageService';

const ROOT = resolve(__dirname, '../..');

describe('cell checker', function () {
  this.timeout(120_000);

  it('imports each earlier cell once, whatever the cell mentions, so that the structure of the program stays', () => {
    const modules = new CellModules(ROOT, 'notebook', true);
    modules.keep(1, modules.create(1, 'const a = 1; let b = 2;'));
    modules.keep(2, modules.create(2, 'const c = 3;'));
    const imports = (source: string): string[] =>
      [...modules.create(3, source).text.matchAll(/'(\.\/.*?)'/g)].map(([, path]) => path);
    const all = ['./__notebook_cell_1', './__notebook_cell_2'];
    for (const source of ['1', 'a + b', 'b = c', 'const a = c']) assert.deepEqual(imports(source), all, source);
  });

  describe('in a notebook', () => {
    const language = new CellLanguage(ROOT, join(ROOT, 'test/kernels'));
    const found = (count: number, source: string): string[] =>
      language.check(count, source).errors.map(({line, column, code}) => `${line}:${column} ${code}`);

    it('checks a cell that needs no other, under its own columns', () => {
      assert.deepEqual(found(1, 'const n: number = 1;\n  const s: string = 2;'), ['2:9 2322']);
    });

    it('knows names that a cell left which needed no other', () => {
      assert.deepEqual(found(2, 'const n = 1; let word = "a"; type Pair = [number, number];'), []);
      assert.deepEqual(found(3, 'const pair: Pair = [n, n]; word = 2;'), ['1:28 2322']);
      assert.deepEqual(found(4, 'n = 2'), ['1:1 2632']);
    });

    it('knows global names that an earlier cell or its library has added', () => {
      assert.deepEqual(found(5, 'added + 1'), ['1:1 2304']);
      assert.deepEqual(found(6, 'declare global { var added: number } const kept = 1;'), []);
      assert.deepEqual(found(7, 'added + 1'), []);
    });
  });
});
