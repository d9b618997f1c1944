import {closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync} from 'node:fs';
import {locked} from './lock';

/** A line of a journal: what was done (`op_code`), by whom, and to what. */
export interface JournalLine {
  readonly op_code: number;
  readonly worker_id: string;
  readonly [field: string]: unknown;
}

/** A file of JSON lines that only grows: the store of Optuna's `JournalFileBackend`. */
export interface Journal {
  /** Lines that have come since the last call, own ones among them. */
  read(): readonly JournalLine[];
  /**
   * Reads what is new and appends what `decide` makes of it, with nobody writing in between; where somebody has all the
   * same, because this process slept so long that its lock was taken, nothing is written and `decide` is asked again.
   * @throws the file system's own error; then nothing was written
   */
  append(decide: (fresh: readonly JournalLine[]) => readonly JournalLine[]): Promise<void>;
}

/**
 * Opens a journal, or starts one. Half a line at its end, left by a writer that was killed, is not read, and cut off by
 * the next writer.
 * @param patience seconds after which a lock is taken from an owner that shows no sign of life; default 30
 * @throws the file system's own error, e.g. ENOENT for a folder that is not there
 */
export function openJournal(path: string, patience?: number): Journal {
  closeSync(openSync(path, 'a'));
  let offset = 0;
  const read = () => {
    const {lines, end} = completeLines(path, offset);
    offset = end;
    return lines;
  };
  return Object.freeze({
    read,
    async append(decide: (fresh: readonly JournalLine[]) => readonly JournalLine[]) {
      const written = () => locked(path, isMine => {
        const lines = decide(read()), text = lines.map(line => `${JSON.stringify(line)}\n`).join('');
        return text === '' || (isMine() && write(path, offset, text));
      }, patience);
      while (!await written());
    },
  });
}

const NEWLINE = 10;

function completeLines(path: string, from: number): {lines: JournalLine[]; end: number} {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    let got = 0;
    for (let n = -1; n !== 0 && got < bytes.length; got += n)
      n = readSync(file, bytes, got, bytes.length - got, from + got);
    const end = bytes.subarray(0, got).lastIndexOf(NEWLINE) + 1, text = bytes.toString('utf8', 0, end);
    return {lines: text.split('\n').slice(0, -1).map((line, k) => parsed(line, path, k)), end: from + end};
  } finally {
    closeSync(file);
  }
}

function parsed(line: string, path: string, k: number): JournalLine {
  try {
    return JSON.parse(line) as JournalLine;
  } catch {
    throw new Error(`${path} is no journal: its line ${k + 1} from here is not JSON: ${line.slice(0, 60)}`);
  }
}

/**
 * Appends at `end`, all or nothing: a disk that fills up in mid-line leaves the journal as it was. Half a line that is
 * there is cut off; where whole ones are, nothing is written.
 * @returns whether it was
 */
function write(path: string, end: number, text: string): boolean {
  // At the end wherever that is by now: a line that comes in just here is not written over.
  const file = openSync(path, 'a'), bytes = Buffer.from(text);
  try {
    if (fstatSync(file).size > end) {
      if (completeLines(path, end).end > end) return false;
      ftruncateSync(file, end);
    }
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } catch (error) {
      ftruncateSync(file, end);
      throw error;
    }
    return true;
  } finally {
    closeSync(file);
  }
}
