'use strict';
const {existsSync, readdirSync, readFileSync} = require('node:fs');
const {join} = require('node:path');
const {DOCS, runNode, typescript} = require('./steps.cjs');

/** The Python environment of `npm run test:jupyter`; where it is, ONNX files are checked in it too. */
const PYTHON = join('.cache', 'jupyter', 'venv', 'bin', 'python');

/**
 * Steps of `npm test`, in order of what they cost; all are run, so that one report says everything. Those marked
 * `jupyter` need `npm test -- --jupyter`.
 */
const STEPS = [
  {name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']},
  {name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.']},
  {name: 'layers', args: ['test/lint/cruise.mjs', 'lib', 'notebooks', 'kernels', 'test'], unfit: unfitForCruiser},
  {name: 'docs', args: [...DOCS, '--out', 'out/test/api']},
  {name: 'python', args: ['--require', 'tsx/cjs', 'test/jupyter/prepare.ts'], jupyter: true},
  {name: 'mocha', args: ['node_modules/mocha/bin/mocha.js'], count: countMocha},
  {
    name: 'notebooks', args: typescript('runner/cli.ts', '--out', 'out/test', '--profile', 'quick'),
    count: countNotebooks,
  },
  {name: 'jupyter', args: ['--require', 'tsx/cjs', 'test/jupyter/run.ts'], count: countJupyter, jupyter: true},
];

/**
 * Runs all steps and prints the sum.
 *
 * @param {{jupyter?: boolean}} options `jupyter` runs the tests with outside clients and a browser as well
 * @returns {Promise<number>} exit code
 */
function test(root, {jupyter = false} = {}) {
  return runSteps(root, STEPS.filter((step) => jupyter || !step.jupyter));
}

/**
 * Runs what depends on the machine: the files with tests that may be skipped (for want of data, a compiler, a driver,
 * Python), pages in a browser, the notebooks that compare with published data, and Jupyter. What everybody has,
 * `npm test` has covered.
 *
 * @returns {Promise<number>} exit code
 */
function testMachine(root) {
  const {timeout} = JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8'));
  const files = readdirSync(join(root, 'test'), {recursive: true}).map((file) => join('test', file)).filter((file) =>
    file.endsWith('.test.ts'));
  const skipping = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('.skip()'));
  const comparing = readdirSync(join(root, 'notebooks')).filter((file) =>
    file.endsWith('.ipynb') && readFileSync(join(root, 'notebooks', file), 'utf8').includes('hasData('));
  return runSteps(root, [
    step('python'),
    {
      ...step('mocha'),
      args: [...step('mocha').args, '--no-config', '--node-option=import=tsx', `--timeout=${timeout}`, ...skipping],
      env: {OBSNODE_MACHINE: '1'},
    },
    ...comparing.map((file) => ({
      name: file, args: typescript('runner/cli.ts', file, '--out', 'out/machine', '--profile', 'quick'),
      count: countNotebooks,
    })),
    step('jupyter'),
  ]);
}

const step = (name) => STEPS.find((each) => each.name === name);

/** dependency-cruiser takes what follows a # in the name of a folder above for part of an address. */
function unfitForCruiser(root) {
  return root.includes('#') ? 'dependency-cruiser cannot work below a folder with # in its name' : undefined;
}

async function runSteps(root, steps) {
  const total = {passed: 0, failed: 0, skipped: 0};
  const broken = [];
  for (const {name, args, count = countStep, unfit, env} of steps) {
    console.log(`\n== ${name}`);
    const reason = unfit?.(root);
    if (reason) {
      console.log(`== ${name}: skipped, ${reason}`);
      total.skipped += 1;
      continue;
    }
    const start = Date.now();
    const {code, output} = await runNode(root, args, {keep: true, env: {FORCE_COLOR: '0', ...pythonOf(root), ...env}});
    if (code === 130) return 130;
    const result = count(output, code);
    // A step that ended badly without a failed test (a crash, a file that does not load) is a failure too.
    if (code !== 0 && result.failed === 0) result.failed = 1;
    if (code !== 0) broken.push({name, output});
    for (const key of Object.keys(total)) total[key] += result[key] ?? 0;
    console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${Math.round((Date.now() - start) / 1000)} s)`);
  }
  for (const {name, output} of broken) console.log(`\n== ${name}, what failed once more\n${failuresIn(output)}`);
  if (broken.length > 0) console.log(`\nFailed: ${broken.map(({name}) => name).join(', ')}`);
  console.log(
    `\ntests: ${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
  );
  return total.failed > 0 ? 1 : 0;
}

/** Which Python checks ONNX files: the reader's choice, else the environment of the Jupyter tests. */
function pythonOf(root) {
  const path = join(root, PYTHON);
  return !process.env.OBSNODE_PYTHON && existsSync(path) ? {OBSNODE_PYTHON: path} : {};
}

function countJupyter(output) {
  const found = /^jupyter: (\d+) passed, (\d+) failed, (\d+) skipped/m.exec(output);
  return {passed: Number(found?.[1] ?? 0), failed: Number(found?.[2] ?? 0), skipped: Number(found?.[3] ?? 0)};
}

/** What a step printed of its failures: mocha's list and what follows it, else the last lines. */
function failuresIn(output) {
  const lines = output.split('\n');
  const first = lines.findIndex((line) => /^\s*\d+ failing$/.test(line));
  return (first >= 0 ? lines.slice(first) : lines.slice(-40)).slice(0, 120).join('\n').trimEnd();
}

function countStep(_output, code) {
  return code === 0 ? {passed: 1, failed: 0} : {passed: 0, failed: 1};
}

function countMocha(output) {
  const number = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  return {passed: number('passing'), failed: number('failing'), skipped: number('pending')};
}

function countNotebooks(output) {
  const found = /^notebooks \(\w+\): (\d+) passed, (\d+) failed/m.exec(output);
  return {passed: Number(found?.[1] ?? 0), failed: Number(found?.[2] ?? 0)};
}

module.exports = {test, testMachine};
