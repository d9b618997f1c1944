import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {Completions} from '../checker/languageService';
import type {CellDiagnostic} from '../checker/format';
import type {Completeness} from './completeness';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The language service in its thread. */
export class Language {
  private worker: Worker | null = null;
  private readonly pending = new Map<number, Pending>();
  private sent = 0;

  constructor(private readonly root: string, private readonly directory: string) {}

  /** Starts the thread and has it read the libraries, if that has not been done. */
  warm(): void {
    this.start();
  }

  private start(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(join(__dirname, 'languageWorker.cjs'), {workerData: {root: this.root, directory: this.directory}});
    worker.on('message', ({id, value, error}: {id: number; value: unknown; error?: string}) => {
      const waiting = this.pending.get(id);
      this.pending.delete(id);
      if (error === undefined) waiting?.resolve(value as never);
      else waiting?.reject(new Error(error));
    });
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.fail(new Error('the language service has ended')));
    this.worker = worker;
    return worker;
  }

  /** Type errors of a cell, whose names are known from now on. */
  check(count: number, code: string): Promise<CellDiagnostic[]> {
    return this.ask('check', {count, code});
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

  private ask<T>(operation: string, request: object): Promise<T> {
    const id = ++this.sent;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, {resolve, reject});
      this.start().postMessage({id, operation, request});
    });
  }

  private fail(error: Error): void {
    for (const {reject} of this.pending.values()) reject(error);
    this.pending.clear();
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }
}
