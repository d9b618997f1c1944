import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {mean, ndarray, rng, sd, type NdArray} from '../../../lib/math';
import type {FittedForecaster} from '../../../lib/models';
import {rk4} from '../../../lib/ode';
import {rollOut} from '../../../lib/models/parts/rollOut';
import {
  anyCompartments, BOLUS_STEP, bolusMechanism, bolusPeople, bolusScores, course, doseScores, LINEAR_KINETICS, marsh,
  SATURABLE, SLOW_MIXING, type BolusPeopleOptions,
} from '../../../lib/studies/propofol';

const pumped = (options: Partial<BolusPeopleOptions> = {}) => bolusPeople({
  rng: rng(1), units: 12, truth: LINEAR_KINETICS, noise: 0, compartments: person => marsh(person), ...options,
});
const once = {boluses: {size: [2, 2], chance: 0}} as const;

describe('People with boluses', () => {
  it('follow the exact course where kinetics are linear', () => {
    const {truth: {state}} = pumped(once);
    const exact = course(marsh({age: 40, weight: 70, height: 175, sex: 'male'}),
      {time: [0], rate: [0], bolus: [140]}, Array.from({length: 15}, (_, k) => (k + 1) * BOLUS_STEP));
    for (let i = 0; i < 12; i++) for (let t = 1; t < 16; t++) {
      assert.ok(Math.abs(state.data[2 * (16 * i + t)] - exact.plasma[t - 1]) < 1e-6);
      assert.ok(Math.abs(state.data[2 * (16 * i + t) + 1] - exact.effect[t - 1]) < 1e-6);
    }
  });

  it('have less in blood while a bolus mixes, and keep more where clearance saturates', () => {
    const blood = (truth: BolusPeopleOptions['truth'], t: number) =>
      mean(Array.from({length: 12}, (_, i) => pumped({...once, truth}).truth.state.data[2 * (16 * i + t)]));
    assert.ok(blood(SLOW_MIXING, 1) < 0.9 * blood(LINEAR_KINETICS, 1));
    assert.ok(blood(SATURABLE, 15) > 1.05 * blood(SLOW_MIXING, 15));
  });

  it('are measured with the error that is asked for, and dosed as is said', () => {
    const {trajectories: {outcomes, treatments}, truth: {state}} = pumped({noise: 0.2, units: 100});
    const error = (v: number, k: number) => (state.data[k] > 0 ? [Math.log(v / state.data[k])] : []);
    const errors = Array.from(outcomes.data).flatMap(error);
    assert.ok(Math.abs(sd(errors) - 0.2) < 4.5 * 0.2 / Math.sqrt(2 * errors.length));
    const given = treatments.data.filter((_, k) => k % 16 > 0), often = given.filter(v => v > 0).length / given.length;
    assert.ok(Math.abs(often - 0.12) < 4.5 * Math.sqrt(0.12 * 0.88 / given.length));
    assert.ok(treatments.data.every(v => v === 0 || (v >= 0.5 && v <= 2)));
    const later = pumped({later: {from: 5, size: [3, 4], chance: 0.5}}).trajectories.treatments.data;
    assert.ok(later.every((v, k) => k % 16 < 5 || v === 0 || v >= 3));
    assert.throws(() => pumped({units: 0}), /bolusPeople: argument `units`/);
    assert.throws(() => pumped({noise: -1}), /argument `noise`/);
    const person = {age: 30, weight: 70, height: 175, sex: 'male'} as const;
    assert.ok(Object.values(anyCompartments(person, rng(2))).every(v => v > 0 && v < 1000));
  });

  it('are what their mechanism says, given their constants', () => {
    const {flow, jump, scale, ranges} = bolusMechanism(), v1 = 0.228, rates = [0.119, 0.112, 0.0419].map(k => k * v1);
    const own = tf.tensor2d([[v1, rates[1] / 0.055, rates[2] / 0.0033, ...rates, 0.26]]);
    own.dataSync().forEach((v, k) => assert.ok(v > ranges[k][0] && v < ranges[k][1]));
    const inputs = {own, shared: tf.tensor1d([0]), statics: tf.zeros<tf.Rank.R2>([1, 3])};
    const {truth: {state}, trajectories: {treatments}} = pumped();
    let x = tf.zeros<tf.Rank.R2>([1, scale.length]);
    for (let t = 0; t < 15; t++) {
      const a = tf.tensor2d([[treatments.data[t]]]);
      x = rollOut((z, u) => flow(z, inputs, u), tf.add(x, jump!(x, inputs, a)),
        {treatment: a, duration: tf.tensor2d([[BOLUS_STEP]])}, {solver: rk4, substeps: 3});
      x.dataSync().slice(0, 2).forEach((v, j) =>
        assert.ok(Math.abs(v - state.data[2 * (t + 1) + j]) < 2e-3 * Math.max(1, v), `${t} ${v}`));
    }
  });

  it('score nothing off for a forecaster that knows, and something for one that does not', async () => {
    const cohort = pumped({units: 30}), asked = {decision: 5, horizon: 10}, dose = {...asked, target: 3, most: 8};
    const knows = (factor: number) => ({forecast: async (_h: unknown, {treatments}: {treatments: NdArray}) => {
      const {data} = cohort.twins(5, treatments, {noise: 'none'}).truth.state, T = data.length / 60;
      return {mean: ndarray([30, 10, 2], Float64Array.from({length: 600}, (_, k) =>
        factor * data[2 * (Math.floor(k / 20) * T + 6 + Math.floor(k % 20 / 2)) + k % 2]))};
    }}) as unknown as FittedForecaster;
    const right = await bolusScores(knows(1), cohort, asked);
    for (const value of Object.values(right)) assert.ok(value < 1e-12);
    const high = await bolusScores(knows(1.1), cohort, asked);
    for (const value of [high.effect, high.effectSite]) assert.ok(Math.abs(value - 0.1) < 1e-9);
    for (const value of [high.blood, high.peak]) assert.ok(Math.abs(value - Math.log(1.1)) < 1e-9);
    assert.deepEqual(await doseScores(knows(1), cohort, dose), {error: 0, overdosed: 0});
    const low = await doseScores(knows(0.7), cohort, dose);
    assert.ok(low.error > 0.3 && low.overdosed === 1);
    await assert.rejects(doseScores(knows(1), cohort, {...dose, target: 0}), /doseScores: argument `target`/);
  });
});
