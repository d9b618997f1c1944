import {expect} from '../errors';
import {display} from './display';
import {textBundle} from './mime';
import {currentSink} from './sink';
import {underTslab} from './tslab';

/** A running progress line. */
export interface Progress {
  /** Counts `steps` more (default 1) and shows `note`, e.g. the present loss. */
  tick(note?: string, steps?: number): void;
  /** Ends the line, also when fewer steps were needed than expected. */
  done(note?: string): void;
}

/** Shortest time between two updates in ms; a display that changes faster cannot be read. */
const PERIOD = 250;

let lines = 0;

/**
 * One line that says how far a long loop is and how long it will take. In a notebook it updates in place and ends
 * without times, so that equal results give equal notebooks; in a terminal it overwrites itself; elsewhere it prints
 * about ten plain lines.
 *
 * @param total number of steps expected, at least 1
 * @param label what is being done, e.g. `'epochs'`
 * @throws ArgumentError unless `total` is a positive whole number.
 */
export function progress(total: number, label = 'step'): Progress {
  expect(Number.isInteger(total) && total > 0, {
    fn: 'progress', argument: 'total', expected: 'a positive whole number', received: total,
  });
  const write = writer(label);
  const start = performance.now();
  let count = 0;
  let shown = -Infinity;
  const show = (note: string, last: boolean): void => {
    const now = performance.now();
    if (!last && now - shown < PERIOD) return;
    shown = now;
    write(`${label}: ${count}/${total}${note && `, ${note}`}${last ? '' : remaining(count, total, now - start)}`, count
      / total, last);
  };
  show('', false);
  return Object.freeze({
    tick: (note = '', steps = 1) => {
      count += steps;
      show(note, count === total);
    },
    done: (note = '') => {
      if (count !== total) show(note, true);
    },
  });
}

function remaining(count: number, total: number, elapsed: number): string {
  if (count === 0) return '';
  return `, about ${duration((elapsed / count) * (total - count))} left`;
}

/** A time span for people: `8 s`, `3 min 20 s`, `2 h 5 min`. @param ms milliseconds */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

type Writer = (text: string, share: number, last: boolean) => void;

function writer(label: string): Writer {
  if (currentSink() || underTslab()) return displayWriter(`progress-${++lines}-${label}`);
  return process.stderr.isTTY ? terminalWriter() : lineWriter();
}

function displayWriter(id: string): Writer {
  let update = false;
  return (text) => {
    void display(textBundle(text), {id, update});
    update = true;
  };
}

function terminalWriter(): Writer {
  return (text, _share, last) => {
    process.stderr.write(`\r\x1b[K${text}${last ? '\n' : ''}`);
  };
}

function lineWriter(): Writer {
  let tenth = -1;
  return (text, share, last) => {
    const reached = Math.floor(share * 10);
    if (reached === tenth && !last) return;
    tenth = reached;
    process.stderr.write(`${text}\n`);
  };
}
