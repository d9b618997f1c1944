import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

const {cache} = require('../../kernels/tasks/install.cjs') as {cache: (root: string, usual?: string) => string[]};
const ROOT = resolve(__dirname, '../..');

describe('installing packages', () => {
  const npm = (...args: string[]) => {
    const {stdout, stderr} = spawnSync('npm', args, {cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32'});
    return {stdout: stdout.trim(), stderr};
  };

  it('npm knows every setting of .npmrc and warns of none', () => {
    const {stdout, stderr} = npm('config', 'list');
    assert.match(stdout, /ignore-scripts = true/);
    assert.doesNotMatch(stderr, /warn/i);
  });

  it('packages run no scripts, so that nothing comes from a host other than the registry', () =>
    assert.equal(npm('config', 'get', 'ignore-scripts').stdout, 'true'));

  it('gives npm a cache of the project where the usual one cannot be written, and leaves it alone where it can', () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-')), file = join(folder, 'a file');
    try {
      writeFileSync(file, '');
      assert.deepEqual(cache('/project', join(file, '.npm')), ['--cache', join('/project', '.cache', 'npm')]);
      assert.deepEqual(cache('/project', join(folder, 'home', '.npm')), []);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
