import {Readable} from 'node:stream';
import type {Executor} from './executor';

/** Asks the reader for a line of text. */
export type Ask = (prompt: string, password: boolean) => Promise<string>;

/** Time in ms in which a program that has read a line may say that it wants no other. */
const PAUSE = 50;

const later = setTimeout;

/** What programs read from: `input()`, and `process.stdin` for those that use `readline`. */
export class Input {
  private stdin: Readable | null = null;

  constructor(private readonly executor: Executor, private readonly ask: Ask) {
    const input = async (prompt: unknown = '', options: {readonly password?: boolean} = {}): Promise<string> =>
      ask(String(prompt), Boolean(options.password));
    Object.assign(globalThis, {input});
    Object.defineProperty(process, 'stdin', {
      get: () => (this.stdin ??= this.open()), configurable: true, enumerable: true,
    });
  }

  /** Each line that is wanted is asked for; where nobody answers, the cell that wants it fails. */
  private open(): Readable {
    const want = (): void => void later(take, PAUSE);
    const take = async (): Promise<void> => {
      if (stream !== this.stdin) return;
      if (stream.isPaused() && stream.listenerCount('readable') === 0) return void stream.once('resume', want);
      try {
        stream.push(`${await this.ask('', false)}\n`);
      } catch (error) {
        this.executor.fail(error as Error);
      }
    };
    const stream: Readable = new Readable({read: want});
    return stream;
  }

  /** Forgets what a cell was still reading. */
  close(): void {
    this.stdin?.destroy();
    this.stdin = null;
  }
}
