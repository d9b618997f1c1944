import {expect} from '../errors';
import {fold, normal, type Rng} from '../math';
import {normalFormField} from './learnedField';

/** A system in observable normal form with neural phi in float64, for experiments on equation (5) itself. */
export interface NormalFormNetwork {
  readonly blocks: number;
  /** dy */
  readonly outcomes: number;
  readonly treatments: number;
  /** phi^(i)(z^(1..i), a), i counted from 0: `(z [dy * (i + 1)], a [da]) -> [dy]`. */
  readonly phi: (i: number, z: ArrayLike<number>, a: ArrayLike<number>) => Float64Array;
  /** z' at (z, a): `[dy * m]`. */
  readonly field: (z: Float64Array, a: Float64Array) => Float64Array;
  /** y = z^(1). */
  readonly measure: (z: Float64Array) => Float64Array;
}

/** Sizes of {@link randomNormalForm}. */
export interface RandomNormalFormOptions {
  /** m, >= 1; default 3. */
  readonly blocks?: number;
  /** dy, >= 1; default 1. */
  readonly outcomes?: number;
  /** da, >= 0; default 1. */
  readonly treatments?: number;
  /** Hidden units of each phi, >= 1; default 16. */
  readonly width?: number;
  /** Standard deviation of the weights times sqrt(fan-in); default 1. */
  readonly gain?: number;
}

/**
 * Equation (5) with random one-layer tanh networks for phi.
 * @paper equation (5)
 * @throws ArgumentError unless sizes are whole numbers >= 1 (treatments >= 0).
 */
export function randomNormalForm(
  rng: Rng, {blocks = 3, outcomes = 1, treatments = 1, width = 16, gain = 1}: RandomNormalFormOptions = {},
): NormalFormNetwork {
  expect([blocks, outcomes, width].every(n => Number.isInteger(n) && n >= 1) && Number.isInteger(treatments)
    && treatments >= 0, {
    fn: 'randomNormalForm', argument: 'options', expected: 'whole numbers >= 1 (treatments >= 0)',
    received: [blocks, outcomes, width, treatments],
  });
  const layers = Array.from({length: blocks}, (_, i) => {
    const fanIn = outcomes * (i + 1) + treatments;
    return {
      fanIn, into: normal(fold(fold(rng, 'into'), i), width * fanIn, {sd: gain / Math.sqrt(fanIn)}),
      bias: normal(fold(fold(rng, 'bias'), i), width, {sd: 0.3}),
      out: normal(fold(fold(rng, 'out'), i), outcomes * width, {sd: gain / Math.sqrt(width)}),
    };
  });
  const phi: NormalFormNetwork['phi'] = (i, z, a) => {
    const {fanIn, into, bias, out} = layers[i], own = outcomes * (i + 1), result = new Float64Array(outcomes);
    for (let k = 0; k < width; k++) {
      let s = bias[k];
      for (let j = 0; j < fanIn; j++) s += into[k * fanIn + j] * (j < own ? z[j] : a[j - own]);
      const h = Math.tanh(s);
      for (let j = 0; j < outcomes; j++) result[j] += out[j * width + k] * h;
    }
    return result;
  };
  const field = normalFormField(blocks, outcomes, phi);
  return {blocks, outcomes, treatments, phi, field, measure: z => z.slice(0, outcomes)};
}

/**
 * The proof that (5) is observable, carried out: z^(1) = y, then z^(i+1) = d/dt z^(i) - phi^(i)(z^(1..i), a),
 * derivatives by five-point differences. Two samples at either end are lost for each block.
 * @param outputs `[T][dy]` at equal distances `dt`
 * @param a the input, held over the whole stretch
 * @returns `[T - 4 (m - 1)][dy * m]`, in the middle of the stretch
 * @throws ArgumentError unless `dt` > 0 is finite and there are samples enough to differentiate.
 */
export function reconstructState(
  {blocks, outcomes, phi}: Pick<NormalFormNetwork, 'blocks' | 'outcomes' | 'phi'>,
  outputs: readonly ArrayLike<number>[], a: ArrayLike<number>, dt: number,
): number[][] {
  const lost = 4 * (blocks - 1);
  expect(dt > 0 && Number.isFinite(dt), {
    fn: 'reconstructState', argument: 'dt', expected: 'a finite number > 0', received: dt,
  });
  expect(outputs.length > lost, {
    fn: 'reconstructState', argument: 'outputs', expected: `more than ${lost} samples`, received: outputs.length,
  });
  let states = outputs.map(y => Array.from(y));
  let last = states;
  for (let i = 0; i + 1 < blocks; i++) {
    const next = last.slice(2, -2).map((_, k) => {
      const extra = phi(i, states[k + 2], a);
      return Array.from({length: outcomes}, (_unused, j) =>
        (last[k][j] - 8 * last[k + 1][j] + 8 * last[k + 3][j] - last[k + 4][j]) / (12 * dt) - extra[j]);
    });
    states = states.slice(2, -2).map((z, k) => [...z, ...next[k]]);
    last = next;
  }
  return states;
}
