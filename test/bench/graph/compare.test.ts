import assert from 'node:assert/strict';
import {compare, expectSameLosses} from './compare';
import type {Engine} from './engine';
import {partNamed, PARTS} from './workloads';

/** An engine that says how long its steps take, and writes its name down whenever it is asked to run. */
function engine(
  name: string, perStep: number, runs: string[] = [], losses: readonly number[] = [2, 1],
): Engine & {closed: boolean} {
  return {
    name, losses, note: '', closed: false,
    async time(n) { runs.push(name); return {elapsed: n * perStep, processor: n * perStep / 2}; },
    async close() { this.closed = true; },
  };
}

describe('bench: comparison of engines', () => {
  it('stops when an engine computes another loss than ours, or none', () => {
    const ours = {name: 'obsnode', losses: [2, 1, 0.5]}, other = (losses: number[]) => ({name: 'other', losses});
    expectSameLosses([ours, other([2.0001, 0.99995, 0.5]), other([2])], 3);
    assert.throws(
      () => expectSameLosses([ours, other([2, 1.001])], 3),
      /other computes something else than obsnode: losses 2, 1.001 against 2, 1, 0.5/,
    );
    expectSameLosses([ours, other([2, 1.001])], 1);
    assert.throws(() => expectSameLosses([ours, other([])], 3), /computes something else/);
    assert.throws(() => expectSameLosses([ours, other([Number.NaN])], 3), /computes something else/);
  });

  it('runs engines in turn, round after round, and closes them', async () => {
    const runs: string[] = [], engines = [engine('a', 100, runs), engine('b', 500, runs)];
    const rows = await compare(engines, 2);
    assert.deepEqual(runs, ['a', 'b', 'a', 'b', 'a', 'b']);
    assert.deepEqual(rows.map(r => [r.engine, r.median, r.processor, r.rounds]), [
      ['a', 100, 50, 2], ['b', 500, 250, 2],
    ]);
    assert.ok(engines.every(e => e.closed));
  });

  it('compares an engine with the first in the same rounds, so that a slow round hits both', async () => {
    const slowed = (name: string, perStep: readonly number[]): Engine => {
      let round = -1; // The first call only finds out how long a step takes.
      return {...engine(name, 400), time: async n => ({elapsed: n * perStep[Math.max(0, round++)], processor: 0})};
    };
    const [one, two] = await compare([slowed('one', [400, 800, 1200]), slowed('two', [800, 2000, 1800])], 3);
    assert.deepEqual([one.timesFirst.median, two.timesFirst.median, two.median / one.median], [1, 2, 2.25]);
    assert.deepEqual(two.timesFirst.quartiles, [1.75, 2.25]);
  });

  it('lets engines with steps of over two seconds take part in three rounds only', async () => {
    const [fast, slow] = await compare([engine('fast', 400), engine('slow', 5000)], 7);
    assert.deepEqual([fast.rounds, slow.rounds], [7, 3]);
  });

  it('closes all engines when one fails', async () => {
    const sound = engine('sound', 100);
    const broken = {...engine('broken', 100), time: async () => { throw new Error('gone'); }};
    await assert.rejects(compare([sound, broken], 2), /gone/);
    assert.ok(sound.closed);
    const [ours, other] = [engine('ours', 100), engine('other', 100, [], [2, 1.1])];
    await assert.rejects(compare([ours, other], 2), /other computes something else than ours/);
    assert.ok(ours.closed && other.closed);
  });

  it('knows parts by the first word of their names', () => {
    assert.equal(partNamed('LSTM'), 'LSTM step');
    assert.equal(partNamed('W'), 'W');
    assert.ok(PARTS.every(part => partNamed(part) === part) && !PARTS.includes('small'));
    assert.throws(() => partNamed('GRU'), /no part 'GRU'; there are W, W2,/);
  });
});
