import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {ownKernelspec, tslabKernelspec, writeKernelspec} from '../../kernels/jupyter/kernelspec';

// `npm run test:jupyter`: outside clients and the public conformance suite on our kernel, in a Python environment of its own.

const ROOT = resolve(__dirname, '../..');
const CACHE = join(ROOT, '.cache', 'jupyter');
const PYTHON = join(CACHE, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

function run(command: string, args: readonly string[], env: Record<string, string> = {}): number {
  const {status, error} = spawnSync(command, args, {cwd: __dirname, stdio: 'inherit', env: {...process.env, ...env}});
  if (error) console.error(error.message);
  return status ?? 1;
}

/** Makes the environment, anew when its requirements have changed. */
function ensurePython(): boolean {
  const wanted = readFileSync(join(__dirname, 'requirements.txt'), 'utf8');
  const stamp = join(CACHE, 'requirements.txt');
  if (existsSync(PYTHON) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  mkdirSync(CACHE, {recursive: true});
  const made = run('python3', ['-m', 'venv', join(CACHE, 'venv')]) === 0 && run(PYTHON, ['-m', 'pip', 'install', '-q', '-r', 'requirements.txt']) === 0;
  if (made) writeFileSync(stamp, wanted);
  else console.error('Python 3.9 or newer with venv, and the Python package index, are needed for these tests.');
  return made;
}

async function main(): Promise<number> {
  if (!ensurePython()) return 1;
  const data = join(CACHE, 'data');
  for (const spec of [ownKernelspec(ROOT), tslabKernelspec(ROOT)]) await writeKernelspec(join(data, 'kernels'), spec);
  const codes = ['conformance.py', 'clients.py'].map((file) => run(PYTHON, [file], {JUPYTER_DATA_DIR: data}));
  return codes.every((code) => code === 0) ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
