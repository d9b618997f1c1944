import * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../math/rng';
import {initMlp, mlp, type MlpParams, type Tensors} from '../../nn';
import type {PlanTensors} from '../network';
import {intervals} from '../parts/rollOut';

/** Weights of a treated latent SDE. */
export interface TreatedSdeParams {
  /** From state and treatment to the drift, less the state itself. */
  readonly drift: MlpParams;
}

/** How a stochastic equation is solved. */
export interface SdeSettings {
  /** sigma, per square root of a clock unit. */
  readonly diffusion: number;
  /** Rate at which the prior's drift pulls the state to 0. */
  readonly reversion: number;
  /** Euler-Maruyama steps in each interval. */
  readonly substeps: number;
  /** The clock runs to `CLOCK` in this time. */
  readonly timeScale: number;
}

/** Which path of the state is asked for. */
export interface SdePath {
  /** `[batch, S * substeps * state]` standard normal; absent for the path without noise. */
  readonly noise?: tf.Tensor2D;
  /** `[batch, S]`, 1 for the intervals whose distance counts; default all. */
  readonly counts?: tf.Tensor2D;
}

/** What the clock of the latent state shows after a typical history. */
const CLOCK = 5;

/** Fresh weights. */
export function initTreatedSde(rng: Rng, {state, treatments, width, hiddenLayers}: {
  readonly state: number;
  readonly treatments: number;
  readonly width: number;
  readonly hiddenLayers: number;
}): TreatedSdeParams {
  return {drift: initMlp(rng, state + treatments, state, {hiddenLayers, width})};
}

/**
 * One path of `dh = (net(h, a) - h) dt + sigma dW` along a plan, by Euler-Maruyama, with its distance from the prior
 * `dh = -reversion h dt + sigma dW` carried along as one more state:
 * `d distance = |drift - prior drift|^2 / (2 sigma^2) dt`, which is the Kullback-Leibler divergence of the two laws on
 * average over paths. The pull `- h` keeps the state bounded.
 * @param start `[batch, state]`
 * @returns states at the ends of the S intervals and the distance `[batch, 1]`
 * @reference Li, Wong, Chen, Duvenaud 2020, Scalable gradients for stochastic differential equations, arXiv:2001.01328
 */
export function treatedSde(
  {drift}: Tensors<TreatedSdeParams>, start: tf.Tensor2D, plan: PlanTensors, settings: SdeSettings & SdePath,
): {states: tf.Tensor2D[]; distance: tf.Tensor2D} {
  const {diffusion, reversion, substeps, timeScale, noise, counts} = settings;
  const [batch, state] = start.shape, states: tf.Tensor2D[] = [];
  let h = start, distance = tf.zeros<tf.Rank.R2>([batch, 1]), draw = 0;
  intervals(plan).forEach(({treatment, duration}, interval) => {
    const dt = tf.mul<tf.Tensor2D>(duration, CLOCK / timeScale / substeps), spread = tf.mul(tf.sqrt(dt), diffusion);
    const share = counts ? tf.mul(dt, counts.slice([0, interval], [batch, 1])) : dt;
    for (let i = 0; i < substeps; i++) {
      const speed = tf.sub<tf.Tensor2D>(mlp(drift, tf.concat([h, treatment], 1), 'tanh'), h);
      const excess = tf.square(tf.add(speed, tf.mul(h, reversion)));
      distance = tf.add(distance, tf.mul(tf.sum(excess, 1, true), tf.mul(share, 0.5 / diffusion ** 2)));
      h = tf.add(h, tf.mul(speed, dt));
      if (noise) h = tf.add(h, tf.mul(noise.slice([0, state * draw++], [batch, state]), spread));
    }
    states.push(h);
  });
  return {states, distance};
}
