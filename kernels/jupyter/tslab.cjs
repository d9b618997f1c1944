'use strict';
// Starts tslab for notebooks that import from beside their folder. tslab takes the folder of the notebook for the root
// of all sources and refuses `../lib`; here the root is that of the project. Its converter is changed in memory as it
// is loaded; a version that does not fit is refused.
const Module = require('node:module');
const {resolve, relative, sep} = require('node:path');

const ROOT = resolve(__dirname, '../..').split(sep).join('/');
const inside = relative(ROOT, process.cwd()).split(sep).join('/');

/** Lines of the converter of tslab 1.0.22 and what stands in their place. */
const CHANGES = [
  ['rootDir: cwd,', `rootDir: ${JSON.stringify(ROOT)},`],
  ['normalizeJoin)(outDir, "__tslab__.js")', `normalizeJoin)(outDir, ${JSON.stringify(inside)}, "__tslab__.js")`],
  ['normalizeJoin)(outDir, "__tslab__.d.ts")', `normalizeJoin)(outDir, ${JSON.stringify(inside)}, "__tslab__.d.ts")`],
  ['path: (0, tspath_1.normalizeJoin)(cwd, rel)', `path: (0, tspath_1.normalizeJoin)(${JSON.stringify(ROOT)}, rel)`],
];

if (!inside.startsWith('..')) {
  // before tsx, which would read through it
  require(require.resolve('@tslab/typescript-for-tslab', {paths: [require.resolve('tslab/package.json')]}));
  require('tsx/cjs'); // library files as they are on disk, folders with an index included
  const converter = require.resolve('tslab/dist/converter.js');
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, file) {
    return compile.call(this, file === converter ? changed(source) : source, file);
  };
}

function changed(source) {
  return CHANGES.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2) throw new Error(`tslab: this version is not the one that `
      + `kernels/jupyter/tslab.cjs knows (no single "${before}")`);
    return text.replace(before, () => after);
  }, source);
}

require('tslab/dist/main.js').main();
