import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {record} from '../../lib/graph';
import {normal, rng, uniform} from '../../lib/math';
import {
  balancingLoss, balancingStrength, initPropensity, logPropensity, propensity, stabilisedWeights, type Policy,
} from '../../lib/models';
import {leaves, rebuild, tensors, type Tensors, type Weight} from '../../lib/nn';
import {compiled} from '../graph/compare';

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `[${i}]: ${actual[i]} is not ${expected[i]}`);
};
const logistic = (v: number) => 1 / (1 + Math.exp(-v));

/** A head without hidden layers: logit (or mean and raw log sd) = features W + b. */
const affine = (weight: number[][], bias: number[]) =>
  ({head: {layers: [{weight: tf.tensor2d(weight), bias: tf.tensor1d(bias)}]}});

/** Plain gradient descent on eager tensors. */
function descend<P>(weights: P, loss: (params: Tensors<P>) => tf.Scalar, steps: number, rate: number): Tensors<P> {
  let now = leaves<tf.Tensor>(tensors(weights)).map(l => l.value);
  const as = (list: readonly tf.Tensor[]) => rebuild(weights, list) as unknown as Tensors<P>;
  for (let i = 0; i < steps; i++)
    now = tf.tidy(() => tf.grads((...list) => loss(as(list)))(now).map((g, j) => tf.sub(now[j], tf.mul(g, rate))));
  return as(now);
}

describe('propensity', () => {
  it('is p^A (1-p)^(1-A) in logarithms, summed over channels, whatever was given', () => {
    const out = logPropensity(
      affine([[1, -2]], [0.5, 0]), tf.tensor2d([[1], [1], [-3]]), tf.tensor2d([[0.9, 1.1], [-0.9, 1.1], [0.9, -0.4]]),
      'bernoulli',
    ).dataSync();
    const p = (x: number) => [logistic(x + 0.5), logistic(-2 * x)];
    close(out, [Math.log(p(1)[0] * p(1)[1]), Math.log((1 - p(1)[0]) * p(1)[1]), Math.log(p(-3)[0] * (1 - p(-3)[1]))]);
  });

  it('does not overflow for treatments that were all but impossible', () => {
    const [out] = logPropensity(affine([[200]], [0]), tf.tensor2d([[1]]), tf.tensor2d([[-1]]), 'bernoulli').dataSync();
    close([out], [-200], 1e-3);
  });

  it('a Gaussian head is the normal log density of a dose', () => {
    const logSd = 3 * Math.tanh(-0.5 / 3), sd = Math.exp(logSd);
    close(logPropensity(affine([[2, 0]], [0.1, -0.5]), tf.tensor2d([[1]]), tf.tensor2d([[1.5]]), 'gaussian').dataSync(),
      [-0.5 * ((1.5 - 2.1) / sd) ** 2 - logSd - 0.5 * Math.log(2 * Math.PI)]);
  });

  it('refuses an unknown policy', () => assert.throws(
    () => initPropensity(rng(1), 1, 1, {policy: 'poisson' as Policy}),
    /initPropensity: argument `policy` must be 'bernoulli' or 'gaussian'/,
  ));

  it('fitted, recovers a known propensity: calibrated in every tenth of the data', () => {
    const N = 3000, x = normal(rng(1), N), u = uniform(rng(2), N);
    const truth = Array.from(x, v => logistic(1.5 * v - 0.4));
    const features = tf.tensor2d(Float32Array.from(x), [N, 1]);
    const given = tf.tensor2d(Float32Array.from(truth, (p, i) => (u[i] < p ? 1 : -1)), [N, 1]);
    const fitted = descend(
      initPropensity(rng(3), 1, 1, {policy: 'bernoulli', width: 8}),
      p => tf.neg(tf.mean(logPropensity(p, features, given, 'bernoulli'))).asScalar(), 150, 1,
    );
    const estimate = propensity(fitted, features).dataSync();
    const order = Array.from(x.keys()).sort((i, j) => truth[i] - truth[j]);
    for (let tenth = 0; tenth < 10; tenth++) {
      const rows = order.slice(tenth * N / 10, (tenth + 1) * N / 10);
      const mean = (of: ArrayLike<number>) => rows.reduce((s, i) => s + of[i], 0) / rows.length;
      assert.ok(Math.abs(mean(estimate) - mean(truth)) < 0.04, `tenth ${tenth}: ${mean(estimate)} for ${mean(truth)}`);
    }
  });
});

