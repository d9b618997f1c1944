import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {delimiter, join, resolve} from 'node:path';

/** Folder of the Python environment and of what its programs write. */
export const PYTHON_FOLDER = resolve(__dirname, '../../.cache/jupyter');

const PYTHON = join(PYTHON_FOLDER, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Python with the packages of requirements.txt, or what is missing for it. */
export interface PythonEnvironment {
  readonly path: string;
  readonly lacks?: string;
}

/** Makes the environment, anew when its requirements have changed. */
export function ensurePython(): PythonEnvironment {
  const wanted = readFileSync(join(__dirname, 'requirements.txt'), 'utf8');
  const stamp = join(PYTHON_FOLDER, 'requirements.txt');
  if (existsSync(PYTHON) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return {path: PYTHON};
  mkdirSync(PYTHON_FOLDER, {recursive: true});
  rmSync(join(PYTHON_FOLDER, 'venv'), {recursive: true, force: true});
  if (!succeeds('python3', ['-m', 'venv', join(PYTHON_FOLDER, 'venv')]))
    return {path: PYTHON, lacks: 'no Python 3 with venv (Debian: apt-get install python3-venv)'};
  if (!succeeds(PYTHON, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', join(
    __dirname, 'requirements.txt',
  )])) {
    return {path: PYTHON, lacks: 'the Python packages of test/jupyter/requirements.txt could not be installed'};
  }
  writeFileSync(stamp, wanted);
  return {path: PYTHON};
}

function succeeds(command: string, args: readonly string[]): boolean {
  const {status, error} = spawnSync(command, args, {stdio: ['ignore', 'inherit', 'inherit']});
  if (error) console.error(error.message);
  return status === 0;
}

/** The Chromium of the system: Playwright's own is not downloaded. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
