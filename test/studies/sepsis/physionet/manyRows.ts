import {createWriteStream} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGzip} from 'node:zlib';
import {bits, fold, type Rng} from '../../../../lib/math';
import {headers} from './hospital';

/** Items of the bedside in turn; of each round of ten the first six are of the study's quantities. */
const ITEMS = [220045, 220179, 220180, 220181, 223901, 220739, 220210, 220277, 225054, 227944];
const KEPT = 0.6;

/** Rows of one stay, and of one hour of it. */
const STAY = 4000, HOUR = 40;

const BLOCK = 10_000;

/**
 * Writes a file in the layout of `icu/chartevents`, compressed, while it is made up: values between 1 and 4, so that
 * all lie within the limits of their items.
 * @returns rows of which the study keeps something
 */
export async function writeManyCharts(path: string, {rows, rng}: {rows: number; rng: Rng}): Promise<number> {
  const hours = Array.from({length: STAY / HOUR}, (_, h) =>
    new Date(Date.UTC(2150, 2, 1, h)).toISOString().slice(0, 19).replace('T', ' '));
  function* blocks() {
    yield `${headers['2.2']['icu/chartevents']}\n`;
    for (let from = 0; from < rows; from += BLOCK) {
      const random = bits(fold(rng, from), BLOCK), lines: string[] = [];
      for (let row = from; row < Math.min(from + BLOCK, rows); row++) {
        const stay = Math.floor(row / STAY), time = hours[Math.floor(row % STAY / HOUR)], drawn = random[row - from];
        const value = 1 + drawn % 3001 / 1000, item = ITEMS[row % ITEMS.length];
        lines.push(`${10000000 + stay},${20000000 + stay},${30000000 + stay},${drawn % 9973},${time},${time},${item},`
          + `${value},${value},unit,0\n`);
      }
      yield lines.join('');
    }
  }
  await pipeline(Readable.from(blocks()), createGzip({level: 1}), createWriteStream(path));
  return rows * KEPT;
}
