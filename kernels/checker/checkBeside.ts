import {fork} from 'node:child_process';
import {join} from 'node:path';
import type {CheckedCell} from './checkNotebooks';

/**
 * Type-checks notebooks in another process.
 *
 * @returns the cells with errors or notes
 * @throws Error when the process fails, e.g. for want of memory
 */
export function checkBeside(root: string, paths: readonly string[], signal?: AbortSignal): Promise<CheckedCell[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'child.ts'), [], {execArgv: ['typescript', 'tsx/cjs']
      .flatMap((name) => ['--require', require.resolve(name)]), stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
    const stop = (): void => void child.kill();
    signal?.addEventListener('abort', stop, {once: true});
    child.once('message', (checked) => resolve(checked as CheckedCell[]));
    child.once('error', reject);
    child.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`the type check of the notebooks ended early (code ${code})`));
    });
    child.send({root, paths});
  });
}
