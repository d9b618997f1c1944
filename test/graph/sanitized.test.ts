import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {promisify} from 'node:util';

const ROOT = join(__dirname, '../..');
const FILES = ['edges', 'kernels', 'native'].map(name => join('test', 'graph', `${name}.test.ts`));
/** All tests of the engine in C but those of the whole step W, which would take minutes. */
const TESTS =
  'by the engine in C|recorded kernels|graph: the engine in C (?!computes one|keeps close|many workers|leaves the calling|without a C)';
const CHECKS = '-fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -g';

/** Where the compiler keeps its address checker, if there are a compiler and a checker that can be loaded before a program. */
function checkerOf(compiler: string): string | undefined {
  try {
    const path = execFileSync(compiler, ['-print-file-name=libasan.so'], {encoding: 'utf8', stdio: [
      'ignore', 'pipe', 'ignore',
    ]}).trim();
    return isAbsolute(path) && process.platform === 'linux' ? path : undefined;
  } catch {
    return undefined;
  }
}

describe('graph: the engine in C under the checks of its compiler', () => {
  let place = '';
  before(() => { place = mkdtempSync(join(tmpdir(), 'obsnode-sanitized-')); });
  after(() => rmSync(place, {recursive: true, force: true}));

  it('reads and writes no memory that is not its own, and does nothing that C leaves undefined', async function () {
    this.timeout(600_000);
    const compiler = process.env.CC ?? 'cc', checker = checkerOf(compiler);
    if (!checker) {
      console.log('      skipped: no C compiler with a shared address checker (libasan)');
      return this.skip();
    }
    const checking = join(place, 'cc');
    writeFileSync(checking, `#!/bin/sh\nexec '${compiler}' ${CHECKS} "$@" -O1\n`);
    chmodSync(checking, 0o755);
    // The program that loads the engine has no checks of its own, so that leaks of that one are none of ours.
    const env = {
      ...process.env, CC: checking, OBSNODE_CACHE: place, OBSNODE_REQUIRE_NATIVE: '1', LD_PRELOAD: checker,
      ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1',
    };
    const mocha = [
      join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--import=tsx', '--timeout', '300000', '--reporter',
      'dot', '--grep', TESTS, ...FILES,
    ];
    const {stdout} = await promisify(execFile)(process.execPath, mocha, {cwd: ROOT, env, maxBuffer: 1 << 26})
      .catch((error: {stdout: string; stderr: string}) =>
        assert.fail(`${error.stderr}\n${error.stdout}`.slice(0, 4000)));
    const passed = Number(/(\d+) passing/.exec(stdout)?.[1]);
    assert.ok(passed > 250, `${passed} tests passed`);
    assert.doesNotMatch(stdout, /pending/);
  });
});