describe('stabilised weights', () => {
  const column = (values: readonly number[]) => tf.tensor2d([...values], [values.length, 1]);
  const ones = (shape: [number, number]) => tf.ones<tf.Rank.R2>(shape);

  it('are the cumulated ratio of numerator to denominator with mean 1 at each step', () => {
    const numerator = tf.log(tf.tensor2d([[0.5, 0.5], [0.5, 0.5]])) as tf.Tensor2D;
    const denominator = tf.log(tf.tensor2d([[0.8, 0.4], [0.2, 0.6]])) as tf.Tensor2D;
    const raw = [[0.5 / 0.8, 0.25 / 0.32], [0.5 / 0.2, 0.25 / 0.12]];
    const means = [0, 1].map(s => (raw[0][s] + raw[1][s]) / 2);
    close(stabilisedWeights(numerator, denominator, ones([2, 2])).dataSync(), raw.flatMap(row =>
      row.map((w, s) => w / means[s])));
  });

  it('are limited, and 0 where a step is not active', () => {
    const w =
      stabilisedWeights(column([5, -5, 0, 99]), column([0, 0, 0, 0]), column([1, 1, 1, 0]), {limit: 4}).dataSync();
    const raw = [4, 0.25, 1, 0];
    close(w, raw.map(v => v / (5.25 / 3)));
    assert.throws(
      () => stabilisedWeights(column([0]), column([0]), column([1]), {limit: 1}),
      /argument `limit` must be a finite number > 1/,
    );
  });

  it('under a known propensity, remove the confounding of a mean that the plain mean keeps', () => {
    // Y = X + A + noise with A ~ Bernoulli(logistic(X)): E[Y | do(A = 1)] = 1, while E[Y | A = 1] = 1 + E[X | A = 1].
    const N = 20000, x = normal(rng(4), N), e = normal(rng(5), N), u = uniform(rng(6), N);
    const given = Array.from(x, (v, i) => Number(u[i] < logistic(v))), share = given.reduce((a, b) => a + b) / N;
    const log = (p: (i: number) => number) => column(given.map((a, i) => Math.log(a ? p(i) : 1 - p(i))));
    const weights =
      stabilisedWeights(log(() => share), log(i => logistic(x[i])), ones([N, 1]), {limit: 100}).dataSync();
    const treated = Array.from(x.keys()).filter(i => given[i]);
    const total = (of: (i: number) => number) => treated.reduce((s, i) => s + of(i), 0);
    const y = (i: number) => x[i] + 1 + 0.5 * e[i];
    const plain = total(y) / treated.length, weighted = total(i => weights[i] * y(i)) / total(i => weights[i]);
    assert.ok(plain > 1.35, `${plain}`);
    assert.ok(Math.abs(weighted - 1) < 0.04, `${weighted}`);
  });

  it('carry no gradient', () => {
    const g = tf.grad(d => tf.sum(stabilisedWeights(tf.zeros([2, 2]), d as tf.Tensor2D, ones([2, 2]))))(
      tf.tensor2d([[0.1, 0.2], [0.3, 0.4]]),
    );
    close(g.dataSync(), [0, 0, 0, 0]);
  });
});

