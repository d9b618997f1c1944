import * as tf from '@tensorflow/tfjs';
import type {VectorSpace} from './space';

/** Gives the scalar to multiply with: the number itself, or a tensor kept for reuse. */
type Scalars = (value: number) => tf.Scalar | number;

/**
 * The vector space of tensor states, usually `[batch, d]`. Emits as few operations as it can: recorded graphs stay
 * small.
 */
export function tensorSpace(scalars: Scalars = value => value): VectorSpace<tf.Tensor> {
  return Object.freeze({
    combine: (y, coefficients, terms) => combine(y, coefficients, terms, scalars),
    contract: (matrix, vector) => tf.squeeze(tf.matMul(matrix, tf.expandDims(vector, -1)), [-1]),
    scaledNorm: (y, a, b, {rtol, atol}) => read(() => {
      const scale = tf.add(tf.mul(tf.maximum(tf.abs(a), tf.abs(b)), rtol), atol);
      return tf.sqrt(tf.mean(tf.square(tf.div(y, scale))));
    }),
    isFinite: y => read(() => tf.all(tf.isFinite(y))) === 1,
    prepend: (value, y) => tf.concat([tf.fill([...y.shape.slice(0, -1), 1], value), y], -1),
    copy: y => tf.clone(y),
    tidy: work => tf.tidy(work as () => tf.TensorContainer) as ReturnType<typeof work>,
  } satisfies VectorSpace<tf.Tensor>);
}

/** Runs `work` with a space that makes each scalar once, and frees those scalars afterwards. */
export function withTensorSpace<T>(work: (space: VectorSpace<tf.Tensor>) => T): T {
  const made = new Map<number, tf.Scalar>();
  const scalars = (value: number): tf.Scalar => {
    const scalar = made.get(value) ?? tf.keep(tf.scalar(value, 'float32'));
    made.set(value, scalar);
    return scalar;
  };
  try {
    return work(tensorSpace(scalars));
  } finally {
    made.forEach(scalar => scalar.dispose());
  }
}

/** Sums terms of equal coefficient before scaling, so that k terms need fewer than k multiplications. */
function combine(
  y: tf.Tensor | null, coefficients: readonly number[], terms: readonly tf.Tensor[], scalars: Scalars,
): tf.Tensor {
  const groups = new Map<number, tf.Tensor>();
  coefficients.forEach((c, i) => {
    if (c === 0) return;
    const sum = groups.get(c);
    groups.set(c, sum ? tf.add(sum, terms[i]) : terms[i]);
  });
  const parts = [...groups].map(([c, sum]) => (c === 1 ? sum : tf.mul(sum, scalars(c))));
  if (y) parts.unshift(y);
  return parts.length > 0 ? parts.reduce((sum, part) => tf.add(sum, part)) : tf.zerosLike(terms[0]);
}

function read(work: () => tf.Tensor): number {
  return tf.tidy(() => work().dataSync()[0]);
}
