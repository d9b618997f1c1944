import assert from 'node:assert/strict';
import {mean} from '../../lib/math';
import {COHORTS, DRAWS, FIRST_SEED, momentDistances, momentLaws, momentsOf} from './moments';

const laws = momentLaws();

describe('the law of the moments of simulated cohorts', () => {
  it('is what the program computes: its first comparisons come out again', () => {
    const [reference, ...cohorts] = Array.from({length: 3}, (_, k) => momentsOf(FIRST_SEED + k));
    for (const count of [1, 2]) {
      const again = momentDistances(cohorts.slice(0, count), reference), law = laws.find(l => l.cohorts === count)!;
      for (const name of ['meanSquare', 'largest'] as const) {
        const gap = Math.abs(again[name] - law[name][0]);
        assert.ok(gap < 2e-5, `${count} cohorts, ${name}: ${again[name]} is not ${law[name][0]}`);
      }
    }
  });

  it('has every draw for every number of cohorts', () => {
    assert.deepEqual(laws.map(({cohorts}) => cohorts), COHORTS);
    for (const {meanSquare, largest} of laws) assert.deepEqual([meanSquare.length, largest.length], [DRAWS, DRAWS]);
  });

  it('is that of z-scores: their squares are 1 on average, within four standard errors of 200 draws', () => {
    // Comparison k uses draws k to k + 5: those six apart share nothing.
    for (const {meanSquare} of laws) {
      const apart = meanSquare.filter((_, k) => k % 6 === 0), average = mean(apart);
      const error = Math.sqrt(mean(apart.map(v => (v - average) ** 2)) / (apart.length - 1));
      assert.ok(Math.abs(average - 1) < 4 * error, `${average} is not 1 ± ${error}`);
    }
  });
});
