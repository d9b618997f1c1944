'use strict';
// The tasks of package.json: installs what is missing, then runs the one that is named.
const {readdirSync} = require('node:fs');
const {join, resolve} = require('node:path');
const {ensureInstalled} = require('./install.cjs');
const {DOCS, runNode, typescript} = require('./steps.cjs');

const ROOT = resolve(__dirname, '../..');

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const TASKS = {
  'start': (args) => code(typescript('runner/cli.ts', ...args)),
  'notebook': (args) => code(typescript('runner/cli.ts', ...args)),
  'figure': (args) => code(typescript('figures/cli.ts', ...args)),
  'test': (args) => require('./test.cjs').test(ROOT, {jupyter: args.includes('--jupyter')}),
  'test:machine': () => require('./test.cjs').testMachine(ROOT),
  'read': (args) => code(['--require', 'typescript', ...typescript('read/cli.ts', ...args)]),
  'lab': (args) => code(typescript('jupyter/lab.ts', ...args)),
  'kernel:install': (args) => code(typescript('jupyter/install.ts', ...args)),
  'data': (args) => code(['--require', 'tsx/cjs', 'lib/studies/sepsis/sources/program.ts', ...args]),
  'train': (args) => code(['--require', 'tsx/cjs', 'lib/programs/train.ts', ...args]),
  'sweep': (args) => code(['--require', 'tsx/cjs', 'lib/programs/sweep.ts', ...args]),
  'docs': (args) => code([...DOCS, ...args]),
  'bench': bench,
  'bench:kernel': (args) => code(['--require', 'tsx/cjs', 'test/bench/kernel.ts', ...args]),
  'test:jupyter': (args) => code(['--require', 'tsx/cjs', 'test/jupyter/run.ts', ...args]),
};

/** `npm run bench -- graph`: runs `test/bench/graph/index.ts` or `test/bench/graph.ts`; without a name, says which there are. */
function bench([name, ...args]) {
  const folder = join(ROOT, 'test', 'bench');
  const known = readdirSync(folder).filter((entry) => !/^[_.]/.test(entry)).map((entry) => entry.replace(/\.ts$/, ''));
  if (known.includes(name)) return code(['--require', 'tsx/cjs', join(folder, name), ...args]);
  console.error(`Usage: npm run bench -- <name>; the benchmarks are ${known.join(', ')}.`);
  return Promise.resolve(2);
}

async function code(args) {
  return (await runNode(ROOT, args)).code;
}

async function main([name, ...args]) {
  const task = TASKS[name];
  if (!task) {
    console.error(`Unknown task ${name}; the tasks are ${Object.keys(TASKS).join(', ')}.`);
    return 2;
  }
  ensureInstalled(ROOT);
  return task(args);
}

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
