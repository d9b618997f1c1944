import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {rng, sobol, SOBOL_DIMENSIONS} from '../../lib/math';

const {rows, points} = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'sobol.json'), 'utf8')) as {
  rows: number[]; points: number[][];
};

describe('Sobol\'s sequence', () => {
  it('is that of SciPy, in all 21 dimensions', () => {
    rows.forEach((index, k) => assert.deepEqual([...sobol(index, SOBOL_DIMENSIONS)], points[k]));
  });

  it('every 64 points have one in each 64th of every axis, moved or not', () => {
    for (const shift of [undefined, rng(3)]) for (let d = 0; d < 5; d++) {
      const cells = Array.from({length: 64}, (_, k) => Math.floor(64 * sobol(k, 5, {shift})[d]));
      assert.equal(new Set(cells).size, 64);
    }
  });

  it('refuses what it has no numbers for', () => {
    assert.throws(() => sobol(0, 22), /sobol: argument `dimensions` must be a whole number in \[1, 21\]/);
    assert.throws(() => sobol(-1, 2), /argument `index`/);
  });
});
