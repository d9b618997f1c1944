'use strict';
// Makes the snapshot of the language process: bundles it, runs it up to the point where it is frozen, and puts the file in place whole.
const {spawnSync} = require('node:child_process');
const {readdirSync, renameSync, rmSync} = require('node:fs');
const {setPriority} = require('node:os');
const {basename, dirname, join} = require('node:path');
const {buildSync} = require('esbuild');

const [, , target] = process.argv;
const folder = dirname(target);
const draft = join(folder, `draft-${process.pid}`);
setPriority(10); // the reader's cells come first

try {
  buildSync({entryPoints: [join(__dirname, 'languageSnapshot.ts')], bundle: true, platform: 'node', outfile: `${draft}.js`, logLevel: 'error', absWorkingDir: folder});
  const {status} = spawnSync(process.execPath, ['--snapshot-blob', `${draft}.blob`, '--build-snapshot', `${draft}.js`], {stdio: 'inherit'});
  if (status !== 0) throw new Error('Node could not make a snapshot');
  renameSync(`${draft}.blob`, target);
  for (const name of readdirSync(folder)) {
    if (name.startsWith('language-') && name !== basename(target)) rmSync(join(folder, name), {force: true});
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const ending of ['.js', '.blob']) rmSync(draft + ending, {force: true});
}
