import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  fitPreprocessing, fitScaler, historyAt, noPreprocessing, planAt, preprocessing, preprocessingFields, scalePlan,
  scaler, scaleTrajectories, seriesShape, takeUnits, trajectories, type Trajectories,
} from '../../lib/data';
import {ndarray, rng, uniform} from '../../lib/math';
import {example} from './example';

/** Positive outcomes, and statics: an age, a sex, and a ward of three as one-hot channels. */
function ward(seed: number): Trajectories {
  const data = example(seed, {N: 12}), u = uniform(rng(seed), 24);
  const rows = Array.from({length: 12}, (_, i) => {
    const ward = Math.floor(3 * u[2 * i + 1]);
    return [20 + 60 * u[2 * i], i % 2, ...[0, 1, 2].map(k => Number(k === ward))];
  });
  return trajectories({
    ...data,
    outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map((v, k) => data.observed.data[k] * Math.exp(v))),
    statics: ndarray([12, 5], Float64Array.from(rows.flat())),
    channels: {...data.channels, statics: ['age', 'sex', 'A', 'B', 'C'].map(name => ({name, unit: '1'}))},
  });
}

const KINDS = ['outcomes', 'treatments', 'statics'] as const;

/** Checks random data sets. */
const every = (check: (seed: number) => void): void => fc.assert(fc.property(fc.nat(1000), check), {numRuns: 20});

