'use strict';
// Makes the snapshot of the language process: bundles it, runs it up to the point where it is frozen, and puts the file
// in place whole.
const {spawn} = require('node:child_process');
const {readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} = require('node:fs');
const {setPriority} = require('node:os');
const {basename, dirname, join} = require('node:path');

const [, , target] = process.argv;
const folder = dirname(target);
const lock = `${target}.lock`;
const draft = join(folder, `draft-${process.pid}`);

/** Age in ms at which a file was left behind by a builder that is gone. */
const STALE = 120_000;

/** Time in ms between the making of a lock and its owner's number in it. */
const MOMENT = 2000;

/** @returns {boolean} whether no other process is making this snapshot; a lock whose owner is gone is taken over */
function take() {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), {flag: 'wx'});
      return true;
    } catch {
      if (isHeld()) return false;
      rmSync(lock, {force: true});
    }
  }
  return false;
}

/** A session that ends early takes its builder with it, wherever that is. */
function isHeld() {
  const stat = statSync(lock, {throwIfNoEntry: false});
  const owner = stat ? Number(readFileSync(lock, 'utf8')) : 0;
  try {
    // A lock without an owner is being written, or was made by an older version.
    return owner > 0
      ? process.kill(owner, 0) && Date.now() - stat.mtimeMs < STALE
      : Boolean(stat) && Date.now() - stat.mtimeMs < MOMENT;
  } catch {
    return false;
  }
}

/** Removes what an earlier version, or a builder that was ended, has left. */
function tidy(keep) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const isOld = Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now()) > STALE;
    if ((name.startsWith('language-') && !name.startsWith(keep)) || (name.startsWith('draft-') && isOld))
      rmSync(path, {force: true});
  }
}

function freeze() {
  const {buildSync} = require('esbuild');
  buildSync({
    entryPoints: [join(__dirname, 'languageSnapshot.ts')], bundle: true, platform: 'node', outfile: `${draft}.js`,
    logLevel: 'error', absWorkingDir: folder,
  });
  const child = spawn(process.execPath, ['--snapshot-blob', `${draft}.blob`, '--build-snapshot', `${draft}.js`], {
    stdio: 'ignore',
  });
  const stop = () => child.kill('SIGKILL');
  process.on('SIGTERM', stop);
  return new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)));
}

async function main() {
  if (!take()) return;
  try {
    setPriority(10); // the reader's cells come first
    if (await freeze()) renameSync(`${draft}.blob`, target);
    else process.exitCode = 1;
    tidy(basename(target));
  } finally {
    for (const path of [`${draft}.js`, `${draft}.blob`, lock]) rmSync(path, {force: true});
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