describe('balancing', () => {
  it('rises from 0 to its most as 2 / (1 + exp(-10 p)) - 1', () =>
    close([0, 0.1, 1].map(p => balancingStrength(tf.scalar(p), 0.5).dataSync()[0]), [
      0, 0.5 * (2 / (1 + Math.exp(-1)) - 1), 0.5 * (2 / (1 + Math.exp(-10)) - 1),
    ]));

  const rows = 6, x = tf.tensor2d(Float32Array.from(normal(rng(7), rows * 2)), [rows, 2]);
  const a = tf.tensor2d([1, -1, 1, 1, -1, -1], [rows, 1]), active = tf.tensor2d([1, 1, 1, 1, 1, 0], [rows, 1]);
  const head = {head: {layers: [{weight: tf.tensor2d([[1], [-0.5]]), bias: tf.tensor1d([0.2])}]}};
  const gradients = (strength: number) => tf.grads((representation, weight) =>
    balancingLoss(
      {head: {layers: [{weight, bias: head.head.layers[0].bias}]}},
      {representation: representation as tf.Tensor2D, treatments: a, active}, tf.scalar(strength), 'bernoulli',
    ))([x, head.head.layers[0].weight]);

  it('teaches the head with the plain gradient and the representation with -strength times it', () => {
    const plain = tf.grads((representation, weight) => {
      const log = logPropensity(
        {head: {layers: [{weight, bias: head.head.layers[0].bias}]}}, representation as tf.Tensor2D, a, 'bernoulli',
      );
      return tf.neg(tf.div(tf.sum(tf.mul(log, active.reshape([rows]))), 5)).asScalar();
    })([x, head.head.layers[0].weight]);
    const [forRepresentation, forHead] = gradients(0.3);
    close(forHead.dataSync(), plain[1].dataSync());
    close(forRepresentation.dataSync(), plain[0].dataSync().map(v => -0.3 * v));
  });

  it('rows that are not active teach nothing', () => close(gradients(1)[0].slice([5, 0], [1, 2]).dataSync(), [0, 0]));
});

describe('adjustment, recorded', () => {
  for (const policy of [
    'bernoulli', 'gaussian',
  ] as const) it(`weights, balancing and their gradients are the same as eager ones (${policy})`, async () => {
    const weights = initPropensity(rng(8), 3, 2, {policy, width: 5}), all = leaves<Weight>(weights).map(l => l.value);
    const varied = all.map(({shape, data}, k) => ({shape, data: data.map((v, i) => v + 0.3 * Math.sin(i + k))}));
    const inputs: readonly number[][] = [[4, 3], [4, 2], []];
    const loss = (x: tf.Tensor, treatments: tf.Tensor, progress: tf.Tensor, ...list: tf.Tensor[]): tf.Scalar => {
      const params = rebuild(weights, list) as unknown as Tensors<typeof weights>, active = tf.ones<tf.Rank.R2>([4, 1]);
      const log = logPropensity(params, x as tf.Tensor2D, treatments as tf.Tensor2D, policy).reshape<tf.Tensor2D>([
        2, 2,
      ]);
      const w = stabilisedWeights(tf.zerosLike(log), log, tf.ones([2, 2]));
      const balance = balancingLoss(params, {
        representation: x as tf.Tensor2D, treatments: treatments as tf.Tensor2D, active,
      }, balancingStrength(progress.asScalar()), policy);
      return tf.add(tf.sum(tf.mul(w, tf.square(log))), balance) as tf.Scalar;
    };
    const step = (x: tf.Tensor, treatments: tf.Tensor, progress: tf.Tensor, ...list: tf.Tensor[]) => {
      const {value, grads} = tf.valueAndGrads((now, ...params) => loss(now, treatments, progress, ...params))([
        x, ...list,
      ]);
      return [value, ...grads];
    };
    const data = [
      ...inputs.map((shape, k) => Float32Array.from(normal(rng(20 + k), shape.reduce((p, q) => p * q, 1)))),
      ...varied.map(w => w.data),
    ];
    const shapes = [...inputs.map(s => [...s]), ...all.map(w => [...w.shape])];
    const eager = (step as (...values: tf.Tensor[]) => tf.Tensor[])(...data.map((d, i) =>
      tf.tensor(d, shapes[i]))).map(t => t.dataSync());
    const recorded = await compiled(record(step, shapes.map(shape => ({shape}))), data);
    recorded.forEach((r, i) => close(r, eager[i], 1e-4));
  });
});