describe('preprocessing', () => {
  it('gives statics mean 0 and variance 1 on training units, and leaves on-or-off ones alone', () => every(seed => {
    const data = ward(seed), {data: z} = scaleTrajectories(data, fitPreprocessing(data)).statics;
    const column = (values: Float64Array, j: number) => Array.from(values).filter((_, k) => k % 5 === j);
    const ages = column(z, 0), mean = ages.reduce((a, b) => a + b, 0) / 12;
    assert.ok(Math.abs(mean) < 1e-12 && Math.abs(ages.reduce((s, v) => s + (v - mean) ** 2, 0) / 12 - 1) < 1e-12);
    for (const j of [1, 2, 3, 4]) assert.deepEqual(column(z, j), column(data.statics.data, j));
  }));

  it('takes a transform and a way to scale for each channel', () => {
    const data = ward(1);
    const statics = {
      transform: ['log', 'identity', 'identity', 'identity', 'identity'],
      standardise: [false, true, false, false, false],
    } as const;
    const fitted = fitPreprocessing(data, {statics, treatments: {standardise: false}});
    const {statics: z, treatments} = scaleTrajectories(data, fitted);
    assert.equal(z.data[0], Math.log(data.statics.data[0]));
    assert.equal(Math.abs(z.data[1]), 1);
    assert.deepEqual(treatments.data, data.treatments.data);
  });

  it('standardises outcomes and treatments by default exactly as written: (log(max(v, floor)) - mean) / sd', () => {
    const data = ward(2), {outcomes, treatments} = fitPreprocessing(data, {outcomes: {transform: 'log'}});
    const z = outcomes.forward(data.outcomes, data.observed).data, {floor, mean, sd} = outcomes;
    data.outcomes.data.forEach((v, k) =>
      assert.equal(z[k], data.observed.data[k] ? (Math.log(Math.max(v, floor[k % 2])) - mean[k % 2]) / sd[k % 2] : 0));
    assert.deepEqual(preprocessingFields({outcomes, treatments, statics: treatments}).treatments, {
      transform: treatments.transform, floor: treatments.floor, mean: treatments.mean, sd: treatments.sd,
    });
  });

  it('on tensors does what it does on arrays, both ways, up to the rounding of float32', () => every(seed => {
    const data = ward(seed);
    const treatments = {transform: ['identity', 'on or off', 'identity'], floor: [0, 0.5, 0]} as const;
    const p = fitPreprocessing(data, {outcomes: {transform: ['log', 'identity']}, treatments});
    const unit = 2 ** -24;
    for (const kind of KINDS) {
      const {shape, data: values} = data[kind], {mean, sd, floor, transform} = p[kind], d = mean.length;
      const z = p[kind].forward(data[kind]).data;
      const tensor = p[kind].forwardTensor(tf.tensor(Float32Array.from(values), [...shape]));
      assert.deepEqual(tensor.shape, shape);
      const back = p[kind].inverseTensor(tensor).dataSync();
      tensor.dataSync().forEach((v, k) => {
        const j = k % d, value = values[k];
        const log = Math.log(Math.max(value, floor[j])), on = Number(value > floor[j]);
        const t = {'identity': value, log, 'on or off': on}[transform[j]];
        const apart = 4 * unit * (1 + Math.abs(t) + Math.abs(mean[j])) / sd[j] + 4 * unit * Math.abs(z[k]);
        assert.ok(Math.abs(v - z[k]) <= apart, `${kind} ${k}: ${v} and ${z[k]}`);
        const one = Float64Array.from({length: d}, (_, i) => (i === j ? z[k] : 0));
        const expected = p[kind].inverse(ndarray([d], one)).data[j];
        const error = sd[j] * apart + 4 * unit * (Math.abs(t) + Math.abs(mean[j]));
        assert.ok(
          Math.abs(back[k] - expected) <= error * (transform[j] === 'log' ? 2 * expected : 1) + unit,
          `${kind} ${k} back: ${back[k]}, ${expected}`,
        );
      });
    }
  }));

  it('is plain data that comes back from JSON to the last bit', () => {
    const data = ward(3), fitted = fitPreprocessing(data, {outcomes: {transform: 'log'}});
    const again = preprocessing(JSON.parse(JSON.stringify(fitted)));
    assert.deepEqual(preprocessingFields(again), preprocessingFields(fitted));
    assert.deepEqual(scaleTrajectories(data, again), scaleTrajectories(data, fitted));
    assert.ok(Object.isFrozen(fitted.statics.mean));
  });

  it('is learned from training units alone', () => {
    const data = ward(4), train = takeUnits(data, [0, 1, 2, 3, 4, 5]);
    const elsewhere = {...data, statics: ndarray([12, 5], data.statics.data.map((v, k) => (k < 30 ? v : 99)))};
    assert.deepEqual(
      preprocessingFields(fitPreprocessing(takeUnits(elsewhere, [0, 1, 2, 3, 4, 5]))),
      preprocessingFields(fitPreprocessing(train)),
    );
    assert.notDeepEqual(preprocessingFields(fitPreprocessing(data)), preprocessingFields(fitPreprocessing(train)));
  });

  it('sees histories and plans as it sees whole trajectories', () => {
    const data = ward(5), p = fitPreprocessing(data), whole = scaleTrajectories(data, p);
    assert.deepEqual(scaleTrajectories(historyAt(data, 3), p), historyAt(whole, 3));
    assert.deepEqual(scalePlan(planAt(data, 3, 2), p), planAt(whole, 3, 2));
  });

  it('that does nothing leaves every number as it is', () => {
    const data = ward(6), same = scaleTrajectories(data, noPreprocessing(seriesShape(data)));
    for (const kind of KINDS) assert.deepEqual(same[kind].data, data[kind].data);
  });

  it('leaves a constant channel near 0 although the mean of equal numbers is rounded', () => {
    const data = ward(7), [N, T, d] = data.treatments.shape;
    const treatments = ndarray([N, T, d], new Float64Array(N * T * d).fill(0.1));
    const {forward} = fitScaler({...data, treatments}, {of: 'treatments'});
    assert.ok(Math.abs(forward(ndarray([1, 1, 3], Float64Array.of(0.1, 0.1, 0.6))).data[2] - 0.5) < 1e-12);
  });

  it('names what does not fit: options for another number of channels, steps of statics, damaged numbers', () => {
    const data = ward(8), fields = fitScaler(data);
    assert.throws(
      () => fitPreprocessing(data, {statics: {standardise: [true]}}),
      /fitScaler: argument `standardise` must be one, or 5 of them/,
    );
    assert.throws(
      () => fitScaler(data, {of: 'statics', steps: 2}), /argument `steps` must be left out for statics; received 2/,
    );
    assert.throws(
      () => fitScaler({...data, statics: ndarray([12, 5])}, {of: 'statics', transform: 'log'}),
      /argument `transform`.*log for channel 0/,
    );
    assert.throws(
      () => fitScaler(data, {transform: 'sqrt' as never}),
      /argument `transform` must be identity or log or on or off; received "sqrt"/,
    );
    assert.throws(
      () => scaler({...fields, transform: ['log', 'log']}),
      /scaler: argument `floor` must be finite, and above 0 for a logarithm/,
    );
    assert.throws(
      () => scaler({...fields, mean: [NaN, 0]}), /scaler: argument `mean` must be finite; received \[NaN, 0\]/,
    );
    assert.throws(
      () => fields.forwardTensor(tf.zeros([2, 3])),
      /scaler.forwardTensor: argument `values` must be of shape \[\.\.\., 2\]/,
    );
  });
});
