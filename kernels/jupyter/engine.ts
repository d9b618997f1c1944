import {type ChildProcess, fork} from 'node:child_process';
import {join} from 'node:path';
import type {Writable} from 'node:stream';
import type {EngineMessage, EngineRequest} from './messages';

/** What the kernel hears of the process that runs cells. */
export interface EngineListener {
  receive(message: EngineMessage): void;
  /** Native code wrote past Node's streams. */
  write(name: 'stdout' | 'stderr', text: string): void;
  /** The process ended by itself. */
  died(how: string): void;
}

/** The process that runs cells, seen from the kernel. */
export class Engine {
  private readonly child: ChildProcess;
  private closing = false;

  constructor(root: string, directory: string, listener: EngineListener) {
    this.child = fork(join(__dirname, 'child.ts'), [], {
      cwd: directory,
      env: {...process.env, OBSNODE_ROOT: root, FORCE_COLOR: '0'},
      execArgv: ['--require', require.resolve('tsx/cjs')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    this.child.on('message', (message) => listener.receive(message as EngineMessage));
    for (const name of ['stdout', 'stderr'] as const) this.child[name]!.setEncoding('utf8').on('data', (text: string) => listener.write(name, text));
    this.child.on('exit', (code, signal) => {
      if (!this.closing) listener.died(signal ? `was ended by ${signal}` : `exited with code ${code}`);
    });
  }

  send(request: EngineRequest): void {
    if (this.child.connected) this.child.send(request);
  }

  /** Stops the cell that runs, whatever it is doing. */
  interrupt(): void {
    (this.child.stdio[4] as Writable).write('i');
  }

  close(): void {
    this.closing = true;
    this.child.kill('SIGKILL');
  }
}
