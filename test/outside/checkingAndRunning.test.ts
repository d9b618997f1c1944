import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import ts from 'typescript';
import {checkNotebooks} from '../../kernels/checker/checkNotebooks';
import {CellLanguage} from '../../kernels/checker/languageService';
import {Executor} from '../../kernels/executor';
import {compileCell} from '../../kernels/executor/compile';
import {isComplete} from '../../kernels/jupyter/completeness';

const ROOT = resolve(__dirname, '../..');

/** What other notebooks of typed languages get wrong between their checker and their evaluator. */
describe('checking and running, cases from outside', function () {
  this.timeout(120_000);
  const registry = ts.createDocumentRegistry();
  let folder: string;
  let language: CellLanguage;
  let executor: Executor;
  let printed: string;
  let notes: string[];
  let count: number;

  const open = (directory: string): void => {
    language = new CellLanguage(ROOT, directory, registry);
    executor = new Executor({directory});
  };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'obsnode-agree-')));
    [printed, notes, count] = ['', [], 0];
    open(folder);
  });
  afterEach(() => {
    executor.dispose();
    rmSync(folder, {recursive: true});
  });

  const save = (path: string, text: string): void => {
    mkdirSync(resolve(folder, path, '..'), {recursive: true});
    writeFileSync(join(folder, path), text);
  };
  /** The result of a cell as the kernel gives it: checked, then run. */
  const cell = async (source: string): Promise<string> => {
    const {errors, notes: said} = language.check(++count, source);
    notes.push(...said);
    if (errors.length > 0) return `TS${errors[0].code}: ${errors[0].message}`;
    const outcome = await executor.execute(source, (event) =>
      void (event.type === 'stream' && (printed += event.text)));
    if (outcome.status === 'error') return `${outcome.failure.ename}: ${outcome.failure.evalue}`;
    return String(outcome.result?.data['text/plain'] ?? '');
  };
  const cells = async (...sources: string[]): Promise<string> => {
    let last = '';
    for (const source of sources) last = await cell(source);
    return last;
  };

  it('a variable whose type comes from later assignments may get them in later cells', async () => {
    strictEqual(await cells('let m;', 'm = 1;', 'const read = () => m;', 'm = "two"; read()'), "'two'");
    strictEqual(await cells('const rows = [];', 'rows.push({a: 1}); const size = () => '
      + 'rows.length;', 'rows.push({a: 2, b: 3}); [size(), rows[0].a]'), '[ 2, 1 ]');
    strictEqual(
      await cells('let q = null, w = undefined, e = [];', 'q = {z: 1}; w = 2; e = [3];', '[q.z, w, e]'),
      '[ 1, 2, [ 3 ] ]',
    );
    match(
      await cells('const fixed = [];', 'fixed = [1]'), /^TS2588: Cannot assign to 'fixed' because it is a constant/,
    );
  });

  it('a type and a value of one name live side by side, from two cells in either order', async () => {
    strictEqual(
      await cells('interface A {x: number}', 'const A = {make: (): A => ({x: 1})};', 'const a: A = A.make(); a'),
      '{ x: 1 }',
    );
    strictEqual(await cells('const B = 5;', 'type B<T> = T[];', 'const b: B<number> = [B]; b'), '[ 5 ]');
    strictEqual(
      await cells('interface A {y: string}', 'const a2: A = {y: "s"}; [a2.y, A.make()]'), "[ 's', { x: 1 } ]",
    );
    strictEqual(await cells('class A {z = 1}', 'new A().z'), '1');
    match(await cells('interface A {w: 1}', 'new A()'), /^TS2693: 'A' only refers to a type/);
  });

  it('imports of types alone are not looked for at run time; a name without a value fails where it is '
      + 'used as one', async () => {
    save('node_modules/only/package.json', '{"name": "only", "types": "index.d.ts"}');
    save('node_modules/only/index.d.ts', 'export interface Only<T> {x: T}');
    save('shapes.d.ts', 'export type Shape = {side: number}; export const phantom: number;');
    strictEqual(await cells('import {Only} from "only"; import {Shape} from "./shapes"; const o: Only<Shape> = {x: '
      + '{side: 2}};', 'const p: Only<number> = {x: 1}; [o, p]'), '[ { x: { side: 2 } }, { x: 1 } ]');
    strictEqual(
      await cells('import {phantom} from "./shapes";', 'phantom'),
      "ReferenceError: './shapes' exports no value 'phantom': it is a type, or was removed",
    );
    match(await cell('import {nothing} from "no-such-package";'), /^TS2307/);
  });

  for (const name of ['a#b', 'a%20b', 'ü ñ x', "it's (1)", 'a&b=c']) {
    it(`works in a folder named ${name}`, async () => {
      save(`${name}/lib.ts`, 'export const here = __dirname; export const n: number = 3;');
      save(`${name}/m.mjs`, 'export default {};');
      executor.dispose();
      open(join(folder, name));
      strictEqual(await cell('import {n} from "./lib"; n'), '3');
      strictEqual(await cell('const other = await import(import.meta.resolve("./lib.ts")); other.here === __dirname && '
        + 'import.meta.dirname === __dirname'), 'true');
      strictEqual(await cell('import {fileURLToPath} from "node:url"; fileURLToPath(new URL("x", import.meta.url)) === '
        + '__dirname + "/x"'), 'true');
      await cell('const load = async (query: string) => (await import("./m.mjs" + query)).default;');
      strictEqual(await cell('const [one, two, again] = [await load("?1"), await load("?2"), await load("?1")]; [one '
        + '=== two, one === again]'), '[ false, true ]');
      strictEqual(await cell('[import.meta.resolve("fs"), import.meta.resolve("node:fs"), '
        + 'import.meta.resolve("data:text/plain,x")].join()'), "'node:fs,node:fs,data:text/plain,x'");
    });
  }

  it('says that files below a folder with a question mark in its name cannot be loaded', async () => {
    save('a?b/lib.ts', 'export const n = 3;');
    executor.dispose();
    open(join(folder, 'a?b'));
    match(await cell('import {n} from "./lib"; n'), /folder with \? in its name cannot be loaded \(.*\); rename it/);
  });

  it('heeds comments that TypeScript reads at the top of a file, whatever earlier names the cell uses', async () => {
    strictEqual(await cells('const base = 1;', '// @ts-nocheck\nconst wrong: string = base; wrong'), '1');
    strictEqual(await cell('/// <reference types="mocha" />\nconst t: Mocha.Suite | number = base; t'), '1');
    match(await cell('// a comment\nconst s: string = base;'), /^TS2322/);
  });

  it('a resource of `using` ends with its cell, and a later cell is told so', async () => {
    await cell('const open = (name: string) => ({name, [Symbol.dispose]() { console.log(`closed ${name}`); }});');
    strictEqual(await cell('using r = open("one"); const kept = r.name; function late() { return kept; }\nclass K { k '
      + '= late(); }\nnew K().k'), "'one'");
    strictEqual(printed, 'closed one\n');
    strictEqual(await cell('[kept, late()]'), "[ 'one', 'one' ]");
    strictEqual(await cell('r.name'), "TS2304: 'r' was declared with `using`: it was disposed of when its cell ended.");
    strictEqual(await cells('const r = 5;', 'r'), '5');
  });

  it('the text of eval sees what the code around it sees', async () => {
    strictEqual(await cells('const d = 1; eval("d")', 'function inner(d: number) { return eval("d + 1"); '
      + '}\n[inner(10), eval("d")]'), '[ 11, 1 ]');
    strictEqual(await cells('let v = 1; eval("v = 2");', 'v'), '2');
    match(await cell('(0, eval)("d")'), /^ReferenceError: d is not defined/);
    match(await cell('eval("unknown")'), /^ReferenceError: unknown is not defined/);
  });

  it('`var` without a value keeps the one there is', async () => {
    strictEqual(await cell('var c = 1; { var c: number; } c'), '1');
    strictEqual(await cells('var c: number;', 'c'), '1');
    strictEqual(await cell('for (var i = 0, j; i < 2; i++) { var j; j = i; } [i, j]'), '[ 2, 1 ]');
    strictEqual(await cell('function f() { return u; } var u: number | undefined; [f()]'), '[ undefined ]');
    strictEqual(await cells('let l = 1;', 'let l: number | undefined; [l]'), '[ undefined ]');
  });

  it('a package without types is any, with a note', async () => {
    save('node_modules/untyped/index.js', 'module.exports = {n: 7, deep: {f: (x) => x + 1}};');
    strictEqual(await cells('import u, {n} from "untyped"; u.deep.f(n)', '[u.no?.such]'), '[ undefined ]');
    deepStrictEqual(notes, ['untyped has no types: what it exports is any']);
    const source = 'import u from "untyped"; u.n';
    const notebook = {
      nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{cell_type: 'code', metadata: {}, source}],
    } as const;
    const checked = checkNotebooks(ROOT, new Map([[join(folder, 'x.ipynb'), notebook]]));
    deepStrictEqual(checked.map(({diagnostics, notes: said}) => [diagnostics, said]), [[[], notes]]);
  });

  it('a module that an edit has broken is a warning; only cells that need it fail, until it is mended', async () => {
    save('lib.ts', 'export const f = (): number => 1;');
    await cell('import {f} from "./lib"; const kept = 3; const later = () => f();');
    save('lib.ts', 'export const f = (: number => 1;');
    strictEqual(await cell('kept'), '3');
    match(printed, /^'\.\/lib' was edited and cannot be loaded; cells that use it will fail: /);
    printed = '';
    strictEqual(await cell('kept + 1'), '4');
    strictEqual(printed, '');
    match(await cell('later()'), /Transform failed/);
    save('lib.ts', 'export const f = (): number => 2;');
    strictEqual(await cell('later()'), '2');
  });

  it('an edit that removes an export is an error where the export is used, never undefined', async () => {
    save('lib.ts', 'export const f = (): number => 1; export const g = 2;');
    await cell('import {f, g} from "./lib"; const half = () => g / 2;');
    save('lib.ts', 'export const f = (): number => 5;');
    strictEqual(await cell('f()'), '5');
    strictEqual(await cell('half()'), "ReferenceError: './lib' exports no value 'g': it is a type, or was removed");
    match(await cell('g + 1'), /TS2305|exports no value 'g'/);
  });

  it('an imported variable follows its module', async () => {
    save('counter.ts', 'export let n = 0; export function inc(): void { n++; }');
    strictEqual(await cells('import {n, inc} from "./counter";', 'inc(); inc(); n'), '2');
    strictEqual(await cells('let own = n; own++;', '[own, n]'), '[ 3, 2 ]');
    strictEqual(await cells('const n = "own";', 'n'), "'own'");
  });

  it('what people of other notebooks write gets a hint', () => {
    const told = (source: string): string => {
      try {
        compileCell(source, 'cell.ts', new Set());
      } catch (error) {
        return (error as Error).message;
      }
      return language.check(++count, source).errors.map(({message}) => message).join(' / ') || 'accepted';
    };
    match(told('{a: 1, b: 2}'), /stands in parentheses: \(\{a: 1, b: 2\}\)/);
    match(told('{\n  a: [1],\n  b: {c: 2},\n};'), /stands in parentheses/);
    match(told('<b>x</b>'), /Markup is not TypeScript/);
    match(told('<div class="a">\n<p>text</p>\n</div>'), /Markup is not TypeScript/);
    for (const magic of ['%timeit f()', '%%html\n<b></b>', '%matplotlib inline'])
      match(told(magic), /Magic commands belong to IPython/);
    for (const shell of ['!ls', '!pip install x', 'const a = 1;\n! ls -l'])
      match(told(shell), /Shell commands are run by Node/);
    for (const help of ['foo?', 'Math.max??', '?foo']) match(told(help), /Shift\+Tab/);
    match(told('npm install x'), /command for a terminal/);
    for (const wrong of ['const a = ;', 'a b', 'unknownName', 'if (1 {']) ok(!told(wrong).includes('\n'), told(wrong));
  });

  it('no message speaks of how cells are held', async () => {
    await cells(
      'class P {private p = 1} enum E {a} namespace N {export const k = 1}',
      'const p1 = new P(); let w = E.a; const f = <T extends P>(x: T) => [x];', 'class P {private p = 1}',
    );
    const wrong = [
      'const p2: P = p1;', 'w = "x"', 'f(new P())', 'N.z', 'E = 1', 'p1 = 2', 'const n: N = 1', 'f.x',
      'type X = typeof nope', 'import {q} from "./nope"', 'w.toFoo()', 'p1.p', 'f<number>(1)',
    ];
    for (const source of wrong) {
      const message = language.check(++count, source).errors.map((error) => error.message).join('\n');
      ok(message !== '', source);
      ok(!/\$\w|__\w*cell|import\(/.test(message), message);
    }
    match(
      language.check(++count, 'const p2: P = p1;').errors[0].message,
      /Type 'P \(cell 1\)' is not assignable to type 'P \(cell 3\)'/,
    );
  });
});

