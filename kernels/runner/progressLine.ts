import {basename} from 'node:path';
import type {Timings} from './timings';

/** Where each running notebook is. */
interface Position {
  done: number;
  total: number;
}

/** Least seconds between two plain lines. */
const PERIOD = 20;

/**
 * Says which notebook and cell run and how long it will take: one line that changes in a terminal, plain lines now and
 * then elsewhere.
 */
export class ProgressLine {
  private readonly running = new Map<string, Position>();
  private finished = 0;
  private last = 0;

  constructor(
    private readonly paths: readonly string[],
    private readonly options: {readonly profile: string; readonly jobs: number},
    private readonly timings: Timings,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  /** A notebook has come to cell `done` of `total`. */
  cell(path: string, done: number, total: number): void {
    this.running.set(path, {done, total});
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${this.text()}`);
    else if (performance.now() - this.last > PERIOD * 1000) this.line(this.text());
  }

  /** A notebook has ended; `verdict` is printed with its name. */
  end(path: string, verdict: string): void {
    this.running.delete(path);
    this.finished++;
    this.line(`${basename(path, '.ipynb')}: ${verdict} (${this.finished} of ${this.paths.length})`);
  }

  /** Prints a line of its own. */
  line(text: string): void {
    this.last = performance.now();
    this.stream.write(`${this.stream.isTTY ? '\r\x1b[K' : ''}${text}\n`);
  }

  private text(): string {
    const parts = [...this.running].map(([path, {done, total}]) =>
      `${basename(path, '.ipynb')} cell ${done + 1}/${total}`);
    const left = this.secondsLeft();
    return `[${this.finished + 1}/${this.paths.length}] `
      + `${parts.join(' | ')}${left === undefined ? '' : `  about ${span(left)} left`}`;
  }

  private secondsLeft(): number | undefined {
    const waiting = this.paths.slice(this.finished + this.running.size).map((path) =>
      this.timings.remaining(this.options.profile, path, 0));
    const started = [...this.running].map(([path, {done}]) => this.timings.remaining(this.options.profile, path, done));
    const all = [...waiting, ...started];
    if (all.length === 0 || all.includes(undefined)) return undefined;
    return (all as number[]).reduce((sum, seconds) => sum + seconds, 0) / this.options.jobs;
  }
}

/** Seconds for people. */
export function span(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
