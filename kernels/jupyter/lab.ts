import {spawn, spawnSync} from 'node:child_process';
import {delimiter, join, resolve} from 'node:path';
import {writeLanguageServer} from './lspSpecification';
import {ownKernelspec, userKernels, writeKernelspec} from './kernelspec';

const ROOT = resolve(__dirname, '../..');

const MISSING = `JupyterLab was not found. Install it with Python, for example:

  python3 -m venv .venv
  .venv/bin/pip install jupyterlab

and run npm run lab again. Without Python, notebooks open in VS Code (Jupyter extension, after npm run kernel:install),
and npm start runs them all and writes HTML.`;

/** Commands that may start JupyterLab, best first. */
const CANDIDATES: readonly (readonly string[])[] = [
  [join(ROOT, '.venv/bin/jupyter'), 'lab'],
  [join(ROOT, '.venv/Scripts/jupyter.exe'), 'lab'],
  ['jupyter', 'lab'],
  ['python3', '-m', 'jupyterlab'],
];

/** `npm run lab`: JupyterLab on the notebooks, with our kernel. */
async function main(args: readonly string[]): Promise<void> {
  const command = CANDIDATES.find(([program, ...rest]) =>
    spawnSync(program, [...rest, '--version'], {stdio: 'ignore'}).status === 0);
  if (!command) {
    console.error(MISSING);
    process.exitCode = 1;
    return;
  }
  await writeKernelspec(userKernels(), ownKernelspec(ROOT));
  const [program, ...rest] = command, settings = join(ROOT, '.cache', 'lab');
  writeLanguageServer(ROOT, settings);
  const paths = [settings, process.env.JUPYTER_CONFIG_PATH ?? ''].filter(Boolean).join(delimiter);
  const child = spawn(program, [...rest, `--notebook-dir=${join(ROOT, 'notebooks')}`, ...args], {
    stdio: 'inherit', cwd: ROOT, env: {...process.env, JUPYTER_CONFIG_PATH: paths},
  });
  process.on('SIGINT', () => undefined);
  child.on('close', (code) => (process.exitCode = code ?? 1));
}

void main(process.argv.slice(2));
