import * as tf from '@tensorflow/tfjs';
import type {InputSpec, TensorFunction} from '../../lib/graph';

type T2 = tf.Tensor2D;
const f = (...shape: number[]): InputSpec => ({shape});
const dense = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.add(tf.matMul(x as T2, w as T2), b);

function layerNorm(x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const {mean, variance} = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gain), offset);
}

function lstm(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [batch, units] = [x.shape[0], kernel.shape[1]! / 4];
  let [h, c]: tf.Tensor[] = [tf.zeros([batch, units]), tf.zeros([batch, units])];
  for (const step of tf.unstack(x, 1)) {
    const [i, o, g, forget] = tf.split(dense(tf.concat([step, h], 1), kernel, bias), 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(forget), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
  }
  return h;
}

/** @param inputs x, mask, the weights of the input, those of the state, bias */
function gru(...inputs: tf.Tensor[]): tf.Tensor {
  const [x, mask, input, recurrent, bias] = inputs;
  const units = recurrent.shape[0];
  let h: tf.Tensor = tf.zeros([x.shape[0], units]);
  const masks = tf.unstack(mask, 1);
  tf.unstack(x, 1).forEach((step, t) => {
    const [xr, xz, xn] = tf.split(dense(step, input, bias), 3, 1);
    const [hr, hz, hn] = tf.split(tf.matMul(h as T2, recurrent as T2), 3, 1);
    const z = tf.sigmoid(tf.add(xz, hz));
    const candidate = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
    const next = tf.add(tf.mul(tf.sub(1, z), candidate), tf.mul(z, h));
    const keep = tf.expandDims(masks[t], 1);
    h = tf.add(tf.mul(keep, next), tf.mul(tf.sub(1, keep), h));
  });
  return h;
}

/** Causal attention with two heads. */
function attention(x: tf.Tensor, wq: tf.Tensor, wk: tf.Tensor, wv: tf.Tensor): tf.Tensor {
  const heads = 2;
  const [batch, time, width] = x.shape as [number, number, number];
  const project = (w: tf.Tensor) => tf.transpose(
    tf.reshape(tf.matMul(tf.reshape(x, [batch * time, width]) as T2, w as T2), [batch, time, heads, width / heads]),
    [0, 2, 1, 3],
  );
  const scores = tf.div(tf.matMul(project(wq), project(wk), false, true), Math.sqrt(width / heads));
  const causal = tf.tensor2d(Array.from({length: time}, (_, i) =>
    Array.from({length: time}, (__, j) => (j > i ? -1e9 : 0))));
  const mixed = tf.matMul(tf.softmax(tf.add(scores, causal)), project(wv));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, time, width]);
}

/** Neural controlled differential equation by Euler steps along the increments of a path. */
function cde(path: tf.Tensor, z0: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [batch, time, channels] = path.shape as [number, number, number];
  const width = z0.shape[1]!;
  const increments = tf.sub(
    tf.slice(path, [0, 1, 0], [batch, time - 1, channels]), tf.slice(path, [0, 0, 0], [batch, time - 1, channels]),
  );
  let z = z0;
  for (const dx of tf.unstack(increments, 1)) {
    const field = tf.reshape(tf.tanh(dense(z, w, b)), [batch, width, channels]);
    z = tf.add(z, tf.reshape(tf.matMul(field, tf.expandDims(dx, 2)), [batch, width]));
  }
  return z;
}

const fields: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  tanh: x => tf.tanh(x), softplus: x => tf.softplus(x as T2), swish: x => tf.mul(x, tf.sigmoid(x)),
  elu: x => tf.elu(x as T2), leakyRelu: x => tf.leakyRelu(x as T2, 0.1), sigmoid: x => tf.sigmoid(x),
  relu: x => tf.relu(x as T2),
};

