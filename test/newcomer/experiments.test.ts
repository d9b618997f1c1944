import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import * as lib from '../../lib/index';
import {cancerCohort} from '../../lib/studies/cancer';
import {twoStepCohort} from '../../lib/studies/twoStep';

/** Lines between `// begin NAME` and `// end NAME` of this file. */
function linesOf(name: string): number {
  const [, after] = readFileSync(__filename, 'utf8').split(`// begin ${name}\n`);
  const [inside] = after.split(`// end ${name}\n`);
  return inside.trimEnd().split('\n').length;
}

const training: lib.LearningOptions = {epochs: 2, batch: 50, horizon: 2, decisions: [0], rate: {from: 0.01, to: 0.001}};

describe('A newcomer writes', () => {
  it('a sweep over seeds and two settings in at most 10 lines', async () => {
    // begin sweep
    const rows = await lib.sweep({seed: [1, 2, 3], width: [4, 8], rate: [0.01, 0.001]}, async ({seed, width, rate}) => {
      const [train, validation, test] = lib.split(lib.rng(seed), 3).map(rng =>
        twoStepCohort(rng, {units: 100}).trajectories);
      const forecaster = lib.learned(lib.latentNode({width}), {...training, rate: {from: rate, to: rate / 10}});
      const fitted = await forecaster.fit(train, validation, {rng: lib.rng(seed)});
      const asked = lib.protocol({name: 'toy', decisions: [0], horizon: 2, scaling: lib.unscaled(1)});
      const {cells} = await lib.evaluate(fitted, test, asked);
      return {first: cells[0].rmse, last: cells[1].rmse};
    }, {jobs: 2});
    // end sweep
    assert.ok(linesOf('sweep') <= 10, String(linesOf('sweep')));
    assert.equal(rows.length, 12);
    const done = lib.completed(rows), errors = done.map(row => row.last);
    assert.ok(errors.every(error => error > 0 && error < 10), String(errors));
    assert.equal(new Set(errors).size, 12);
    const again = await lib.sweep([{seed: 2, width: 8, rate: 0.001}], async () => ({}));
    assert.equal(again.length, 1);
  }).timeout(120_000);

  it('a forecaster in at most 12 lines, and it is judged like any other', async () => {
    // begin forecaster
    const trend: lib.Forecaster = {
      name: 'trend', information: 'history',
      async fit(...given) {
        const last = await lib.persistence.fit(...given);
        return {name: 'trend', information: 'history', async forecast(history, plan) {
          const {mean, ...rest} = await last.forecast(history, plan), [, s, dy] = mean.shape, {data} = history.outcomes;
          const end = (k: number) => (Math.floor(k / (s * dy)) + 1) * history.outcomes.shape[1] * dy + k % dy;
          const step = (k: number) => (data[end(k) - dy] - data[end(k) - 2 * dy]) * (1 + Math.floor(k / dy) % s);
          return {...rest, mean: lib.ndarray(mean.shape, mean.data.map((v, k) => v + step(k)))};
        }};
      },
    };
    // end forecaster
    assert.ok(linesOf('forecaster') <= 12, String(linesOf('forecaster')));
    const {trajectories} = cancerCohort({patients: 20, rng: lib.rng(1)}), {shape} = trajectories.outcomes;
    const [, T] = shape;
    const line = Float64Array.from({length: shape[0] * T * 2}, (_, k) =>
      (Math.floor(k / 2) % T) * (1 + k % 2) + Math.floor(k / (2 * T)));
    const seen = lib.ndarray(shape, new Float64Array(line.length).fill(1));
    const data = {...trajectories, outcomes: lib.ndarray(shape, line), observed: seen};
    const asked = lib.protocol({name: 'line', decisions: [3, 8], horizon: 4, scaling: lib.unscaled(2)});
    const score = async (f: lib.Forecaster) =>
      (await lib.evaluate(await f.fit(data, data, {rng: lib.rng(0)}), data, asked)).cells;
    assert.ok((await score(trend)).every(({rmse}) => rmse < 1e-12), 'a straight line is continued exactly');
    assert.ok((await score(lib.persistence)).every(({rmse, horizon}) => rmse >= horizon - 1e-12));
  });

  it('a loss of their own in at most 12 lines, by which a network is trained and is another training', async () => {
    // begin loss
    const network = lib.latentNode({width: 4}), options = {...training, epochs: 3};
    const absolute = lib.learned(network, {...options, loss: (params, {history, plan, target}) => {
      const error = tf.sub(network.forecast(params, history, plan), target.outcomes);
      return tf.mean(tf.mul(tf.abs(error), target.observed));
    }});
    // end loss
    assert.ok(linesOf('loss') <= 12, String(linesOf('loss')));
    const [train, validation] = lib.split(lib.rng(1), 2).map(rng => twoStepCohort(rng, {units: 200}).trajectories);
    const fit = (forecaster: typeof absolute) => forecaster.fit(train, validation, {rng: lib.rng(0)});
    const [one, other] = [await fit(lib.learned(network, options)), await fit(absolute)];
    assert.notEqual(one.identity, other.identity);
    assert.ok(other.curve[2].train < other.curve[0].train, 'the loss falls');
    assert.notDeepEqual(one.curve.map(e => e.train), other.curve.map(e => e.train));
  }).timeout(60_000);
});
