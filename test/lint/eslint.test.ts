import assert from 'node:assert/strict';
import {resolve} from 'node:path';
import {ESLint} from 'eslint';

// With CI set, typescript-eslint would read these files from disk once and never look at the made-up texts.
process.env.TSESTREE_SINGLE_RUN = 'false';

/** The project's own lint over a program of two files: the whole project would be built anew for each made-up text. */
const eslint = new ESLint({
  cwd: resolve(__dirname, '../..'),
  overrideConfig:
    [{files: ['**/*.ts'], languageOptions: {parserOptions: {project: resolve(__dirname, 'fixtures/tsconfig.json')}}}],
});

/** Rules that `text` breaks when it stands in the file `path`. */
async function broken(path: string, text: string): Promise<string[]> {
  const [{messages}] = await eslint.lintText(text, {filePath: path});
  return [...new Set(messages.map(({ruleId, message}) => ruleId ?? message))];
}

const library = 'lib/errors.ts', test = 'test/lint/fixtures/promises.ts';

describe('The lint', () => {
  const seeded: readonly [string, string, string, string][] = [
    ['Math.random', library, 'export const x = Math.random();\n', 'no-restricted-syntax'],
    ['Math.random in a test', test, 'export const x = Math.random();\n', 'no-restricted-syntax'],
    [
      'tf.randomNormal', library, "import * as tf from '@tensorflow/tfjs';\nexport const x = tf.randomNormal([2]);\n",
      'no-restricted-syntax',
    ],
    [
      'tf.truncatedNormal', library,
      "import * as tf from '@tensorflow/tfjs';\nexport const x = tf.truncatedNormal([2]);\n", 'no-restricted-syntax',
    ],
    [
      'initialisers of TensorFlow.js', library,
      "import * as tf from '@tensorflow/tfjs';\nexport const x = tf.initializers.glorotNormal({});\n",
      'no-restricted-syntax',
    ],
    ['console in the library', library, "console.log('x');\n", 'no-console'],
    ['unused variables', library, 'export function f() {\n  const x = 1;\n}\n', '@typescript-eslint/no-unused-vars'],
    [
      'a promise that nobody waits for', library, 'export function f() {\n  Promise.resolve(1);\n}\n',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'a promise that nobody waits for in a test', test, 'Promise.resolve(1);\n',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'a function of 61 lines', library, `export function f() {\n${'  void 0;\n'.repeat(59)}}\n`,
      'max-lines-per-function',
    ],
    ['a file of 401 lines', library, 'export {};\n'.repeat(401), 'max-lines'],
    ['unfinished business', library, `export {}; // ${'TO'}${'DO'}: later\n`, 'no-warning-comments'],
    ['a line of 121 characters', library, `export const a = '${'x'.repeat(101)}';\n`, 'max-len'],
    ['a line of 121 characters in a test', test, `export const a = '${'x'.repeat(101)}';\n`, 'max-len'],
    ['a long string in other code', library, `export const a = ['${'x'.repeat(120)}', 1];\n`, 'max-len'],
    [
      'a function of five parameters', library,
      'export const f = (a = 1, b = 2, c = 3, d = 4, e = 5) => a + b + c + d + e;\n', 'max-params',
    ],
    ['==', library, 'export const f = (a: number) => a == 1;\n', 'eqeqeq'],
  ];
  for (const [what, path, text, rule] of seeded) {
    it(`refuses ${what}`, async () => assert.deepEqual(await broken(path, text), [rule]));
  }

  it('allows lines of 120 characters, and what cannot be broken on a line of its own', async () => {
    const alone = [`'${'x'.repeat(130)}'`, `/${'x'.repeat(130)}/`, `\`${'x'.repeat(130)}\``];
    assert.deepEqual(await broken(library, `export const a = '${'x'.repeat(100)}';\n`), []);
    for (const value of alone) assert.deepEqual(await broken(library, `export const a = [\n  ${value},\n];\n`), []);
    assert.deepEqual(await broken(library, `// https://example.org/${'x'.repeat(120)}\nexport {};\n`), []);
    assert.deepEqual(await broken(library, 'export const f = (a = 1, b = 2, c = 3, d = 4) => a + b + c + d;\n'), []);
  });

  it('holds kernels/ to the same sizes, and lets lib/notebook alone print', async () => {
    const rules = async (path: string) =>
      ((await eslint.calculateConfigForFile(path)) as {rules: Record<string, [number, ...unknown[]]>}).rules;
    assert.deepEqual((await rules('kernels/x.ts'))['max-lines'], (await rules('lib/x.ts'))['max-lines']);
    assert.equal((await rules('lib/models/x.ts'))['no-console'][0], 2);
    assert.equal((await rules('lib/notebook/x.ts'))['no-console'], undefined);
  });

  it('allows functions of 60 lines, files of 400 and == null', async () => {
    const sixty = `export function f(a?: number) {\n  if (a == null) return;\n${'  void 0;\n'.repeat(57)}}\n`;
    assert.deepEqual(await broken(library, sixty), []);
    assert.deepEqual(await broken(library, 'export {};\n'.repeat(400)), []);
  });
});
