import {expect} from '../errors';
import type {MlpParams} from '../nn';

/**
 * A trained multilayer perceptron with tanh units, in float64: `[in] -> [out]`.
 * @throws ArgumentError when it is called with another number of values.
 */
export function float64Mlp({layers}: MlpParams): (x: ArrayLike<number>) => Float64Array {
  return x => layers.reduce<Float64Array>((h, {weight: {shape: [inputs, outputs], data}, bias}, l) => {
    expect(h.length === inputs, {fn: 'float64Mlp', argument: 'x', expected: `${inputs} values`, received: h.length});
    return Float64Array.from({length: outputs}, (_, j) => {
      let s = bias.data[j];
      for (let i = 0; i < inputs; i++) s += h[i] * data[i * outputs + j];
      return l < layers.length - 1 ? Math.tanh(s) : s;
    });
  }, Float64Array.from(x));
}

/** G_i(z^(1..i), a), i counted from 0: `(i, z [dy * m], a [da]) -> [dy * dy]`, lower triangular, row by row. */
export type Gain = (i: number, z: ArrayLike<number>, a: ArrayLike<number>) => Float64Array;

/**
 * The right-hand side of the normal form from its phi: `(z [dy * m], a [da]) -> [dy * m]`.
 * @param gain how strongly each block acts on the one before it, as in the general form; default 1, form (5)
 * @paper equation (5)
 */
export function normalFormField(
  blocks: number, outcomes: number, phi: (i: number, z: ArrayLike<number>, a: ArrayLike<number>) => Float64Array,
  gain?: Gain,
): (z: Float64Array, a: Float64Array) => Float64Array {
  return (z, a) => {
    const d = new Float64Array(blocks * outcomes);
    for (let i = 0; i < blocks; i++) {
      const extra = phi(i, z, a), next = z.subarray((i + 1) * outcomes, (i + 2) * outcomes);
      const acts = i + 1 < blocks ? gain?.(i, z, a) : undefined;
      for (let j = 0; j < outcomes; j++) {
        const pushed = acts ? next.reduce((sum, v, k) => sum + acts[j * outcomes + k] * v, 0) : next[j] ?? 0;
        d[i * outcomes + j] = extra[j] + pushed;
      }
    }
    return d;
  };
}

/**
 * The field of a trained ObsNODE (one perceptron a block) or of a latent NODE (a single one of everything) in float64,
 * for numerical observability: differences of nearby runs are lost in float32.
 * @throws ArgumentError when it is called with another number of values.
 */
export function learnedField(
  weights: MlpParams | readonly MlpParams[], outcomes: number,
): (z: Float64Array, a: Float64Array) => Float64Array {
  if ('layers' in weights) {
    const whole = float64Mlp(weights);
    return (z, a) => whole([...z, ...a]);
  }
  const phi = weights.map(float64Mlp);
  return normalFormField(phi.length, outcomes, (i, z, a) =>
    phi[i]([...Array.from(z).slice(0, (i + 1) * outcomes), ...Array.from(a)]));
}
