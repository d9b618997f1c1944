import assert from 'node:assert/strict';
import fc from 'fast-check';
import {historyAt, planAt} from '../../lib/data';
import {mean, rng, sd} from '../../lib/math';
import {
  twoStepBias, twoStepCohort, twoStepRegression, twoStepTruth, type TwoStepOptions,
} from '../../lib/studies/twoStep';

const N = 6_000;

/** Mean of `values` is `expected`, within 3 standard errors. */
function near(values: ArrayLike<number>, expected: number, what: string): void {
  const error = sd(values) / Math.sqrt(values.length), gap = mean(values) - expected;
  assert.ok(
    Math.abs(gap) < 3 * error,
    `${what}: ${mean(values)} instead of ${expected}, ${(gap / error).toFixed(1)} standard errors off`,
  );
}

/** Recorded Y2 minus `forecast`, over the units with these treatments. */
function residuals(
  options: TwoStepOptions, forecast: typeof twoStepTruth, [first, second]: readonly [number, number],
): Float64Array {
  const {trajectories: t} = twoStepCohort(rng(7), {units: N, ...options});
  const {data: expected} = forecast(historyAt(t, 0), planAt(t, 0, 2), options);
  const rows = Array.from({length: N}, (_, i) => i).filter(i =>
    t.treatments.data[3 * i] === first && t.treatments.data[3 * i + 1] === second);
  return Float64Array.from(rows, i => t.outcomes.data[3 * i + 2] - expected[2 * i + 1]);
}

const PLANS = [[0, 0], [0, 1], [1, 0], [1, 1]] as const;

describe('two steps', () => {
  it('the truth is the mean outcome when treatments are set', () => {
    for (const plan of PLANS) {
      const {trajectories: t} = twoStepCohort(rng(3), {units: N, plan});
      const {data} = twoStepTruth(historyAt(t, 0), planAt(t, 0, 2));
      for (const step of [1, 2]) near(
        Float64Array.from({length: N}, (_, i) => t.outcomes.data[3 * i + step] - data[2 * i + step - 1]), 0,
        `plan ${plan}, step ${step}`,
      );
    }
  });

  it('the regression is the mean outcome among the units that were treated like this', () => {
    for (const options of [{}, {confounding: 0.7, effect: 2, noise: 0.5}, {confounding: -3}])
      for (const plan of PLANS)
        near(residuals(options, twoStepRegression, plan), 0, `${JSON.stringify(options)}, treated ${plan}`);
  });

  it('the regression errs by the bias of the closed form, and records do show it', () => {
    for (const plan of PLANS) {
      const errors = residuals({}, twoStepTruth, plan), far = mean(errors) / (sd(errors) / Math.sqrt(errors.length));
      assert.ok(Math.abs(far) > 8, `treated ${plan}: ${far} standard errors`);
      assert.equal(Math.sign(far), plan[1] === 1 ? 1 : -1);
    }
  });

  it('takes the effect of the second treatment, -1, for harm', () => {
    const seen = -1 + twoStepBias(0, 1) - twoStepBias(0, 0);
    assert.ok(seen > 0.1, `${seen}`);
  });

  it('is unbiased at random treatment, and the bias grows with confounding', () => {
    for (const centre of [-2, 0, 1]) assert.ok(Math.abs(twoStepBias(centre, 1, {confounding: 0})) < 1e-12);
    fc.assert(
      fc.property(fc.double({min: 0, max: 4, noNaN: true}), fc.double({min: 0.05, max: 1, noNaN: true}), (g, more) => {
        assert.ok(twoStepBias(0, 1, {confounding: g + more}) > twoStepBias(0, 1, {confounding: g}));
      }), {numRuns: 25, seed: 1},
    );
  });

  it('errs by the same amount in both arms, mirrored', () => {
    assert.ok(Math.abs(twoStepBias(0.3, 1) + twoStepBias(-0.3, 0)) < 1e-12);
  });

  it('agrees with the limit of certain assignment: the mean of half a normal, sqrt(2 / pi)', () => {
    assert.ok(Math.abs(twoStepBias(0, 1, {confounding: 1e3}) - Math.sqrt(2 / Math.PI)) < 1e-4);
  });

  it('treats with the stated probability', () => {
    const {trajectories: {outcomes, treatments}, truth} = twoStepCohort(rng(5), {units: N});
    const propensity = truth.propensity.data;
    for (const t of [0, 1]) near(
      Float64Array.from({length: N}, (_, i) => treatments.data[3 * i + t] - propensity[2 * i + t]), 0, `time ${t}`,
    );
    for (const i of [0, 1, 99]) assert.equal(propensity[2 * i + 1], 1 / (1 + Math.exp(-2 * outcomes.data[3 * i + 1])));
  });

  it('gives the same units and chance with and without a plan', () => {
    const free = twoStepCohort(rng(4), {units: 50}).trajectories;
    const set = twoStepCohort(rng(4), {units: 50, plan: [0, 0]}).trajectories;
    for (let i = 0; i < 50; i++) {
      assert.equal(free.outcomes.data[3 * i], set.outcomes.data[3 * i]);
      const effect = -(free.treatments.data[3 * i] + free.treatments.data[3 * i + 1]);
      assert.ok(Math.abs(free.outcomes.data[3 * i + 2] - effect - set.outcomes.data[3 * i + 2]) < 1e-12);
    }
  });

  it('refuses bad arguments', () => {
    assert.throws(() => twoStepCohort(rng(1), {units: 0}), /twoStepCohort: argument `units`/);
    assert.throws(() => twoStepCohort(rng(1), {noise: 0}), /argument `noise`/);
    assert.throws(() => twoStepCohort(rng(1), {plan: [0, NaN]}), /argument `plan`/);
    assert.throws(() => twoStepBias(0, 0.5), /argument `treated`/);
    const {trajectories: t} = twoStepCohort(rng(1), {units: 3});
    assert.throws(
      () => twoStepTruth(historyAt(t, 1), planAt(t, 1, 1)), /argument `history` must be known up to time 0/,
    );
    assert.throws(() => twoStepTruth(historyAt(t, 0), planAt(t, 0, 1)), /argument `plan`/);
  });
});
