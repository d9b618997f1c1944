import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {takeUnits, type Trajectories} from '../../lib/data';
import {evaluate, protocol, trainingSd} from '../../lib/evaluation';
import {normal, rng, uniform} from '../../lib/math';
import {persistence, type HistoryTensors, type Network, type PlanTensors, type TargetTensors} from '../../lib/models';
import {leaves, rebuild, tensors, type Tensors, type Weight} from '../../lib/nn';
import {cancerCohort} from '../../lib/studies/cancer';
import {learned, type LearnedForecaster, type LearningOptions} from '../../lib/training';
import {compile} from '../../lib/training/engine';
import {flatten, trainingStep} from '../../lib/training/functions';
import {handle} from '../../lib/graph';
import {expectSeesOnlyHistoryAndPlan} from './noLeak';

export const SHAPE = {outcomes: 2, treatments: 1, statics: 1} as const;
const B = 6, L = 5, S = 3;

/** Histories of different length with gaps, uneven intervals, and what came true. */
export function exampleBatch(): {history: HistoryTensors; plan: PlanTensors; target: TargetTensors} {
  const draw = (name: number, n: number) => normal(rng(name), n);
  const chance = (name: number, n: number) => uniform(rng(name), n);
  const ends = Array.from({length: B}, (_, b) => 1 + b % (L - 1));
  const gaps = chance(1, B * L).map(u => 0.5 + u), kept = (b: number, k: number) => k <= ends[b];
  const per = (d: number, value: (b: number, k: number, j: number) => number) =>
    Float32Array.from({length: B * L * d}, (_, i) => value(Math.floor(i / (L * d)), Math.floor(i / d) % L, i % d));
  const y = draw(2, B * L * 2), a = draw(3, B * L), seen = chance(4, B * L * 2);
  const observed = per(2, (b, k, j) => (kept(b, k) && seen[(b * L + k) * 2 + j] > 0.25 ? 1 : 0));
  const time = per(1, (b, k) => -gaps.slice(b * L + k, b * L + Math.max(k, ends[b])).reduce((sum, g) => sum + g, 0));
  const targetSeen = Float32Array.from(chance(5, B * S * 2), u => (u > 0.2 ? 1 : 0));
  return {
    history: {
      time: tf.tensor2d(time, [B, L]), observed: tf.tensor3d(observed, [B, L, 2]),
      outcomes: tf.tensor3d(observed.map((o, i) => o * y[i]), [B, L, 2]),
      treatments: tf.tensor3d(per(1, (b, k) => (k < ends[b] ? a[b * L + k] : 0)), [B, L, 1]),
      last: tf.tensor2d(per(1, (b, k) => (k === ends[b] ? 1 : 0)), [B, L]),
      statics: tf.tensor2d(Float32Array.from(draw(6, B)), [B, 1]),
    },
    plan: {
      duration: tf.tensor2d(Float32Array.from(chance(7, B * S), u => 0.5 + u), [B, S]),
      treatments: tf.tensor3d(Float32Array.from(draw(8, B * S)), [B, S, 1]),
    },
    target: {
      outcomes: tf.tensor3d(Float32Array.from(draw(9, B * S * 2)).map((v, i) => v * targetSeen[i]), [B, S, 2]),
      observed: tf.tensor3d(targetSeen, [B, S, 2]),
    },
  };
}

/** Weights with nothing at zero, so that every path matters. */
export function stirred<P>(network: Network<P>, shape = SHAPE, seed = 1): P {
  const weights = network.init(rng(seed), shape);
  leaves<Weight>(weights).forEach(({value}, i) =>
    normal(rng(50 + i), value.data.length).forEach((v, k) => { value.data[k] += 0.2 * v; }));
  return weights;
}

const noiseOf = (network: Network<never>): tf.Tensor2D | undefined => {
  const n = network.noise?.(S);
  return n === undefined ? undefined : tf.tensor2d(Float32Array.from(normal(rng(10), B * n)), [B, n]);
};

export function lossOf<P>(network: Network<P>, params: Tensors<P>): tf.Scalar {
  const {history, plan, target} = exampleBatch();
  return network.loss(params, {history, plan, target}, {progress: tf.scalar(0.5), noise: noiseOf(network as never)});
}

