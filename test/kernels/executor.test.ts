import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {type CellEvent, type CellOutcome, Executor, type Failure} from '../../kernels/executor';

describe('executor', () => {
  let folder: string;
  let executor: Executor;
  let events: CellEvent[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-executor-'));
    executor = new Executor({directory: folder});
    events = [];
  });

  afterEach(() => {
    executor.dispose();
    rmSync(folder, {recursive: true});
  });

  const run = (source: string): Promise<CellOutcome> => executor.execute(source, (event) => events.push(event));
  const text = async (source: string): Promise<string | null> => {
    const outcome = await run(source);
    if (outcome.status === 'error') throw new Error(outcome.failure.traceback.join('\n'));
    return outcome.result ? String(outcome.result.data['text/plain']) : null;
  };
  const fail = async (source: string): Promise<Failure> => {
    const outcome = await run(source);
    if (outcome.status === 'ok') throw new Error('the cell was expected to fail');
    return outcome.failure;
  };
  const printed = (): string => events.map((event) => (event.type === 'stream' ? event.text : '')).join('');

  it('shows the value of the last expression and nothing for a declaration', async () => {
    strictEqual(await text('const a: number = 20;\na + 1'), '21');
    strictEqual(await text('const b = a * 2;'), null);
    strictEqual(await text('await Promise.resolve(b)'), '40');
  });

  it('keeps one binding of a name across cells: closures see later assignments', async () => {
    await text('let n = 0; function inc() { n++; } const twice = () => { inc(); inc(); };');
    await text('twice(); n += 10;');
    strictEqual(await text('n'), '12');
  });

  it('lets a later cell declare a name anew, as anything', async () => {
    await text('const x = 1; class A { one() { return x; } }');
    await text('const x = "two"; function A() { return x; }');
    strictEqual(await text('A()'), "'two'");
  });

  it('respects shadowing in parameters, blocks, catch clauses and patterns', async () => {
    await text('const v = 1, e = 2;');
    strictEqual(await text('const f = (v: number) => { { const e = 5; v += e; } try { throw 7; } catch (e) { v += e as '
      + 'number; } return {v, e}; }; f(100)'), '{ v: 112, e: 2 }');
    strictEqual(await text('for (const v of [9]) { void v; }\nv'), '1');
  });

  it('declares names in every kind of pattern, loop and statement', async () => {
    await text('const {p, q: [r = 3, ...s], ...rest} = {p: 1, q: [undefined, 4, 5] as (number | undefined)[], t: 6};');
    strictEqual(await text('[p, r, s, rest]'), "[ 1, 3, [ 4, 5 ], { t: 6 } ]");
    await text('for (var i = 0; i < 3; i++) {} if (true) { var inner = 8; }');
    strictEqual(await text('[i, inner]'), '[ 3, 8 ]');
    await text(
      'enum Colour { Red = 1 } namespace Space { export const z = Colour.Red; } abstract class Base { static self = Base.name; }',
    );
    strictEqual(await text('[Colour.Red, Space.z, Base.self]'), "[ 1, 1, 'Base' ]");
    strictEqual(await text('[p].map((x) => ({p, x}))'), '[ { p: 1, x: 1 } ]');
  });

  it('assigns to names of earlier cells through destructuring', async () => {
    await text('let a = 1, b = 2; let o = {k: 0};');
    await text('[a, b] = [b, a]; ({k: o.k} = {k: 5});');
    strictEqual(await text('[a, b, o.k]'), '[ 2, 1, 5 ]');
  });

  it('calls functions of other cells without the namespace as this', async () => {
    await text('function self(this: unknown) { return this === undefined; }');
    strictEqual(await text('self()'), 'true');
  });

  it('names anonymous functions after their variable', async () => {
    strictEqual(await text('const arrow = () => 1; arrow.name'), "'arrow'");
  });

  it('keeps what was declared before an error', async () => {
    await fail('const kept = 5; throw new Error("stop")');
    strictEqual(await text('kept'), '5');
  });

  it('reports the line and column that the user wrote', async () => {
    const failure = await fail(
      'const a = 1;\n\ninterface Gone { x: number }\nfunction f() {\n  throw new RangeError("bad");\n}\nf();',
    );
    deepStrictEqual([failure.ename, failure.evalue, failure.line], ['RangeError', 'bad', 5]);
    match(failure.traceback[1], /at f \(cell-1\.ts:5:9\)/);
    match(failure.traceback[2], /cell-1\.ts:7:1/);
  });

  it('speaks of names, not of the namespace', async () => {
    await text('let n = 0 as unknown as () => void;');
    strictEqual((await fail('n()')).evalue, 'n is not a function');
    strictEqual((await fail('missing')).evalue, 'missing is not defined');
  });

  it('refuses a syntax error with its place, without running anything', async () => {
    const failure = await fail('console.log("ran");\nconst q = ;');
    deepStrictEqual([failure.ename, failure.line, printed()], ['SyntaxError', 2, '']);
  });

  it('reports thrown values that are no errors, and causes', async () => {
    strictEqual((await fail('throw {code: 5}')).evalue, '{ code: 5 }');
    match(
      (await fail('throw new Error("outer", {cause: new Error("inner")})')).traceback.join('\n'),
      /Caused by:\nError: inner/,
    );
  });

  it('maps errors in local modules to their TypeScript lines', async () => {
    writeFileSync(
      join(folder, 'lib.ts'),
      'interface Gone {\n  a: number;\n}\nexport function boom(_?: Gone): never {\n  throw new Error("inside");\n}\n',
    );
    const failure = await fail('import {boom} from "./lib";\nboom();');
    match(failure.traceback[1], /at boom \(lib\.ts:5:9\)/);
    strictEqual(failure.line, 2);
  });

  it('loads an edited module, and what depends on it, before the next cell', async () => {
    writeFileSync(join(folder, 'base.ts'), 'export const value: number = 1;');
    writeFileSync(
      join(folder, 'user.ts'), 'import {value} from "./base";\nexport const twice = (): number => 2 * value;',
    );
    await text('import {twice} from "./user"; const keep = 7;');
    strictEqual(await text('twice()'), '2');
    writeFileSync(join(folder, 'base.ts'), 'export const value: number = 21;');
    strictEqual(await text('[twice(), keep]'), '[ 42, 7 ]');
  });

  it('loads a module ahead of the cell that imports it, and anew when it was edited meanwhile', async () => {
    const path = join(folder, 'ahead.ts');
    const write = (value: number): void => writeFileSync(path, `export const value: number = ${value};`);
    write(1);
    executor.modules.foresee('./ahead');
    ok(Object.keys(executor.modules.require.cache).includes(path));
    deepStrictEqual(executor.names(), []);
    write(23);
    strictEqual(await text('import {value} from "./ahead"; value'), '23');
    writeFileSync(path, 'throw new Error("on purpose");');
    executor.modules.foresee('./ahead');
    executor.modules.foresee('./nowhere');
    match((await fail('import "./nowhere";')).evalue, /nowhere/);
  });

  it('recovers once a module that was broken by an edit is repaired', async () => {
    writeFileSync(join(folder, 'base.ts'), 'export const value: number = 1;');
    await text('import {value} from "./base";');
    writeFileSync(join(folder, 'base.ts'), 'export const value: number = ;;;');
    await fail('value');
    writeFileSync(join(folder, 'base.ts'), 'export const value: number = 3;');
    strictEqual(await text('value'), '3');
  });

  it('imports CommonJS, ES-module-only and node packages in every form', async () => {
    const packages = join(folder, 'node_modules');
    const {mkdirSync} = await import('node:fs');
    for (const name of ['modern', 'classic', 'waiting']) mkdirSync(join(packages, name), {recursive: true});
    writeFileSync(
      join(packages, 'modern/package.json'),
      '{"name": "modern", "type": "module", "exports": {"import": "./index.js"}}',
    );
    writeFileSync(join(packages, 'modern/index.js'), 'export const named = 1; export default 2;');
    writeFileSync(
      join(packages, 'waiting/package.json'), '{"name": "waiting", "type": "module", "exports": "./index.js"}',
    );
    writeFileSync(join(packages, 'waiting/index.js'), 'export const ready = await Promise.resolve("yes");');
    writeFileSync(join(packages, 'classic/index.js'), 'module.exports = () => 3; module.exports.extra = 4;');
    strictEqual(
      await text('import two, {named} from "modern"; import * as all from "modern"; [two, named, all.default]'),
      '[ 2, 1, 2 ]',
    );
    strictEqual(await text('import {ready} from "waiting"; ready'), "'yes'");
    strictEqual(await text('import classic, {extra} from "classic"; [classic(), extra]'), '[ 3, 4 ]');
    strictEqual(await text('import fs = require("node:fs"); const late = await import("classic"); [typeof fs.statSync, '
      + 'late.extra]'), "[ 'function', 4 ]");
    strictEqual(await text('import type {Stats} from "./does-not-exist"; 1'), '1');
    match((await fail('import {x} from "./does-not-exist";')).evalue, /Cannot find module/);
  });

  it('gives output of late callbacks to the cell that started them', async () => {
    const first: string[] = [];
    const second: string[] = [];
    const collect = (into: string[]) => (event: CellEvent) => void (event.type === 'stream' && into.push(event.text));
    await executor.execute('setTimeout(() => console.log("from one"), 30);', collect(first));
    await executor.execute(
      'console.log("from two"); await new Promise((done) => setTimeout(done, 60));', collect(second),
    );
    deepStrictEqual([first, second], [['from one\n'], ['from two\n']]);
  });

  it('tells stdout from stderr', async () => {
    await text('console.log("a"); console.error("b"); process.stdout.write("c")');
    deepStrictEqual(events.map((event) => event.type === 'stream' && [event.name, event.text]), [
      ['stdout', 'a\n'], ['stderr', 'b\n'], ['stdout', 'c'],
    ]);
  });

  it('asks objects how they want to be shown, also when that takes time', async () => {
    const outcome =
      await run('({[Symbol.for("obsnode.mime")]: async () => ({data: {"text/html": "<i>x</i>"}, metadata: {}})})');
    deepStrictEqual(outcome, {status: 'ok', result: {data: {'text/html': '<i>x</i>'}, metadata: {}}});
  });

  it('waits for displays that are being drawn and fails with them', async () => {
    const sink = 'const sink = (globalThis as any)[Symbol.for("obsnode.display")];';
    const failure = await fail(
      `${sink} sink.wait(new Promise((_, reject) => setTimeout(() => reject(new Error("cannot draw")), 10)));`,
    );
    strictEqual(failure.evalue, 'cannot draw');
  });

  it('releases the memory of overwritten variables', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    await text('let big: Float64Array | null = new Float64Array(4e6); globalThis.__ref = new WeakRef(big);');
    await text('big = null; 1');
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    ok((globalThis as unknown as {__ref: WeakRef<object>}).__ref.deref() === undefined);
  });

  it('reports an error of a callback that outlived its cell', async () => {
    const late: Failure[] = [];
    executor.dispose();
    executor = new Executor({directory: folder, onLateError: (failure) => late.push(failure)});
    await text('void Promise.reject(new TypeError("forgotten")); 1');
    await new Promise((resolve) => setTimeout(resolve, 10));
    deepStrictEqual([late[0]?.ename, late[0]?.evalue], ['TypeError', 'forgotten']);
  });
});
