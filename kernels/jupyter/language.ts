import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Completions} from '../checker/completions';
import type {CellDiagnostic} from '../checker/format';
import type {Completeness} from './completeness';
import type {CellToPrepare, LanguageAnswer, LanguageRequest, Prepared} from './languageMessages';
import {buildSnapshot, snapshotPath} from './snapshot';

interface Pending {
  readonly message: LanguageRequest;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly foresee?: (specifiers: readonly string[]) => void;
}

/**
 * The process that knows TypeScript, seen from the kernel. It is started from a snapshot where there is one, and one is
 * made where there is none.
 */
export class Language {
  private readonly pending = new Map<number, Pending>();
  private readonly snapshot: string;
  private child: ChildProcess;
  private builder: ChildProcess | undefined;
  private sent = 0;
  private closing = false;

  constructor(
    private readonly root: string, private readonly directory: string, private readonly log: (line: string) => void,
  ) {
    this.snapshot = snapshotPath(root);
    this.child = this.start(existsSync(this.snapshot));
  }

  private start(fromSnapshot: boolean): ChildProcess {
    // the compiler first: tsx would read through it
    const preload = ['typescript', 'tsx/cjs'].flatMap((name) => ['--require', require.resolve(name)]);
    const args = fromSnapshot ? ['--snapshot-blob', this.snapshot] : [...preload, join(__dirname, 'languageMain.ts')];
    const child = spawn(process.execPath, [...args, this.directory], {
      cwd: this.directory,
      env: {...process.env, OBSNODE_ROOT: this.root},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let hasAnswered = false;
    child.on('message', (answer: LanguageAnswer) => {
      hasAnswered = true;
      this.receive(answer);
    });
    child.on('exit', () => this.restart(fromSnapshot && !hasAnswered));
    return child;
  }

  private receive(answer: LanguageAnswer): void {
    const waiting = this.pending.get(answer.id);
    if (answer.type === 'imports') return waiting?.foresee?.(answer.specifiers);
    this.pending.delete(answer.id);
    if (answer.type === 'value') waiting?.resolve(answer.value as never);
    else waiting?.reject(new Error(answer.error));
  }

  /**
   * A snapshot that does not start is made anew and done without; a process that dies later takes its questions with
   * it.
   */
  private restart(snapshotFailed: boolean): void {
    if (this.closing) return;
    this.log(snapshotFailed
      ? 'the snapshot of the language process does not start'
      : 'the language process has ended; it is started anew');
    if (snapshotFailed) rmSync(this.snapshot, {force: true});
    const waiting = [...this.pending.values()];
    if (!snapshotFailed) this.pending.clear();
    this.child = this.start(!snapshotFailed && existsSync(this.snapshot));
    for (const {message, reject} of waiting) {
      if (snapshotFailed) this.child.send(message);
      else reject(new Error('the language process has ended; run the cell again'));
    }
  }

  /** Makes the snapshot for the next start, if there is none; tried once. */
  keep(): void {
    if (!this.builder && !existsSync(this.snapshot)) this.builder = buildSnapshot(this.root, this.snapshot);
  }

  /** Compiles and checks a cell. @param foresee told early which modules it imports */
  prepare(cell: CellToPrepare, foresee: (specifiers: readonly string[]) => void): Promise<Prepared> {
    return this.ask('prepare', cell, foresee);
  }

  complete(code: string, offset: number): Promise<Completions> {
    return this.ask('complete', {code, offset});
  }

  inspect(code: string, offset: number): Promise<string | null> {
    return this.ask('inspect', {code, offset});
  }

  isComplete(code: string): Promise<Completeness> {
    return this.ask('isComplete', {code});
  }

  /** Forgets the names of all cells. */
  forget(): Promise<void> {
    return this.ask('forget', {});
  }

  /** Takes these for the cells above the one that the next questions are about. */
  follow(sources: readonly string[]): Promise<void> {
    return this.ask('follow', {sources});
  }

  /** What is wrong with a cell that is still being written. */
  errors(code: string): Promise<readonly CellDiagnostic[]> {
    return this.ask('errors', {code});
  }

  private ask<T>(operation: LanguageRequest['operation'], request: object, foresee?: Pending['foresee']): Promise<T> {
    const message = {id: ++this.sent, operation, request};
    return new Promise<T>((resolve, reject) => {
      this.pending.set(message.id, {message, resolve, reject, foresee});
      this.child.send(message);
    });
  }

  close(): void {
    this.closing = true;
    this.builder?.kill();
    this.child.kill('SIGKILL');
  }
}
