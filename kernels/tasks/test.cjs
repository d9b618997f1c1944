'use strict';
const {runNode, typescript} = require('./steps.cjs');

const DEPCRUISE = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';

/** Steps of `npm test`, in order of what they cost; all are run, so that one report says everything. */
const STEPS = [
  {name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']},
  {name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.']},
  {name: 'layers', args: [DEPCRUISE, '--config', '.dependency-cruiser.cjs', 'lib', 'notebooks', 'kernels', 'test']},
  {name: 'mocha', args: ['node_modules/mocha/bin/mocha.js'], count: countMocha},
  {name: 'notebooks', args: typescript('runner/cli.ts', '--out', 'out/test', '--profile', 'quick'), count: countNotebooks},
];

/** Runs all steps and prints the sum. @returns {Promise<number>} exit code */
async function test(root) {
  const total = {passed: 0, failed: 0, skipped: 0};
  const broken = [];
  for (const {name, args, count = countStep} of STEPS) {
    console.log(`\n== ${name}`);
    const start = Date.now();
    const {code, output} = await runNode(root, args, {keep: true, env: {FORCE_COLOR: '0'}});
    if (code === 130) return 130;
    const result = count(output, code);
    // A step that ended badly without a failed test (a crash, a file that does not load) is a failure too.
    if (code !== 0 && result.failed === 0) result.failed = 1;
    if (code !== 0) broken.push(name);
    for (const key of Object.keys(total)) total[key] += result[key] ?? 0;
    console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${Math.round((Date.now() - start) / 1000)} s)`);
  }
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
  console.log(`\ntests: ${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  return total.failed > 0 ? 1 : 0;
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

module.exports = {test};
