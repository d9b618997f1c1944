import assert from 'node:assert/strict';
import {named, neededCells, staleCells} from '../../../kernels/read/dependence';

const page = (...codes: readonly string[]) => codes.map((code, k) => named('abcdefgh'[k], code));

describe('what a cell needs of others', () => {
  it('is declared above it, nearest first, and in turn by what those need', () => {
    const cells = page(
      "import {f} from './f';", 'const n = 1;', 'const x = f(n);', 'console.log(0);', 'x + 1', 'const x = 2;',
    );
    assert.deepEqual(neededCells(cells, 'e', new Set()), ['a', 'b', 'c']);
    assert.deepEqual(neededCells(cells, 'e', new Set(['c'])), []);
    assert.deepEqual(neededCells(cells, 'e', new Set(['a'])), ['b', 'c']);
    assert.deepEqual(neededCells(cells, 'd', new Set()), []);
  });

  it('is not what it declares itself', () => {
    assert.deepEqual(neededCells(page('const x = 1;', 'const x = 2; x + 1'), 'b', new Set()), []);
  });

  it('does not change when another cell later declares the same name anew', () => {
    const [a, b, c, d] = page('let m = 1;', 'm + 1', 'let m = 2;', 'm + 2');
    assert.deepEqual([...staleCells([a, b, c, d])], []);
    assert.deepEqual([...staleCells([a, b, c, d, c])], ['d']);
    assert.deepEqual([...staleCells([a, b, c, d, a])], ['b']);
  });

  it('may go round in a circle: then what ran before the last is out of date, and so is what uses it', () => {
    const [a, b] = page('var x = y;', 'var y = x;');
    assert.deepEqual([...staleCells([b, a, b, a])].sort(), ['a', 'b']);
    assert.deepEqual([...staleCells([b, a])], []);
  });
});
