import {inspect, types} from 'node:util';
import type {CellEvent, StreamName} from './events';
import {interruptProcess, killProcess} from './processTree.cjs';

/** Thrown into a cell that the user has stopped. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /** @param frames where the code was, innermost first; empty when it waited */
  constructor(frames: readonly string[] = []) {
    const place = frames.map((frame) => /cell-\d+\.ts:\d+:\d+/.exec(frame)?.[0]).find(Boolean);
    super(`stopped by the user${place ? ` at ${place}` : ''}`);
    this.stack = [`Interrupted: ${this.message}`, ...frames].join('\n');
  }
}

/** Time in ms that a stopped cell has for its `finally` blocks. */
const GRACE = 500;

// The user's mocks of timers are no business of ours.
const later = setTimeout;
const promiseThen = Promise.prototype.then;

/** A child process as its parent sees it. */
export interface Child {
  readonly pid?: number | undefined;
}

/**
 * One execution of a cell, which can be stopped. Stopping throws into everything of it that waits, and ends its child
 * processes. It may then tidy up for a moment; after that it is over: what is left of it is never woken again.
 */
export class Run {
  /** Rejected when the run is over because it was stopped. */
  readonly over: Promise<never>;
  private readonly waits = new Set<(error: Error) => void>();
  private readonly children = new Set<Child>();
  private reason: Error | null = null;
  private ended = false;
  private finish: (error: Error) => void = () => undefined;

  /** @param send where its output goes */
  constructor(private readonly send: (event: CellEvent) => void) {
    this.over = new Promise<never>((_, reject) => {
      this.finish = reject;
    });
    this.over.catch(() => undefined);
  }

  /** Why it was stopped; null while it goes on. */
  get stopped(): Error | null {
    return this.reason;
  }

  /** Whether nothing of it may go on. */
  get isOver(): boolean {
    return this.ended;
  }

  /** Output is where loops of a stopped cell come by: once it is over, they end here. */
  readonly emit = (event: CellEvent): void => {
    if (this.ended) throw this.reason!;
    this.send(event);
  };

  readonly write = (name: StreamName, text: string): void => this.emit({type: 'stream', name, text});

  /**
   * Throws `reason` into what waits. A run that is stopped again is over at once.
   * @param grace time in ms after which it is over
   */
  stop(reason: Error, grace = GRACE): void {
    if (this.reason) return this.end();
    this.reason = reason;
    for (const reject of [...this.waits]) reject(reason);
    for (const {pid} of this.children) interruptProcess(pid);
    later(() => this.end(), grace).unref();
  }

  /** Ends a stopped run for good. */
  end(): void {
    if (!this.reason || this.ended) return;
    this.ended = true;
    this.waits.clear();
    later(() => this.children.forEach(({pid}) => killProcess(pid)), GRACE).unref();
    this.finish(this.reason);
  }

  /** What an `await` of the run awaits instead of `value`. */
  wait(value: unknown): unknown {
    if (this.ended) return NEVER;
    // What is settled already takes the same turn as without us.
    return types.isPromise(value) && isPending(value) ? this.guard(value) : value;
  }

  /** What a `for await` loop of the run goes through instead of `iterable`. */
  each(iterable: unknown): unknown {
    const make = (iterable as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator];
    if (typeof make !== 'function') return iterable;
    const source = make.call(iterable as AsyncIterable<unknown>);
    const iterator = {
      next: () => this.wait(source.next()),
      ...(source.return ? {return: (value: unknown) => source.return!(value)} : {}),
    };
    return {[Symbol.asyncIterator]: () => iterator};
  }

  /** A promise that fails when the run is stopped. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.reason) this.waits.add(reject);
      const settled = <V>(settle: (value: V) => void) => (value: V): void => {
        this.waits.delete(reject);
        if (!this.ended) settle(value);
      };
      void promiseThen.call(promise, settled(resolve) as (value: unknown) => void, settled(reject));
    });
  }

  /**
   * A child process of the run: it ends with it when the run is stopped.
   * @returns to be called when the process has ended
   */
  adopt(child: Child): () => void {
    this.children.add(child);
    return () => this.children.delete(child);
  }
}

const NEVER = new Promise<never>(() => undefined);

const STATE = {depth: 0, customInspect: false, maxArrayLength: 0, maxStringLength: 0} as const;

/** JavaScript tells the state of a promise to its inspector only. */
function isPending(promise: Promise<unknown>): boolean {
  return inspect(promise, STATE).includes('<pending>');
}
