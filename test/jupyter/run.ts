import {spawnSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {ownKernelspec, tslabKernelspec, writeKernelspec} from '../../kernels/jupyter/kernelspec';
import {ensurePython, findBrowser, PYTHON_FOLDER} from './python';

// `npm run test:jupyter`: outside clients, the public conformance suite and JupyterLab in a browser, in a Python
// environment of its own.

const ROOT = resolve(__dirname, '../..');

/** Where a missing tool is a failure rather than a reason to skip. */
const REQUIRED = process.env.OBSNODE_REQUIRE_JUPYTER === '1';

interface Suite {
  readonly file: string;
  /** What it lacks here; undefined when it can run. */
  readonly lacks?: string;
}

interface Sum {
  passed: number;
  failed: number;
  skipped: number;
}

function runSuite(python: string, file: string, env: Record<string, string>): Omit<Sum, 'skipped'> {
  const {status, stderr} = spawnSync(python, [file], {
    cwd: __dirname, stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8', env: {...process.env, ...env},
  });
  process.stderr.write(stderr);
  const ran = Number(/^Ran (\d+) test/m.exec(stderr)?.[1] ?? 0);
  const bad = Array.from(stderr.matchAll(/(?:failures|errors)=(\d+)/g)).reduce((sum, [, n]) => sum + Number(n), 0);
  const skipped = Number(/skipped=(\d+)/.exec(stderr)?.[1] ?? 0);
  // A suite that ended without a failed test, or without any test, is broken all the same.
  const failed = (status === 0 && ran > 0) ? 0 : Math.max(1, bad);
  return {passed: Math.max(0, ran - skipped - bad), failed};
}

async function main(): Promise<number> {
  const sum: Sum = {passed: 0, failed: 0, skipped: 0};
  const python = ensurePython();
  const browser = findBrowser();
  const data = join(PYTHON_FOLDER, 'data');
  const pictures = join(ROOT, 'out', 'jupyter');
  mkdirSync(pictures, {recursive: true});
  for (const spec of [ownKernelspec(ROOT), tslabKernelspec(ROOT)]) await writeKernelspec(join(data, 'kernels'), spec);
  const env = {JUPYTER_DATA_DIR: data, JUPYTER_CONFIG_DIR: join(PYTHON_FOLDER, 'config'), OBSNODE_PICTURES: pictures};
  const suites: Suite[] = [
    {file: 'conformance.py'}, {file: 'clients.py'}, {file: 'features.py'},
    {file: 'lab.py', ...(browser ? {} : {lacks: 'no Chromium or Chrome'})},
  ];
  for (const {file, lacks = python.lacks} of suites) {
    console.log(`\n-- ${file}`);
    if (lacks) {
      console.log(`${REQUIRED ? 'FAILED' : 'skipped'}: ${lacks}`);
      sum[REQUIRED ? 'failed' : 'skipped']++;
      continue;
    }
    const start = performance.now();
    const {passed, failed} = runSuite(python.path, file, env);
    sum.passed += passed;
    sum.failed += failed;
    console.log(`-- ${file}: ${failed === 0 ? 'ok' : 'FAILED'} (${Math.round((performance.now() - start) / 1000)} s)`);
  }
  console.log(`\njupyter: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed > 0 ? 1 : 0;
}

void main().then((code) => {
  process.exitCode = code;
});
