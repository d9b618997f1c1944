import {type ChildProcess, fork} from 'node:child_process';
import {join} from 'node:path';
import type {Readable, Writable} from 'node:stream';
import {onEnd, readMessages} from '../executor/channel';
import {killProcess} from '../executor/processTree.cjs';
import type {EngineMessage, EngineRequest} from './messages';

/** What the kernel hears of the process that runs cells. */
export interface EngineListener {
  receive(message: EngineMessage): void;
  /** Native code wrote past Node's streams. */
  write(name: 'stdout' | 'stderr', text: string): void;
  /** The process ended by itself. */
  died(how: string): void;
}

/** Time in ms that the process has to end by itself; then again as much twice. */
const PATIENCE = 1000;

/** The process that runs cells, seen from the kernel. */
export class Engine {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private closing = false;

  constructor(root: string, directory: string, listener: EngineListener) {
    this.child = fork(join(__dirname, 'child.ts'), [], {
      cwd: directory,
      env: {...process.env, OBSNODE_ROOT: root, FORCE_COLOR: '0'},
      execArgv: ['--require', require.resolve('tsx/cjs')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    });
    const messages = (this.child.stdio as readonly unknown[])[5] as Readable;
    readMessages(messages, (message) => listener.receive(message as EngineMessage));
    // A process that ends before it has read an interrupt resets the pipe.
    this.child.stdio[4]!.on('error', () => undefined);
    for (const name of ['stdout', 'stderr'] as const) this.child[name]!.setEncoding('utf8').on('data', (text: string) =>
      listener.write(name, text));
    this.ended = new Promise((resolve) => onEnd(this.child, messages, (how) => {
      if (!this.closing) listener.died(how);
      resolve();
    }));
  }

  send(request: EngineRequest): void {
    if (this.child.connected) this.child.send(request);
  }

  /** Stops the cell that runs, whatever it is doing. */
  interrupt(): void {
    (this.child.stdio[4] as Writable).write('i');
  }

  /** Asks the process to end; what does not is interrupted, then ended with all that it has started. */
  async close(): Promise<void> {
    this.closing = true;
    this.send({type: 'exit'});
    const timers =
      [setTimeout(() => this.interrupt(), PATIENCE), setTimeout(() => killProcess(this.child.pid), 3 * PATIENCE)];
    await this.ended;
    for (const timer of timers) clearTimeout(timer);
  }
}
