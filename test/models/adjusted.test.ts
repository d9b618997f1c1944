import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {fitScaler, scaleTrajectories, seriesShape, windows} from '../../lib/data';
import {confoundedEffect, secondEffect} from '../../lib/studies/twoStep';
import {estimated, type Estimated} from '../../lib/math';
import {fold, mean, rng} from '../../lib/math';
import {twoStepCohort} from '../../lib/studies/twoStep';
import {rmsn, rmsnPropensities, type Forecaster} from '../../lib/models';
import {tensors} from '../../lib/nn';
import {learned} from '../../lib/training';
import {inParallel, type Adjustment} from '../../lib/experiments';
import {twoStepForecasters} from '../../lib/studies/twoStep';
import {inputShapes} from '../../lib/training/batches';
import {HISTORY_INPUTS, PLAN_INPUTS, TARGET_INPUTS} from '../../lib/training/functions';

/** Independent repetitions: units, initial weights and batches are all drawn anew. */
const DRAWS = [1, 2, 3, 4], CONFOUNDING = 1, TRUTH = -1;
const test = twoStepCohort(rng(99), {units: 500}).trajectories;
const confounded = confoundedEffect(test, {confounding: CONFOUNDING});

/** How a model sees the second effect after training on confounded records. @param chosenBy confounding of the units by whose error weights are chosen */
async function seenBy({forecaster}: {readonly forecaster: Forecaster}, chosenBy = 0): Promise<Estimated> {
  return estimated(await inParallel(DRAWS, 2, async draw => {
    const source = rng(draw), cohort = (name: string, units: number, confounding: number) =>
      twoStepCohort(fold(source, name), {units, confounding}).trajectories;
    const fitted = await forecaster.fit(cohort('training', 6000, CONFOUNDING), cohort('validation', 1500, chosenBy), {
      rng: fold(source, 'fit'),
    });
    return secondEffect(fitted, test);
  }));
}

const show = ({mean, error}: Estimated) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`;
const off = ({mean, error}: Estimated, from: number) => Math.abs(mean - from) / error;
const ADJUSTED: readonly Adjustment[] = [
  'balance at every step', 'g-formula', 'iterated g-computation', 'weights', 'steps, weights',
];

describe('adjustment on two steps', function () {
  this.timeout(600_000);

  it('a regression on the records misses the truth by most of the effect', () => {
    assert.ok(confounded - TRUTH > 0.6, `${confounded} instead of ${TRUTH}`);
  });

  for (const method of twoStepForecasters({training: {epochs: 30}})) {
    const {name, adjusts} = method;
    if (ADJUSTED.includes(adjusts)) it(`${name} (${adjusts}) is within 3 standard errors of the truth`, async () => {
      const seen = await seenBy(method);
      assert.ok(off(seen, TRUTH) < 3, `${show(seen)} instead of ${TRUTH}`);
      assert.ok(3 * seen.error < 0.25 * (confounded - TRUTH), `${show(seen)} could not tell`);
    });
    else it(`${name} (${adjusts}) is biased towards the regression, as far as one field for both `
        + `steps lets it`, async () => {
      const seen = await seenBy(method);
      assert.ok(off(seen, TRUTH) > 5 && seen.mean > TRUTH, show(seen));
      assert.ok(seen.mean < confounded + 3 * seen.error, show(seen));
    });
  }

  it('the same network without its weights (RMSN, limit 1) is off by the bias of the regression, within 3 '
      + 'standard errors', async () => {
    const forecaster = learned(rmsn({limit: 1 + 1e-9}), {
      epochs: 30, batch: 500, horizon: 2, decisions: [0], rate: {from: 1e-2, to: 1e-4}, adam: {clipNorm: 1},
    });
    const seen = await seenBy({forecaster}, CONFOUNDING);
    assert.ok(off(seen, confounded) < 3, `${show(seen)}, the regression ${confounded.toFixed(3)}`);
    assert.ok(off(seen, TRUTH) > 5, show(seen));
  });

  it('the treatment model that was trained inside RMSN is calibrated: predicted against true probability', async () => {
    const units = 4000;
    const {trajectories, truth: {propensity: {data: propensity}}} = twoStepCohort(rng(8), {
      units, confounding: CONFOUNDING,
    });
    const horizon = 2;
    const settings = {policy: 'bernoulli', numerator: 'nothing', timeScale: 24} as const;
    const fitted = await learned(rmsn(settings), {
      epochs: 30, batch: 400, horizon, decisions: [0], rate: {from: 1e-2, to: 1e-4}, adam: {clipNorm: 1},
    }).fit(trajectories, twoStepCohort(rng(9), {units: 800, confounding: 0}).trajectories, {rng: rng(2)});
    const scalers = {outcomes: fitScaler(trajectories), treatments: fitScaler(trajectories, {of: 'treatments'})};
    const shape = seriesShape(trajectories);
    const [rows] = windows(scaleTrajectories(trajectories, scalers), {
      decisions: [0], horizon, batch: units, length: 1, timeScale: 1, rng: rng(1),
    });
    const sizes = inputShapes(rows.size, shape);
    const tensorsOf = (values: object, names: readonly string[], shapes: readonly number[][]) =>
      Object.fromEntries(
        names.map((name, i) => [name, tf.tensor((values as Record<string, Float32Array>)[name], shapes[i])]),
      ) as never;
    const {below} = rmsnPropensities(tensors(fitted.weights), {
      history: tensorsOf(rows.history, HISTORY_INPUTS, sizes.history),
      plan: tensorsOf(rows.plan, PLAN_INPUTS, sizes.plan),
      target: tensorsOf(rows.target, TARGET_INPUTS, sizes.target),
    }, settings);
    const density = await tf.exp(below).data(), at = (k: number) => 2 * rows.units[Math.floor(k / 2)] + (k % 2);
    const given = (k: number) => trajectories.treatments.data[3 * rows.units[Math.floor(k / 2)] + (k % 2)];
    const error = Array.from(density, (p, k) => (given(k) === 1 ? p : 1 - p) - propensity[at(k)]);
    const rms = Math.sqrt(mean(error.map(e => e ** 2)));
    const rough = Math.sqrt(mean(Array.from(propensity, p => (p - mean(propensity)) ** 2)));
    assert.ok(rms < 0.04, `root mean square error ${rms}`);
    assert.ok(rough > 0.15, `a constant would err by ${rough}`);
  });

  it('choosing weights by the error on confounded records brings part of the bias back into an '
      + 'adjusted model', async () => {
    const [{forecaster}] = twoStepForecasters({models: ['CRN'], training: {epochs: 30}});
    const seen = await seenBy({forecaster}, CONFOUNDING);
    assert.ok(off(seen, TRUTH) > 3 && seen.mean > TRUTH, show(seen));
  });
});
