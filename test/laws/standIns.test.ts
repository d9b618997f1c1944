import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {mean, sd} from '../../lib/math';
import {distances, DRAWS, FILE, FIRST_SEED, numbersOf, PUBLISHED, SIZES, type Distances} from './standIns';

interface Law extends Record<keyof Distances, readonly number[]> {
  readonly tested: number;
}

const {laws} = JSON.parse(readFileSync(FILE, 'utf8')) as {laws: readonly Law[]};

describe('the law of patients that stand in for the published ones', () => {
  it('is what the program computes: its first pair comes out again', async () => {
    const [one, two] = [await numbersOf(FIRST_SEED), await numbersOf(FIRST_SEED + 1)];
    for (const law of laws) {
      const again = distances(one.get(PUBLISHED)!, two.get(law.tested)!);
      for (const name of ['row', 'change', 'lead'] as const) assert.ok(
        Math.abs(again[name] - law[name][0]) < 2e-5,
        `${law.tested} patients, ${name}: ${again[name]} is not ${law[name][0]}`,
      );
    }
  });

  it('has every pair of draws for every size, and is narrower for more patients', () => {
    assert.deepEqual(laws.map(({tested}) => tested), SIZES);
    for (const {row, change, lead} of laws)
      assert.deepEqual([row, change, lead].map(values => values.length), [DRAWS, DRAWS, DRAWS]);
    const [few, many] = laws, error = (values: readonly number[]) => sd(values) / Math.sqrt(DRAWS);
    for (const name of ['row', 'change'] as const)
      assert.ok(mean(few[name]) - mean(many[name]) > 3 * Math.hypot(error(few[name]), error(many[name])), name);
  });

  it('has repeating the last outcome ahead of the released model in every draw', () => {
    for (const {lead} of laws) assert.ok(lead.every(v => v > 0));
  });
});
