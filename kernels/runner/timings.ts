import {mkdirSync, readFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {writeWhole} from '../../lib/files';

/**
 * Seconds by code cell of earlier runs, by `profile/notebook`: the ground for the time left. They stay out of the
 * notebooks.
 */
export class Timings {
  private constructor(private readonly path: string, private readonly known: Record<string, readonly number[]>) {}

  /** Reads what earlier runs left in the cache of the project; an unreadable file counts as none. */
  static load(root: string): Timings {
    const path = join(root, '.cache', 'notebook-seconds.json');
    try {
      return new Timings(path, JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly number[]>);
    } catch {
      return new Timings(path, {});
    }
  }

  /** Seconds that the cells from number `done` on took the last time; undefined when not known. */
  remaining(profile: string, notebook: string, done: number): number | undefined {
    return this.known[keyOf(profile, notebook)]?.slice(done).reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Keeps the seconds of a complete run, where the cache can be written: the run counts without. */
  async record(profile: string, notebook: string, seconds: readonly number[]): Promise<void> {
    this.known[keyOf(profile, notebook)] = seconds.map((value) => Number(value.toFixed(2)));
    try {
      mkdirSync(dirname(this.path), {recursive: true});
      writeWhole(this.path, `${JSON.stringify(this.known, null, 1)}\n`);
    } catch {
      // Only the guess of the time left is lost.
    }
  }
}

function keyOf(profile: string, notebook: string): string {
  return `${profile}/${basename(notebook, '.ipynb')}`;
}
