'use strict';
const {spawn} = require('node:child_process');
const {join} = require('node:path');

/**
 * Runs one step and passes its output on.
 *
 * @param {string} root project root
 * @param {readonly string[]} args arguments of node
 * @param {{keep?: boolean, env?: Record<string, string>}} options `keep` returns the output as well
 * @returns {Promise<{code: number, output: string}>}
 */
function runNode(root, args, {keep = false, env = {}} = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root, stdio: ['inherit', keep ? 'pipe' : 'inherit', 'inherit'], env: {...process.env, ...env},
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    // Ctrl-C reaches the child as well, which finishes its files; then we end.
    const wait = () => undefined;
    process.on('SIGINT', wait);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      resolve({code: code ?? (signal === 'SIGINT' ? 130 : 1), output});
    });
  });
}

/** Arguments that run a TypeScript file of the project. */
function typescript(file, ...args) {
  return ['--require', 'tsx/cjs', join('kernels', file), ...args];
}

/** Arguments that write the pages of the library, into `out/api` unless `--out` says otherwise. */
const DOCS = ['node_modules/typedoc/bin/typedoc', '--options', 'test/docs/typedoc.mjs'];

module.exports = {DOCS, runNode, typescript};
