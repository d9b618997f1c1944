import {type ChildProcess, fork} from 'node:child_process';
import {join} from 'node:path';
import type {Readable, Writable} from 'node:stream';
import type {CellEvent, CellOutcome, Failure} from '../executor';
import {onEnd, readMessages} from '../executor/channel';
import {killProcess} from '../executor/processTree.cjs';
import type {ChildMessage} from './messages';
import {after} from './timer';

/** How the process of a notebook is started. */
export interface SessionOptions {
  readonly directory: string;
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Receives the outputs of cells, by cell number. */
  readonly onEvent: (cell: number, event: CellEvent) => void;
}

interface Pending {
  readonly resolve: (outcome: CellOutcome) => void;
  /** Calls off what happens when its time is over. */
  cancel: () => void;
  late?: CellOutcome;
  /** Seconds it was given, once they are over. */
  expired?: number;
}

/** Time in ms for a cell whose own time is over to say where it is. */
const GRACE = 5000;

/** A process of its own for one notebook, so that neither memory nor crashes pass to the next. */
export class Session {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private ended: Failure | undefined;
  private present = 0;
  private readonly ready: Promise<void>;
  private markReady: () => void = () => undefined;

  constructor(private readonly options: SessionOptions) {
    const {directory, root, env} = options;
    this.ready = new Promise((resolve) => {
      this.markReady = resolve;
    });
    this.child = fork(join(__dirname, 'child.ts'), [], {
      cwd: directory,
      env: {...process.env, ...env, OBSNODE_ROOT: root},
      // The compiler before tsx, which would read through it.
      execArgv: ['typescript', 'tsx/cjs'].flatMap((name) => ['--require', require.resolve(name)]),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    });
    const messages = (this.child.stdio as readonly unknown[])[5] as Readable;
    readMessages(messages, (message) => this.receive(message as ChildMessage));
    // What native code and processes of the cell write past Node's streams.
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]!.setEncoding('utf8').on('data', (text: string) =>
        options.onEvent(this.present, {type: 'stream', name, text}));
    }
    onEnd(this.child, messages, (how) => this.close(exitFailure(how)));
    this.child.on('error', (error) =>
      this.close({ename: error.name, evalue: error.message, traceback: [error.message]}));
  }

  /**
   * Runs one cell.
   *
   * @param timeout most seconds it may take, infinity for no limit; the process is ended when they are over
   */
  async execute(cell: number, source: string, timeout: number): Promise<CellOutcome> {
    await this.ready;
    if (this.ended) return {status: 'error', failure: this.ended};
    return new Promise((resolve) => {
      this.present = cell;
      this.pending.set(cell, {resolve, cancel: after(timeout * 1000, () => this.expire(cell, timeout))});
      this.child.send({cell, source});
    });
  }

  /** Asks a cell whose time is over where it is; one that does not say is ended without. */
  private expire(cell: number, seconds: number): void {
    const running = this.pending.get(cell);
    if (!running) return;
    running.expired = seconds;
    running.cancel = after(GRACE, () => this.kill(timeoutFailure(seconds)));
    (this.child.stdio[4] as Writable).write('i');
  }

  /** Ends the process; the cell that runs, if any, fails with `failure`. */
  kill(failure: Failure): void {
    this.close(failure);
    killProcess(this.child.pid);
  }

  private receive(message: ChildMessage): void {
    if (message.type === 'ready') this.markReady();
    if (message.type === 'event') this.options.onEvent(message.cell, message.event);
    if (message.type === 'late-error') this.lateError(message.cell, message.outcome);
    // What the cell wrote past Node's streams lies in the pipes by now, and is read in this turn of the loop.
    if (message.type === 'done') setImmediate(() => this.settle(message.cell, message.outcome));
  }

  /** An error of a callback fails the cell that runs, or is shown where it came from. */
  private lateError(cell: number, outcome: CellOutcome): void {
    const running = this.pending.get(cell);
    if (running) running.late = outcome;
    else if (outcome.status === 'error') this.options.onEvent(cell, {
      type: 'stream', name: 'stderr', text: `${outcome.failure.traceback.join('\n')}\n`,
    });
  }

  private settle(cell: number, outcome: CellOutcome): void {
    const running = this.pending.get(cell);
    if (!running) return;
    running.cancel();
    this.pending.delete(cell);
    if (running.expired !== undefined && outcome.status === 'error' && outcome.failure.ename === 'Interrupted') {
      const failure = timeoutFailure(running.expired, outcome.failure);
      running.resolve({status: 'error', failure});
      return this.kill(failure);
    }
    running.resolve(outcome.status === 'ok' && running.late ? running.late : outcome);
  }

  private close(failure: Failure): void {
    this.ended ??= failure;
    this.markReady();
    for (const cell of [...this.pending.keys()]) this.settle(cell, {status: 'error', failure: this.ended});
  }
}

/** @param where how the cell answered to being stopped; by default it did not */
function timeoutFailure(seconds: number, where?: Failure): Failure {
  const place = /at (\S+)$/.exec(where?.evalue ?? '')?.[0];
  const evalue = `the cell ran longer than ${seconds} s and was stopped${place ? ` ${place}` : ''}; raise the limit `
    + 'with --timeout, or make the cell smaller';
  const line = where?.line;
  return {
    ename: 'CellTimeout', evalue, traceback: [`CellTimeout: ${evalue}`, ...(where?.traceback.slice(1) ?? [])],
    ...(line ? {line} : {}),
  };
}

function exitFailure(how: string): Failure {
  const evalue = `the process of the notebook ${how} while the cell ran`;
  return {ename: 'DeadKernel', evalue, traceback: [`DeadKernel: ${evalue}`]};
}
