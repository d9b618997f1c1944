import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {Engine} from './engine';

/** What a program says once it has run its first steps. */
interface Ready {
  readonly version: string;
  readonly start_s: number;
  readonly losses: readonly number[];
}

/**
 * An engine in a process of its own, which says `ready {...}` and then answers each number of steps with their time on
 * the clock and of the processor, in milliseconds. @throws Error when it ends before that, e.g. for want of a package.
 */
export async function remote(
  name: string, command: string, args: readonly string[], note: (ready: Ready) => string,
): Promise<Engine> {
  const child = spawn(command, args, {stdio: 'pipe', env: {...process.env, PYTHONDONTWRITEBYTECODE: '1'}});
  const ended = new Promise<void>(resolve =>
    child.once('close', () => resolve()).once('error', error => { said = error.message; resolve(); }));
  let said = '';
  child.stderr.on('data', (text: Buffer) => { said = `${said}${text.toString()}`.slice(-500); });
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const next = async () => {
    const {value, done} = await lines.next();
    if (!done) return value as string;
    await ended;
    throw new Error(`${name} ended: ${said.trim().split('\n').at(-1)}`);
  };
  const ready = JSON.parse((await next()).replace(/^ready /, '')) as Ready;
  return {
    name,
    losses: ready.losses,
    note: note(ready),
    async time(n) {
      child.stdin.write(`${n}\n`);
      const [elapsed, processor] = (await next()).split(' ').map(Number);
      return {elapsed, processor};
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
