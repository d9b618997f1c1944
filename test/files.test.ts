import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {writeWhole} from '../lib/files';

describe('writeWhole', () => {
  let dir: string;
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'obsnode-')); });
  afterEach(() => rmSync(dir, {recursive: true}));

  it('writes and replaces a file and leaves nothing beside it', () => {
    const path = join(dir, 'a.txt');
    writeWhole(path, 'first');
    writeWhole(path, Uint8Array.of(104, 105));
    assert.equal(readFileSync(path, 'utf8'), 'hi');
    assert.deepEqual(readdirSync(dir), ['a.txt']);
  });

  it('leaves nothing when the folder does not exist', () => {
    assert.throws(() => writeWhole(join(dir, 'no', 'a.txt'), 'x'), {code: 'ENOENT'});
    assert.deepEqual(readdirSync(dir), []);
  });

  it('keeps the old file when the new one is cut off by a limit, as on a full disk', function () {
    if (process.platform === 'win32') {
      console.log('      skipped: Windows has no file size limit for a process');
      this.skip();
    }
    const path = join(dir, 'a.txt');
    writeWhole(path, 'old');
    // The shell limits the size of files to 64 blocks of 512 or 1024 bytes; the write of a megabyte stops part of the
    // way.
    const script =
      `require('tsx/cjs'); process.on('SIGXFSZ', () => {}); try { require('./lib/files').writeWhole(${JSON.stringify(path)}, 'n'.repeat(1e6)); } catch (error) { console.log(error.code); }`;
    const output = execFileSync('sh', ['-c', 'ulimit -f 64; exec "$0" -e "$1"', process.execPath, script], {
      cwd: join(__dirname, '..'), encoding: 'utf8',
    });
    assert.equal(output.trim(), 'EFBIG');
    assert.equal(readFileSync(path, 'utf8'), 'old');
    assert.deepEqual(readdirSync(dir), ['a.txt']);
  });
});
