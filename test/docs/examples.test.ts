import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import ts from 'typescript';
import {projectOptions} from '../../kernels/checker/options';
import {examplesIn, moduleOf, printed, promised, type Example} from './examples';

const root = resolve(__dirname, '../..'), folder = join(root, '.cache', `examples-${process.pid}`);
const paths = readdirSync(join(root, 'lib'), {recursive: true, encoding: 'utf8'}).sort();
const files = paths.filter(path => /(?<!\.d)\.ts$/.test(path))
  .map(path => ({path: `lib/${path}`, text: readFileSync(join(root, 'lib', path), 'utf8')}));
const examples = files.flatMap(({path, text}) => examplesIn(path, text));

/** Errors of the compiler in a file, as text. */
function errorsOf(program: ts.Program, path: string): string[] {
  const file = program.getSourceFile(path);
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe(`The ${examples.length} examples of doc comments`, function () {
  this.timeout(300_000);
  const pathOf = (example: Example) => join(folder, `${examples.indexOf(example)}.ts`);
  let program: ts.Program;

  before(() => {
    mkdirSync(folder, {recursive: true});
    for (const example of examples) writeFileSync(pathOf(example), moduleOf(example, '../../lib'));
    program = ts.createProgram(examples.map(pathOf), {...projectOptions(root), noUnusedLocals: true});
  });
  after(() => rmSync(folder, {recursive: true}));

  it('there are at least ten', () => assert.ok(examples.length >= 10, String(examples.length)));

  it('every fence after @example is one of them', () => {
    const tags = files.flatMap(({text}) => [...text.matchAll(/^\s*\*\s*@example\b/gm)]);
    assert.equal(examples.length, tags.length);
  });

  for (const example of examples) {
    it(`${example.of} (${example.place}): passes the type check and prints what it promises`, async () => {
      assert.deepEqual(errorsOf(program, pathOf(example)), []);
      const promises = promised(example.code);
      assert.ok(promises.length > 0, 'an example prints something and says what');
      assert.deepEqual(await printed(pathOf(example)), promises);
    });
  }

  it('an example with a false promise or a type error is found', async () => {
    const [example] = examplesIn('x.ts', [
      '/**', ' * Doubles.', ' * @example', ' * ```ts', " * import {mean} from './lib';",
      ' * console.log(mean([1, 3]));  // 3', ' * const text: string = mean([1]);', ' * ```', ' */',
      'export const twice = 1;', '',
    ].join('\n'));
    assert.deepEqual([example.place, example.of, promised(example.code)], ['x.ts:1', 'twice', ['3']]);
    const path = join(folder, 'seeded.ts');
    writeFileSync(path, moduleOf(example, '../../lib'));
    assert.deepEqual(await printed(path), ['2']);
    const errors = errorsOf(ts.createProgram([path], projectOptions(root)), path);
    assert.match(errors.join(), /'number' is not assignable to type 'string'/);
  });
});