describe('completion, cases from outside', function () {
  this.timeout(120_000);
  let folder: string;
  let language: CellLanguage;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-completion-'));
    writeFileSync(join(folder, 'data.csv'), '');
    writeFileSync(join(folder, 'helper.ts'), 'export const h = 1;');
    mkdirSync(join(folder, 'sub folder'));
    language = new CellLanguage(ROOT, folder);
    language.check(
      1,
      'const über = {"my-key": 1, plain: 2, "größe": 3, 4: 5}; const option = über as typeof über | undefined; type Mode = "fast mode" | "slow";',
    );
    language.check(2, 'let evolving;');
  });
  after(() => rmSync(folder, {recursive: true}));

  /** The text with each match in its place. */
  const completed = (text: string): string[] => {
    const offset = text.indexOf('¦');
    const source = text.replace('¦', '');
    const {start, end, items} = language.complete(source, offset);
    return items.map((item) => source.slice(0, start) + item.text + source.slice(end));
  };

  for (const [text, wanted] of [
    ['über.¦', "über['my-key']"], ['über.¦', 'über.plain'], ['über.my¦', "über['my-key']"],
    ['option?.my¦', "option?.['my-key']"], ['über.pl¦', 'über.plain'],
    ['über["my¦"]', 'über["my-key"]'], ['üb¦', 'über'], ['über.grö¦', 'über.größe'], ['opti¦', 'option'],
    ['evol¦', 'evolving'],
    ['const größe = 1; grö¦', 'const größe = 1; größe'],
    ['class C { #own = 1; f() { this.#o¦ } }', 'class C { #own = 1; f() { this.#own } }'],
    ['import {h} from "./he¦"', 'import {h} from "./helper"'], ['import fs from "node:f¦"', 'import fs from "node:fs"'],
    ['require("node:pa¦")', 'require("node:path")'],
    ['import {h¦} from "./helper"', 'import {h} from "./helper"'],
    ["readFileSync('./da¦')", "readFileSync('./data.csv')"], ['f(`./sub¦`)', 'f(`./sub folder/`)'],
    ['const m: Mode = "fast¦"', 'const m: Mode = "fast mode"'],
    ['const \\u{61}b = 1; Math.ma¦', 'const \\u{61}b = 1; Math.max'],
  ] as const) {
    it(`completes ${text} to ${wanted}`, () =>
      ok(completed(text).includes(wanted), completed(text).slice(0, 5).join(' ')));
  }

  it('offers no name that holds cells', () => {
    for (const text of ['¦', '__¦', '$¦', 'import x from "./¦"'])
      ok(completed(text).every((name) => !/__\w*cell|\$über|\$cell/.test(name)), text);
  });
});

describe('is_complete, cases from outside', () => {
  for (const [status, codes] of Object.entries({
    invalid: ["'abc", '"abc', 'f("a', '/abc', 'f(/a(/, /b', 'a b', '}', 'const s = "a\nb"', ')'],
    incomplete: [
      '`abc', '/* a', '1 +', 'x = `${', 'const a = [', 'class A { f() {', "'abc\\", 'if (x) {', 'f("{",', 'let x:',
      'async () => {',
    ],
    complete: ['1', '// c', "'a'", '/a/', '`a`', 'f("{")', '', 'const x = "it\\"s"', 'a / b', "/['\"]/.test(x)"],
  })) {
    it(`finds ${codes.length} texts ${status}`, () => {
      for (const code of codes) strictEqual(isComplete(code).status, status, code);
    });
  }

  it('counts open brackets for the indent, and none in strings', () => {
    strictEqual(isComplete('f("{[(", {').indent, '    ');
    strictEqual(isComplete('if (x) { // {{{').indent, '  ');
  });
});
