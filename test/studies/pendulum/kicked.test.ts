import assert from 'node:assert/strict';
import {ndarray, rng} from '../../../lib/math';
import {structuredHybrid} from '../../../lib/models';
import {
  GRAVITY, kickedMechanism, kickedPendulum, kickedScores, KICK_STEP, NO_FRICTION, RICH_FRICTION,
  type KickedPendulumOptions,
} from '../../../lib/studies/pendulum';
import {learned} from '../../../lib/training';

const quiet = {size: [0, 0], rate: 0} as const;
const swing = (options: Partial<KickedPendulumOptions>) =>
  kickedPendulum({rng: rng(1), units: 20, times: 101, truth: NO_FRICTION, kicks: quiet, noise: 0, ...options});

describe('Kicked pendulums', () => {
  it('keep their energy without friction: it drifts by less than 1e-6 in 10 s', () => {
    const {truth: {state, length}} = swing({});
    for (let i = 0; i < 20; i++) {
      const energy = (t: number) => {
        const [angle, speed] = state.data.subarray(2 * (i * 101 + t));
        return speed ** 2 / 2 - GRAVITY / length.data[i] * (Math.cos(angle) - 1);
      };
      assert.ok(Math.abs(energy(100) - energy(0)) < 1e-6, String(energy(100) - energy(0)));
    }
  });

  it('swing with the period 2 π √(l / g) when angles are small', () => {
    const {truth: {state, length}} = swing({angle: [0.001, 0.002]});
    for (let i = 0; i < 20; i++) {
      const period = 2 * Math.PI * Math.sqrt(length.data[i] / GRAVITY), start = state.data[2 * i * 101];
      for (let t = 0; t <= 100; t++) {
        const expected = start * Math.cos(2 * Math.PI * t * KICK_STEP / period);
        assert.ok(Math.abs(state.data[2 * (i * 101 + t)] - expected) < 2e-7, `${t}`);
      }
    }
  });

  it('lose energy by friction, more with the covariate', () => {
    const calm = swing({truth: RICH_FRICTION, units: 200}), {truth: {state}, trajectories: {statics}} = calm;
    const left = Array.from({length: 200}, (_, i) => {
      const at = (t: number) => Math.abs(state.data[2 * (i * 101 + t)]);
      return Math.max(...Array.from({length: 25}, (_v, k) => at(76 + k))) / at(0);
    });
    const slow = left.filter((_, i) => statics.data[i] < 0.3), fast = left.filter((_, i) => statics.data[i] > 0.7);
    assert.ok(Math.max(...left) < 1 && Math.min(...slow) > Math.max(...fast));
  });

  it('jump by a kick at once, less at large angles, and only by it', () => {
    const times = 3, plan = ndarray([20, 1, 1], new Float64Array(20).fill(0.5));
    const near = {times, angle: [1.2, 1.3]} as const;
    const truth = {...NO_FRICTION, loss: 0.6}, cohort = swing({...near, truth});
    const [kicked, calm] = [plan, ndarray([20, 1, 1])].map(p => cohort.twins(0, p, {noise: 'none'}));
    const length = cohort.truth.length.data;
    for (let i = 0; i < 20; i++) {
      const gain = 1 - 0.6 * Math.sin(cohort.truth.state.data[2 * i * times]) ** 2, by = gain * 0.5 / length[i] ** 2;
      const after = (run: typeof kicked) => run.truth.state.data[2 * (2 * i + 1) + 1];
      assert.ok(Math.abs(after(kicked) - after(calm) - by) < 0.12 * by, `${after(kicked) - after(calm)} ${by}`);
    }
  });

  it('are kicked as often as is said, and more often far out when confounded', () => {
    const kicks = {size: [0.5, 1], rate: 1} as const, count = (options: Partial<KickedPendulumOptions>) => {
      const {treatments} = swing({units: 200, kicks, ...options}).trajectories;
      assert.ok(treatments.data.every(v => v === 0 || (Math.abs(v) >= 0.5 && Math.abs(v) <= 1)));
      return treatments.data.filter(v => v !== 0).length;
    };
    const n = 200 * 101, expected = n * 0.1, sd = Math.sqrt(n * 0.1 * 0.9);
    assert.ok(Math.abs(count({}) - expected) < 4.5 * sd);
    assert.ok(count({confounded: true, angle: [1, 1.2]}) > count({confounded: true, angle: [0, 0.01]}));
    const later = swing({units: 200, later: {from: 50, size: [2, 3], rate: 1}}).trajectories.treatments.data;
    assert.ok(later.every((v, k) => (k % 101 < 50 ? v === 0 : v === 0 || Math.abs(v) >= 2)));
    assert.throws(() => swing({units: 0}), /kickedPendulum: argument `units`/);
    assert.throws(() => swing({noise: -1}), /argument `noise`/);
  });
});

describe('A hybrid of the kicked pendulum', () => {
  it('frozen, keeps what the mechanism was trained to read, and learns what it leaves out', async () => {
    const preprocessing = {
      outcomes: {standardise: false}, treatments: {standardise: false}, statics: {standardise: false},
    } as const;
    const options = {
      epochs: 12, batch: 50, horizon: 10, decisions: [15, 20, 25], rate: {from: 5e-3, to: 5e-4}, preprocessing,
    };
    const [train, validation, test] = [1, 2, 3].map(k =>
      kickedPendulum({rng: rng(k), units: k === 1 ? 200 : 100, times: 41}));
    const [easy, check] = [4, 5].map(k => kickedPendulum({rng: rng(k), units: 200, times: 41, truth: NO_FRICTION}));
    const mechanism = kickedMechanism(), plain = structuredHybrid(mechanism, {learned: 'none', hidden: 16});
    const before = await learned(plain, options).fit(easy.trajectories, check.trajectories, {rng: rng(6)});
    const from = before.weights, hybrid = structuredHybrid(mechanism, {from, encoder: 'frozen', hidden: 16, width: 16});
    const after = await learned(hybrid, options).fit(train.trajectories, validation.trajectories, {rng: rng(7)});
    assert.deepEqual(after.weights.encoder, from.encoder);
    assert.deepEqual(after.weights.head, from.head);
    const [alone, together] = [await kickedScores(before, test, {decision: 20, horizon: 20}),
      await kickedScores(after, test, {decision: 20, horizon: 20})];
    assert.ok(together.course < 0.8 * alone.course, `${together.course} ${alone.course}`);
  }).timeout(120_000);
});