/** Four steps of Runge and Kutta's method. @param inputs z0, and weights and bias of two layers */
function ode(activation: (x: tf.Tensor) => tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor {
  const [z0, w1, b1, w2, b2] = inputs;
  const field = (z: tf.Tensor) => dense(activation(dense(z, w1, b1)), w2, b2);
  let z = z0;
  const states: tf.Tensor[] = [];
  for (let k = 0; k < 4; k++) {
    const k1 = field(z), k2 = field(tf.add(z, tf.mul(k1, 0.1))), k3 = field(tf.add(z, tf.mul(k2, 0.1)));
    const k4 = field(tf.add(z, tf.mul(k3, 0.2)));
    z = tf.add(z, tf.mul(tf.addN([k1, tf.mul(k2, 2), tf.mul(k3, 2), k4]), 0.2 / 6));
    states.push(z);
  }
  return tf.stack(states, 1);
}

/** Cubic Hermite interpolation of knots at fixed query times, as in spline-driven models. */
function spline(values: tf.Tensor, slopes: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  const left = tf.tensor1d([0, 0, 1, 2], 'int32'), right = tf.tensor1d([1, 1, 2, 3], 'int32');
  const s = tf.reshape(tf.tensor1d([0.2, 0.7, 0.5, 0.9]), [1, 4, 1]);
  const s2 = tf.square(s), s3 = tf.mul(s2, s);
  const h00 = tf.add(tf.sub(tf.mul(s3, 2), tf.mul(s2, 3)), 1), h10 = tf.add(tf.sub(s3, tf.mul(s2, 2)), s);
  const h01 = tf.sub(tf.mul(s2, 3), tf.mul(s3, 2)), h11 = tf.sub(s3, s2);
  const at = (x: tf.Tensor, index: tf.Tensor) => tf.gather(x, index as tf.Tensor1D, 1);
  return tf.mul(tf.addN([
    tf.mul(h00, at(values, left)), tf.mul(h10, at(slopes, left)), tf.mul(h01, at(values, right)),
    tf.mul(h11, at(slopes, right)),
  ]), scale);
}

/** Small instances of every family of model; all inputs are differentiable. */
export const smallModels: Readonly<Record<string, readonly [TensorFunction, readonly InputSpec[]]>> = {
  dense: [(x, w, b) => tf.tanh(dense(x, w, b)), [f(4, 3), f(3, 5), f(5)]],
  LSTM: [lstm, [f(3, 5, 2), f(6, 16), f(16)]],
  'masked GRU': [gru, [f(3, 5, 2), f(3, 5), f(2, 12), f(4, 12), f(12)]],
  'causal attention': [attention, [f(2, 5, 4), f(4, 4), f(4, 4), f(4, 4)]],
  'layer norm': [layerNorm, [f(3, 4, 6), f(6), f(6)]],
  CDE: [cde, [f(3, 6, 2), f(3, 4), f(4, 8), f(8)]],
  spline: [spline, [f(2, 4, 3), f(2, 4, 3), f(3)]],
  'masked loss': [(p, y, m) => {
    const w = tf.sigmoid(tf.mul(m, 50));
    return tf.div(tf.sum(tf.mul(tf.squaredDifference(p, y), w)), tf.maximum(tf.sum(w), 1));
  }, [f(3, 4, 2), f(3, 4, 2), f(3, 4, 2)]],
  'embedding and softmax cross-entropy': [
    (table, w) => {
      const e = tf.gather(table, tf.tensor1d([2, 0, 2, 1], 'int32')), seen = tf.tensor1d([0, 3, 1, 1], 'int32');
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.oneHot(seen, 4), tf.logSoftmax(tf.matMul(e as T2, w as T2))), 1)));
    },
    [f(3, 5), f(5, 4)],
  ],
  ...Object.fromEntries(Object.entries(fields).map(([name, activation]) => [
    `ODE with ${name}`,
    [(...x: tf.Tensor[]) => ode(activation, x), [f(3, 2), f(2, 6), f(6), f(6, 2), f(2)]],
  ] as const)),
};
