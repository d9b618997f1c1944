import assert from 'node:assert/strict';
import {Matrix, solve} from 'ml-matrix';
import {effectCurve, effectOf, type Residuals, type RowLearner} from '../../lib/estimation';
import {ndarray, rng} from '../../lib/math';
import referees from './fixtures/referees.json';

const {x, d, y, outcome, treatment} = referees, n = d.length;

/** What is left when the predictions of the file are taken away. */
const left = (repeat: number): Residuals => ({
  outcome: Float64Array.from(y, (v, i) => v - outcome[repeat][i]),
  treatment: Float64Array.from(d, (v, i) => v - treatment[repeat][i]),
});

const near = (got: number, want: number) =>
  assert.ok(Math.abs(got - want) <= 1e-8 * Math.max(1, Math.abs(want)), `${got}, not ${want}`);

/** Weighted least squares of a straight line, by its normal equations. */
const line: RowLearner = {
  name: 'line',
  async answers({features: {shape: [rows, k], data}, targets, weights}, asked) {
    const design = (all: Float64Array, at: number) => [1, ...all.subarray(at * k, (at + 1) * k)];
    const all = Array.from({length: rows}, (_, i) => design(data, i)), w = (i: number) => weights?.[i] ?? 1;
    const moments = (of: (i: number, a: number) => number) =>
      Array.from({length: k + 1}, (_, a) => all.reduce((sum, _row, i) => sum + w(i) * of(i, a), 0));
    const gram = new Matrix(Array.from({length: k + 1}, (_, b) => moments((i, a) => all[i][a] * all[i][b])));
    const slope = solve(gram, Matrix.columnVector(moments((i, a) => all[i][a] * targets.data[i]))).getColumn(0);
    return ndarray([asked.shape[0], 1], Float64Array.from({length: asked.shape[0]}, (_, i) =>
      design(asked.data, i).reduce((sum, v, a) => sum + v * slope[a], 0)));
  },
};

describe('The same folds and the same predictions give', () => {
  it(`the effects and standard errors of DoubleML ${referees.versions.doubleml}, to 1e-8`, () => {
    assert.equal(referees.effects.length, 3);
    referees.effects.forEach((effect, repeat) => {
      const own = effectOf(left(repeat));
      near(own.effect, effect);
      near(own.standardError, referees.errors[repeat]);
    });
  });

  it('its median over repeats', () => {
    const sorted = [0, 1, 2].map(repeat => effectOf(left(repeat)).effect).sort((a, b) => a - b);
    near(sorted[1], referees.effect);
  });

  it(`the effects that differ of EconML ${referees.versions.econml}, to 1e-8`, async () => {
    const asked = ndarray([referees.asked.length, 2], Float64Array.from(referees.asked.flat()));
    const modifiers = ndarray([n, 2], Float64Array.from(x.flat()));
    const told = await effectCurve(left(0), modifiers, asked, {learner: line, rng: rng(1)});
    told.forEach((v, k) => near(v, referees.curve[k]));
  });
});
