'use strict';
// Installs what package-lock.json asks for and node_modules lacks. Uses Node alone: on a clean clone there is nothing
// else.
const {spawnSync} = require('node:child_process');
const {accessSync, constants, existsSync, mkdirSync, readFileSync} = require('node:fs');
const {homedir} = require('node:os');
const {join} = require('node:path');

const OLDEST_NODE = [20, 19];

/** @param {string} root project root */
function ensureInstalled(root) {
  checkNode();
  const missing = firstMissing(root);
  if (!missing) return;
  console.log(`Installing packages (${missing}) ...`);
  const {status} = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error', ...cache(root)], root);
  if (status !== 0) {
    console.error('npm ci failed. The npm registry must be reachable; see the messages above.');
    process.exit(status || 1);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}. See environment.md.`,
  );
  process.exit(1);
}

/** The first package that is not installed as locked, for the message; undefined when all are. npm leaves the record of what it installed. */
function firstMissing(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'none yet';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const found = Object.entries(wanted).find(([path, {version, optional}]) => {
    if (path === '') return false;
    // Packages of other platforms, and optional ones whose installation failed, are rightly absent.
    return installed[path] ? installed[path].version !== version : !optional;
  });
  return found && `${found[0].replace(/^.*node_modules\//, '')} ${found[1].version}`;
}

/** Arguments that give npm a cache of the project's own where its usual one cannot be written. */
function cache(root, usual = process.env.npm_config_cache ?? join(homedir(), '.npm')) {
  try {
    mkdirSync(usual, {recursive: true});
    accessSync(usual, constants.W_OK);
    return [];
  } catch {
    return ['--cache', join(root, '.cache', 'npm')];
  }
}

function npm(args, root) {
  const cli = process.env.npm_execpath;
  const options = {cwd: root, stdio: 'inherit'};
  if (cli && /\.[cm]?js$/.test(cli)) return spawnSync(process.execPath, [cli, ...args], options);
  return spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    ...options, shell: process.platform === 'win32',
  });
}

module.exports = {cache, ensureInstalled};
