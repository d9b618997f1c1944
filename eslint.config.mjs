import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Randomness comes from an `Rng` argument only, so that equal seeds give equal numbers. */
const unseeded = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Take an `Rng` argument (lib/math/rng.ts): unseeded numbers cannot be reproduced.',
  },
  {
    selector:
      'CallExpression[callee.object.name="tf"][callee.property.name=/^(random[A-Z]\\w*|truncatedNormal|multinomial|rand|dropout)$/]',
    message: 'Draw with lib/math/rng.ts and make a tensor of it: generators of TensorFlow.js differ from back end '
      + 'to back end.',
  },
  {
    selector: "CallExpression[callee.object.object.name='tf'][callee.object.property.name='initializers']",
    message: 'Draw initial weights with lib/math/rng.ts.',
  },
];

/**
 * Lines fit beside each other on one screen and in a printed page. Excepted is what cannot be broken: addresses, and a
 * regular expression or string that has its line for itself. A string within other code can have one: it is no excuse.
 */
const lineLength = {
  code: 120,
  ignoreUrls: true,
  ignorePattern: String.raw`^\s*(\/.+\/[dgimsuvy]*|'[^']+'|"[^"]+"|\x60[^\x60]+\x60)[,;)]*$`,
};

export default tseslint.config(
  // Notebooks' cells are checked by the notebook checker and by test/lint/notebooks.test.ts.
  {ignores: ['node_modules/', 'out/', 'coverage/', 'data/', 'notebooks/', '.cache/', '**/.venv/', '**/*.d.ts']},
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      'eqeqeq': ['error', 'always', {null: 'ignore'}],
      'max-len': ['error', lineLength],
      'max-params': ['error', 4],
      'no-restricted-syntax': ['error', ...unseeded],
      'no-warning-comments': ['error', {terms: ['todo', 'fixme', 'xxx']}],
      'prefer-const': ['error', {destructuring: 'all'}],
      '@typescript-eslint/no-unused-vars':
        ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_'}],
      // Heavy packages are loaded where they are first needed.
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {parserOptions: {project: './tsconfig.json', tsconfigRootDir: import.meta.dirname}},
    rules: {'@typescript-eslint/no-floating-promises': 'error'},
  },
  {
    files: ['**/*.{cjs,mjs}'],
    languageOptions: {globals: Object.fromEntries([
      'console', 'process', 'Buffer', 'URL', '__dirname', '__filename', 'setTimeout', 'clearTimeout', 'setInterval',
      'clearInterval',
    ].map(name => [name, 'readonly']))},
  },
  {files: ['**/*.cjs'], languageOptions: {sourceType: 'commonjs'}},
  {
    files: ['lib/**/*.ts', 'kernels/**/*.ts'],
    rules: {
      'max-lines': ['error', {max: 400}],
      'max-lines-per-function': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
      'max-depth': ['error', 5],
    },
  },
  {files: ['lib/**/*.ts'], ignores: ['lib/notebook/**'], rules: {'no-console': 'error'}},
  // Coefficients stand as printed in their sources, with more digits than a double holds.
  {files: ['lib/ode/**/*.ts', 'lib/math/**/*.ts', 'test/**/*.ts'], rules: {'no-loss-of-precision': 'off'}},
);
