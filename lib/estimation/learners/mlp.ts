import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../errors';
import {defaultProvider, handle, type Handle} from '../../graph';
import {integers, permutation} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {initMlp, mlp, type MlpParams} from '../../nn';
import {adam, adamRates, assemble, compile, cosineRate, flatten, type Engine} from '../../training';
import {descend} from './descent';
import {BLOCK, inBlocks} from './inBlocks';
import {expectLesson, rowsOf, type RowLearner, type RowLesson} from './rowLearner';

/** Options of {@link mlpLearner}. */
export interface MlpLearnerOptions {
  /** Units in each of two hidden layers, >= 1. Default 16. */
  readonly width?: number;
  /** Steps of Adam, >= 1. Default 2,000. */
  readonly steps?: number;
  /** Rows a step, >= 1. Default 256. */
  readonly batch?: number;
  /** Learning rate at the first and the last step, along half a cosine, above 0. Default 1e-2 to 1e-3. */
  readonly rate?: {readonly from: number; readonly to: number};
  /** Decoupled weight decay per unit of learning rate, >= 0. Default 0. */
  readonly weightDecay?: number;
  /** What runs the steps. Default: the fastest on the processor. */
  readonly engine?: Engine;
}

type Plan = Required<Omit<MlpLearnerOptions, 'engine'>> & Pick<MlpLearnerOptions, 'engine'>;

/**
 * A network of two hidden layers (tanh) that tells all targets at once. A fifth of its rows judge; the weights that do
 * best on them are kept.
 * @throws ArgumentError for options out of range
 */
export function mlpLearner(options: MlpLearnerOptions = {}): RowLearner {
  const {width = 16, steps = 2000, batch = 256, rate = {from: 1e-2, to: 1e-3}, weightDecay = 0, engine} = options;
  const name = 'MLP', fn = 'mlpLearner', plan: Plan = {width, steps, batch, rate, weightDecay, engine};
  expectWhole(fn, {width, steps, batch});
  expect(rate.from > 0 && rate.to > 0, {fn, argument: 'rate', expected: 'above 0', received: [rate.from, rate.to]});
  expect(weightDecay >= 0, {fn, argument: 'weightDecay', expected: '>= 0', received: weightDecay});
  return Object.freeze<RowLearner>({
    name,
    async answers(lesson, asked, rng) {
      expectLesson(name, lesson, asked);
      const x = scaling(lesson.features), y = scaling(lesson.targets);
      const scaled = {...lesson, features: x.scale(lesson.features), targets: y.scale(lesson.targets)};
      return y.back(await trained(scaled, x.scale(asked), plan, rng));
    },
  });
}

/** Columns with mean 0 and sd 1, and back. */
function scaling({shape: [n, d], data}: NdArray) {
  const centre = new Float64Array(d), spread = new Float64Array(d);
  for (let i = 0; i < data.length; i++) centre[i % d] += data[i] / n;
  for (let i = 0; i < data.length; i++) spread[i % d] += (data[i] - centre[i % d]) ** 2 / n;
  const unit = spread.map(v => (v > 0 ? Math.sqrt(v) : 1));
  return {
    scale: (rows: NdArray) => ndarray(rows.shape, rows.data.map((v, i) => (v - centre[i % d]) / unit[i % d])),
    back: (rows: NdArray) => ndarray(rows.shape, rows.data.map((v, i) => v * unit[i % d] + centre[i % d])),
  };
}

async function trained(lesson: RowLesson, asked: NdArray, plan: Plan, rng: Rng): Promise<NdArray> {
  const {features, targets, weights} = lesson, [n, d] = features.shape, m = targets.shape[1], {batch, steps} = plan;
  const engine = plan.engine ?? await defaultProvider();
  const template = initMlp(fold(rng, 'weights'), d, m, {hiddenLayers: 2, width: plan.width});
  const order = permutation(fold(rng, 'judges'), n), count = n < 10 ? 0 : Math.ceil(n / 5);
  const [judges, pupils] = count > 0 ? [order.slice(0, count), order.slice(count)] : [order, order];
  const start = flatten(template), P = start.length, of = (rows: ArrayLike<number>) =>
    Float32Array.from(rows, i => weights?.[i] ?? 1);
  const step = await compile(stepOf(template, plan), [[P], [P], [P], [3], [batch, d], [batch, m], [batch]], engine);
  const ask = await compile(forward(template), [[P], [BLOCK, d]], engine);
  const told = (params: Handle, rows: NdArray) => inBlocks(rows, m, async b => (await ask.run([params, b]))[0]);
  const judged = {features: rowsOf(features, judges), targets: rowsOf(targets, judges).data, weights: of(judges)};
  try {
    const best = await descend({
      start, steps, step,
      inputs: k => {
        const rows = integers(fold(fold(rng, 'batches'), k), batch, {high: pupils.length}).map(i => pupils[i]);
        const rates = handle(adamRates(cosineRate(plan.rate, k / steps), k + 1), [3]);
        return [rates, floats(rowsOf(features, rows)), floats(rowsOf(targets, rows)), handle(of(rows), [batch])];
      },
      judge: async params => (await told(params, judged.features)).data.reduce((sum, v, i) =>
        sum + judged.weights[Math.floor(i / m)] * (v - judged.targets[i]) ** 2, 0),
    });
    return await told(handle(best, [P]), asked);
  } finally {
    await Promise.all([step.dispose(), ask.dispose()]);
  }
}

/** `(params, x) -> [y]` */
const forward = (template: MlpParams) => (params: tf.Tensor, x: tf.Tensor) =>
  [mlp(assemble(template, params as tf.Tensor1D), x as tf.Tensor2D, 'tanh')];

/** `(params, mean, square, rates, x, y, w) -> [loss, params', mean', square']` */
function stepOf(template: MlpParams, {weightDecay}: Plan) {
  return (params: tf.Tensor, mean: tf.Tensor, square: tf.Tensor, ...rest: tf.Tensor[]) => {
    const [rates, x, y, w] = rest;
    const loss = (p: tf.Tensor) => {
      const off = tf.sub(forward(template)(p, x)[0], y);
      return tf.div(tf.sum(tf.mul(w, tf.sum(tf.square(off), 1))), tf.sum(w)) as tf.Scalar;
    };
    const {value, grad} = tf.valueAndGrad(loss)(params);
    const next = adam({params, mean, square} as never, grad as tf.Tensor1D, rates as tf.Tensor1D, {weightDecay});
    return [value, next.params, next.mean, next.square];
  };
}

const floats = ({shape, data}: NdArray): Handle => handle(Float32Array.from(data), [...shape]);
