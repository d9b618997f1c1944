import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {docProblems} from './docRules';

const root = resolve(__dirname, '../..');

const about = (path: string, text: string) => docProblems(path, text).map(problem => problem.replace(/^.*?: /, ''));

describe('Doc comments of lib/', () => {
  const files = readdirSync(join(root, 'lib'), {recursive: true, encoding: 'utf8'})
    .map(path => `lib/${path.replaceAll('\\', '/')}`).filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'));

  it('there are files to look at', () => assert.ok(files.length > 200, String(files.length)));

  it('say what is thrown, where models and data come from, and the shapes of what is taken', () => {
    assert.deepEqual(files.flatMap(path => docProblems(path, readFileSync(join(root, path), 'utf8'))), []);
  });
});

describe('The rule on @throws', () => {
  const missing: readonly [string, string][] = [
    ['a throw', 'export function f() { throw new Error(); }'],
    ['expect', "export function f(n: number) { expect(n > 0, {fn: 'f'}); }"],
    ['a check of its kind', "export const f = (n: number) => { expectWhole('f', {n}); };"],
    [
      'a helper of the file',
      'export function f() { g(); }\nfunction g() { h(); }\nconst h = () => { throw new Error(); };',
    ],
    ['what is thrown again', 'export function f() { try { g(); } catch (error) { throw error; } }'],
    [
      'a throw in what is called back',
      'export function f(x: number[]) { x.forEach(v => { if (v) throw new Error(); }); }',
    ],
    [
      'an overloaded function',
      '/** One. */\nexport function f(): number;\nexport function f(n?: number) { throw new Error(); }',
    ],
    ['a method', 'export class C { f() { throw new Error(); } }'],
    ['a constructor', 'export class C { constructor() { throw new Error(); } }'],
    ['an async function', 'export async function f() { throw new Error(); }'],
  ];
  for (const [what, text] of missing) it(`finds ${what}`, () =>
    assert.match(about('lib/math/x.ts', text).join(), /throws; say when: @throws/));

  const fine: readonly [string, string][] = [
    ['says so', '/** Does it. @throws Error always */\nexport function f() { throw new Error(); }'],
    [
      'says so of its first overload',
      '/** @throws Error */\nexport function f(): number;\nexport function f(n?: number) { throw new Error(); }',
    ],
    ['does nothing else, and says so', '/** Throws unless n. */\nexport function f(n: number) { expect(n, {}); }'],
    ['catches a rejection', 'export const f = () => g().catch(() => 1);\nfunction g() { throw new Error(); }'],
    [
      'makes a throwing function of a helper only',
      'export const f = () => { g(); };\nconst g = () => { return () => { throw new Error(); }; };',
    ],
    ['catches what it throws', 'export function f() { try { throw new Error(); } catch { return 1; } }'],
    ['is not handed out', 'function f() { throw new Error(); }\nexport const g = 1;'],
    ['throws nothing', 'export function f() { return 1; }'],
    ['keeps a throwing method to itself', 'export class C { private f() { throw new Error(); } }'],
  ];
  for (const [what, text] of fine) it(`passes what ${what}`, () => assert.deepEqual(about('lib/math/x.ts', text), []));

  it('a comment further up is not the function\'s own', () => {
    assert.equal(about(
      'lib/math/x.ts', '/** @throws Error */\nexport const a = 1;\nexport function f() { throw new Error(); }',
    ).length, 1);
  });
});

describe('The rule on sources', () => {
  it('finds models and simulators without @reference or @paper', () => {
    assert.match(about('lib/models/x.ts', 'export function x(): Network<X> { return y; }')
      .join(), /where it comes from/);
    assert.match(about('lib/models/x.ts', 'export const x = (): Forecaster => y;').join(), /where it comes from/);
    assert.match(about('lib/studies/a/x.ts', 'export function x(): WardCohort { return y; }')
      .join(), /where it comes from/);
    assert.match(about('lib/studies/a/x.ts', 'export function x(): Trajectories { return y; }')
      .join(), /where it comes from/);
  });

  it('passes those that have one, and what is neither', () => {
    assert.deepEqual(about(
      'lib/models/x.ts', '/** @paper eq. (5) */\nexport function x(): Network<X> { return y; }',
    ), []);
    assert.deepEqual(about('lib/models/x.ts', '/** @reference A 2020 */\nexport const x = (): Forecaster => y;'), []);
    assert.deepEqual(about('lib/models/x.ts', 'export function x(): NetworkSizes { return y; }'), []);
    assert.deepEqual(about('lib/data/x.ts', 'export function x(): Trajectories { return y; }'), []);
  });
});

describe('The rule on shapes', () => {
  const missing: readonly string[] = [
    '/** Doubles. */\nexport function f(x: tf.Tensor2D) { return x; }',
    '/** Doubles, in [0, 1]. */\nexport const f = (x: NdArray) => x;',
    'export interface I {\n  /** Values. */\n  readonly x: tf.Tensor3D;\n}',
    '/** Doubles. */\nexport function f(x: readonly tf.Tensor[]) { return x; }',
  ];
  for (const text of missing) it(`finds ${text.split('\n')[1] ?? text}`, () =>
    assert.match(about('lib/nn/x.ts', text).join(), /give its shape/));

  const fine: readonly string[] = [
    '/** Doubles `x [batch, dim]`. */\nexport function f(x: tf.Tensor2D) { return x; }',
    '/**\n * Doubles.\n * @param x `[N]`\n */\nexport const f = (x: NdArray) => x;',
    '/** Each `[batch, h]`. */\nexport interface I {\n  readonly x: tf.Tensor2D;\n}',
    '/** Twice. */\nexport function f(x: number, y: Tensors<P>, z: tf.Scalar) { return x; }',
    '/** Makes one. */\nexport function f(): tf.Tensor2D { return x; }',
  ];
  for (const text of fine) it(`passes ${text.split('\n').slice(0, 2).join(' ')}`, () =>
    assert.deepEqual(about('lib/nn/x.ts', text), []));
});
