import assert from 'node:assert/strict';
import {runs} from '../../../lib/experiments';
import {mean, rng, sd, uniform} from '../../../lib/math';

const plain = {
  trainings: 7, nodes: 3, slots: 1, length: {median: 2, spread: 0}, checkpoint: 0.25, start: 0.5, failures: Infinity,
  repair: 1, rng: rng(1),
};
const near = (value: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

describe('Many trainings on a cluster', () => {
  it('without failures take as many waves as there are', () => {
    const {hours, useful, lost, starting, failures, cut, writes} = runs.simulateCampaign(plain);
    near(hours, 3 * 2.5);
    assert.deepEqual([useful, lost, starting, failures, cut], [14, 0, 3.5, 0, 0]);
    // It begins, has eight checkpoints, ends.
    assert.equal(writes.length, 7 * 10);
    assert.deepEqual([writes[0], writes.at(-1)], [1800, 7.5 * 3600]);
  });

  it('with failures do what is lost again, and nothing else', () => {
    const options = {...plain, trainings: 300, nodes: 10, slots: 4, length: {median: 1.5, spread: 0.8}, failures: 6};
    const all = Array.from({length: 12}, (_, seed) => runs.simulateCampaign({...options, rng: rng(seed)}));
    const calm = all.map((_, seed) => runs.simulateCampaign({...options, failures: Infinity, rng: rng(seed)}));
    all.forEach((one, k) => near(one.useful, calm[k].useful, 1e-6));
    assert.ok(all.every(({hours, useful, lost, starting}) => hours * 40 > useful + lost + starting));
    // Failures come at a rate for each node that is up.
    const rates = all.map(({failures, hours}) => failures / (10 * hours - failures * plain.repair) * 6);
    near(mean(rates), 1, 4 * sd(rates) / Math.sqrt(all.length));
  });

  it('lose half the time between two checkpoints with each training that a failure ends', () => {
    const options = {...plain, trainings: 300, nodes: 10, slots: 4, length: {median: 1.5, spread: 0}, failures: 6};
    const losses = Array.from({length: 12}, (_, seed) => {
      const {lost, cut} = runs.simulateCampaign({...options, start: 0, rng: rng(seed)});
      return lost / cut;
    });
    near(mean(losses), plain.checkpoint / 2, 4 * sd(losses) / Math.sqrt(losses.length));
  });

  it('need places, time and hours that make sense', () => {
    const refused = (change: object, message: RegExp) =>
      assert.throws(() => runs.simulateCampaign({...plain, ...change}), message);
    refused({nodes: 0}, /simulateCampaign: argument `nodes` must be a whole number >= 1/);
    refused({checkpoint: 0}, /argument `checkpoint` must be hours > 0/);
    refused({failures: -1}, /argument `failures` must be hours > 0, or Infinity/);
  });
});

describe('The load on a journal', () => {
  it('is nobody\'s wait where writers come one by one, and a queue where they come together', () => {
    assert.deepEqual(runs.journalLoad(Float64Array.of(0, 1, 2, 3), 0.5), {busy: 2 / 3.5, wait: 0, longestWait: 0});
    assert.deepEqual(runs.journalLoad(new Float64Array(5), 0.5), {busy: 1, wait: 1, longestWait: 2});
    assert.throws(() => runs.journalLoad(new Float64Array(0), 1), /argument `moments` must be at least one/);
  });

  it('is that of a queue with random arrivals: the mean wait is the law\'s', () => {
    // Arrivals at rate 0.6, service 1: the mean wait is 0.6 / (2 (1 - 0.6)) = 0.75 (Pollaczek, Khinchine).
    const waits = Array.from({length: 20}, (_, seed) => {
      let at = 0;
      const moments = uniform(rng(seed), 20_000).map(u => (at -= Math.log(1 - u) / 0.6));
      return runs.journalLoad(moments, 1).wait;
    });
    near(mean(waits), 0.75, 4 * sd(waits) / Math.sqrt(20));
  });
});
