import assert from 'node:assert/strict';
import fc from 'fast-check';
import {fitScaler, scaler, scaleTrajectories, takeUnits, trajectories} from '../../lib/data';
import {ndarray} from '../../lib/math';
import {cancerCohort} from '../../lib/studies/cancer';
import {example} from './example';

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => Array.from(a).forEach((v, i) =>
  assert.ok(Math.abs(v - b[i]) <= tolerance * Math.max(1, Math.abs(b[i])), `${v} against ${b[i]}`));

describe('scalers', () => {
  const cohort = cancerCohort({patients: 50, rng: 3}).trajectories;

  it('give measured training values mean 0 and variance 1 in every channel', () =>
    fc.assert(fc.property(fc.nat(1000), seed => {
      const data = example(seed), z = fitScaler(data).forward(data.outcomes, data.observed).data;
      for (const j of [0, 1]) {
        const seen = Array.from(z).filter((_, k) => k % 2 === j && data.observed.data[k] === 1);
        const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
        close([mean, seen.reduce((sum, v) => sum + (v - mean) ** 2, 0) / seen.length], [0, 1], 1e-12);
      }
    }), {numRuns: 20}));

  it('inverse undoes forward, on the identity and on the log scale', () => {
    for (const transform of ['identity', 'log', ['log', 'identity']] as const) {
      const scale = fitScaler(cohort, {transform});
      close(scale.inverse(scale.forward(cohort.outcomes)).data, cohort.outcomes.data, 1e-12);
    }
  });

  it('never look at test data: a scaler depends on its training units alone', () => {
    const half = takeUnits(cohort, Array.from({length: 25}, (_, i) => i));
    assert.deepEqual(fitScaler(half).mean, fitScaler(takeUnits(cohort, Array.from({length: 25}, (_, i) => i))).mean);
    assert.notDeepEqual(fitScaler(half).mean, fitScaler(cohort).mean);
  });

  it('ignore the value behind a gap, and put 0 there', () => {
    const data = example(8);
    const filled = trajectories({
      ...data,
      outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map((v, k) => (data.observed.data[k] ? v : 1e6))),
    });
    assert.deepEqual(fitScaler(filled).mean, fitScaler(data).mean);
    const z = fitScaler(data).forward(filled.outcomes, data.observed).data;
    assert.ok(z.every((v, k) => data.observed.data[k] === 1 || v === 0));
  });

  it('raise values below the floor before a logarithm: the smallest positive training value', () => {
    const values = Float64Array.of(0, 2, 8, 4), data = trajectories({
      name: 'tiny', time: Float64Array.of(0, 1), timeUnit: 'h', outcomes: ndarray([2, 2, 1], values),
      observed: ndarray([2, 2, 1], new Float64Array(4).fill(1)),
      treatments: ndarray([2, 2, 0]), statics: ndarray([2, 0]),
      channels: {outcomes: [{name: 'v', unit: ''}], treatments: [], statics: []},
    });
    const scale = fitScaler(data, {transform: 'log'});
    assert.deepEqual(scale.floor, [2]);
    assert.equal(
      scale.forward(ndarray([1, 1], Float64Array.of(0))).data[0],
      scale.forward(ndarray([1, 1], Float64Array.of(2))).data[0],
    );
    assert.deepEqual(fitScaler(data, {transform: 'log', floor: 1}).floor, [1]);
  });

  it('leave a constant channel finite', () => {
    const treatments = ndarray(cohort.treatments.shape, cohort.treatments.data.map((v, k) => (k % 2 ? 5 : v)));
    const scale = fitScaler({...cohort, treatments}, {of: 'treatments'});
    assert.ok(scale.forward(treatments).data.every((v, k) => (k % 2 ? v === 0 : Number.isFinite(v))));
  });

  it('leave out the last treatment, which nobody received', () => {
    const changed = ndarray(cohort.treatments.shape, cohort.treatments.data.map((v, k) =>
      (Math.floor(k / 2) % 24 === 23 ? 99 : v)));
    assert.deepEqual(
      fitScaler({...cohort, treatments: changed}, {of: 'treatments'}).mean, fitScaler(cohort, {of: 'treatments'}).mean,
    );
  });

  it('come back from their stored numbers', () => {
    const {transform, floor, mean, sd, forward} = fitScaler(cohort, {transform: ['log', 'identity']});
    assert.deepEqual(
      scaler(JSON.parse(JSON.stringify({transform, floor, mean, sd}))).forward(cohort.outcomes),
      forward(cohort.outcomes),
    );
  });

  it('scale whole trajectories', () => {
    const scaled = scaleTrajectories(cohort, {
      outcomes: fitScaler(cohort), treatments: fitScaler(cohort, {of: 'treatments'}),
    });
    assert.deepEqual(scaled.outcomes.data, fitScaler(cohort).forward(cohort.outcomes).data);
    assert.equal(scaled.time, cohort.time);
  });

  it('refuse a wrong number of channels, a floor of 0 and a logarithm without positive values', () => {
    assert.throws(
      () => fitScaler(cohort).forward(ndarray([3, 3])),
      /scaler\.forward: argument `values` must be of shape \[\.\.\., 2\]/,
    );
    assert.throws(() => fitScaler(cohort, {transform: 'log', floor: 0}), /argument `floor`/);
    assert.throws(() => fitScaler(cohort, {transform: ['log']}), /argument `transform` must be one, or 2/);
    assert.throws(() => fitScaler(cohort, {steps: 0}), /argument `steps`/);
    assert.throws(
      () => fitScaler({...cohort, outcomes: ndarray(cohort.outcomes.shape)}, {transform: 'log'}),
      /argument `transform`/,
    );
    assert.throws(() => scaler({transform: ['log'], floor: [1], mean: [0], sd: [0]}), /argument `sd`/);
  });
});
