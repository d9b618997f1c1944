import {cpSync, existsSync, mkdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {writeWhole} from '../../lib/files';

/** A kernel as Jupyter finds it: a folder with `kernel.json` and logos. */
export interface Kernelspec {
  readonly name: string;
  readonly displayName: string;
  /** Command line; Jupyter puts the connection file in place of `{connection_file}`. */
  readonly argv: readonly string[];
  readonly interruptMode: 'message' | 'signal';
  /** Whether it encrypts what it says when the connection file has keys for it. */
  readonly encrypted?: boolean;
}

/** Our kernel. @param root project root */
export function ownKernelspec(root: string): Kernelspec {
  const argv = [process.execPath, join(root, 'kernels/jupyter/start.cjs'), '{connection_file}'];
  return {name: 'obsnode', displayName: 'TypeScript (obsnode)', argv, interruptMode: 'message', encrypted: true};
}

/** tslab, as installed with the project, started so that it finds the library. */
export function tslabKernelspec(root: string): Kernelspec {
  const argv =
    [process.execPath, join(root, 'kernels/jupyter/tslab.cjs'), 'kernel', '--config-path', '{connection_file}'];
  return {name: 'tslab', displayName: 'TypeScript (tslab)', argv, interruptMode: 'signal'};
}

/**
 * Where Jupyter looks for the user's kernels.
 *
 * @param env environment; `JUPYTER_DATA_DIR` and `APPDATA` are respected
 */
export function userKernels(
  env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform,
): string {
  if (env.JUPYTER_DATA_DIR) return join(env.JUPYTER_DATA_DIR, 'kernels');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Jupyter', 'kernels');
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter', 'kernels');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter', 'kernels');
}

/** Writes a kernelspec. @param folder that holds the kernels @returns its own folder */
export async function writeKernelspec(
  folder: string, {name, displayName, argv, interruptMode, encrypted = false}: Kernelspec,
): Promise<string> {
  const target = join(folder, name);
  mkdirSync(target, {recursive: true});
  const json = {
    argv, display_name: displayName, language: 'typescript', interrupt_mode: interruptMode,
    metadata: {debugger: false, ...(encrypted ? {supported_encryption: 'curve'} : {})},
  };
  writeWhole(join(target, 'kernel.json'), `${JSON.stringify(json, null, 1)}\n`);
  const logos = join(__dirname, 'logos');
  if (existsSync(logos)) cpSync(logos, target, {recursive: true});
  return target;
}