/** Every weight changes the training loss. */
export function expectGradientEverywhere<P>(network: Network<P>): void {
  const weights = stirred(network), all = leaves<tf.Tensor>(tensors(weights));
  const gradients = tf.grads((...values: tf.Tensor[]) =>
    lossOf(network, rebuild(weights, values) as unknown as Tensors<P>))(all.map(({value}) => value));
  gradients.forEach((g, i) =>
    assert.ok(Math.max(...g.abs().dataSync()) > 0, `${network.name}: no gradient reaches ${all[i].path}`));
}

/** One training step, run operation by operation and as a recorded program, gives the same loss and the same weights. */
export async function expectRecordedEqualsEager<P>(network: Network<P>, tolerance = 1e-5): Promise<void> {
  const weights = stirred(network), {history, plan, target} = exampleBatch(), noise = noiseOf(network as never);
  const params = flatten(weights);
  const zero = () => handle(new Float32Array(params.length), [params.length]);
  const batch = [
    history.time, history.outcomes, history.observed, history.treatments, history.last, history.statics, plan.duration,
    plan.treatments, target.outcomes, target.observed, ...(noise ? [noise] : []),
  ];
  const inputs = [
    handle(params, [params.length]), zero(), zero(), handle(Float32Array.of(1e-3, 1, 1, 0.5), [4]),
    ...batch.map(t => handle(t.dataSync() as Float32Array, t.shape)),
  ];
  const [loss, next] = await Promise.all((['eager', 'cpu'] as const).map(async engine => {
    const program = await compile(trainingStep(network, weights, {}), inputs.map(({shape}) => shape), engine);
    const outputs = await Promise.all((await program.run(inputs)).map(async h =>
      Float32Array.from(await h.read() as Float32Array)));
    await program.dispose();
    return outputs;
  }));
  // The running mean of the gradients, not Adam's step: dividing by their size would blow up rounding errors where they
  // vanish.
  for (const at of [0, 2]) {
    const largest = Math.max(...loss[at].map(Math.abs));
    const apart = Math.max(...loss[at].map((v, i) => Math.abs(v - next[at][i])));
    assert.ok(
      largest > 0 && apart <= tolerance * largest, `${network.name}: output ${at}: ${apart} apart, largest ${largest}`,
    );
  }
}

/** A small cancer cohort, in two parts. */
export function smallCohort(): {training: Trajectories; validation: Trajectories} {
  const all = cancerCohort({gamma: 4, patients: 128, steps: 14, rng: rng(1)}).trajectories;
  const part = (n: number, from: number) => takeUnits(all, Int32Array.from({length: n}, (_, i) => from + i));
  return {training: part(96, 0), validation: part(32, 96)};
}

const QUICK: LearningOptions = {
  epochs: 10, repeats: 4, batch: 48, horizon: 4, decisions: [3, 5, 7, 9], transform: 'log',
  rate: {from: 1e-2, to: 1e-3}, adam: {clipNorm: 1},
};

/** Trained for seconds, it beats repeating the last outcome on new units, and sees nothing but history and plan. */
export async function expectLearnsWithoutLeak<P>(
  network: Network<P>, wrap: (f: LearnedForecaster<P>) => LearnedForecaster<P> = f => f,
): Promise<void> {
  const {training, validation} = smallCohort();
  const score = protocol({name: 'small', decisions: [8], horizon: 4, scaling: trainingSd(training)});
  const fitted = await wrap(learned(network, QUICK)).fit(training, validation, {rng: rng(2)});
  const mean = async (f: Parameters<typeof evaluate>[0]) => (await evaluate(f, validation, score)).cells.filter(c =>
    c.outcome === 'tumour volume').reduce((sum, c) => sum + c.rmse, 0);
  const [own, last] = [await mean(fitted), await mean(await persistence.fit(training, validation, {rng: rng(3)}))];
  assert.ok(own < 0.7 * last, `${network.name}: ${own} is not below 0.7 of persistence, ${last}`);
  await expectSeesOnlyHistoryAndPlan(fitted, validation, {usesPlan: true, runs: 4});
}
