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

  it('is what stands for a variable or a type, not what merely has its name', () => {
    const used = (code: string): string[] => [...named('a', code).mentioned].sort();
    assert.deepEqual(used('P.horizon + row.errors[k]'), ['P', 'k', 'row']);
    assert.deepEqual(used('f({horizon: 1, short, [key]: 2, method() {}, ...rest})'), ['f', 'key', 'rest', 'short']);
    assert.deepEqual(used('g(({form, blocks: m = few, ...reads}, ...more) => [form, m, reads, more, blocks])'),
      ['blocks', 'few', 'g']);
    assert.deepEqual(used('{ const seen = 1; let k = seen; } seen'), ['seen']);
    assert.deepEqual(used('function h(n: Size) { if (n) { var late = n; } return late + own; } h'),
      ['Size', 'h', 'own']);
    assert.deepEqual(used('for (const one of list) one; for (let i = start; i < 3; i++); i'), ['i', 'list', 'start']);
    assert.deepEqual(used('try { go(); } catch (error) { error; }'), ['go']);
    assert.deepEqual(used('type Pair<T> = {first: T; second: lib.Rng; [key: string]: T}'), ['lib']);
    assert.deepEqual(used('outer: for (;;) break outer;'), []);
    assert.deepEqual(used('const {a: {b}} = source, c = b;'), ['b', 'source']);
    assert.deepEqual(used('class A<T> extends B { field = value; m(p: T) { return this.field + p; } }'),
      ['A', 'B', 'value']);
    assert.deepEqual(used('({a: target} = from); const r = function self() { self(); }; `${text}`'),
      ['from', 'target', 'text']);
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
