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
 * derivatives by those of the quartic through five samples. Two samples at either end are lost for each block.
 * @param outputs `[T][dy]`
 * @param a the input, held over the whole stretch
 * @param times `[T]`, increasing: when each was measured, at whatever distances; or their distance, where all are equal
 * @returns `[T - 4 (m - 1)][dy * m]`, in the middle of the stretch
 * @throws ArgumentError unless times increase, or the distance is a finite number > 0, and there are samples enough to
 * differentiate.
 */
export function reconstructState(
  {blocks, outcomes, phi}: Pick<NormalFormNetwork, 'blocks' | 'outcomes' | 'phi'>,
  outputs: readonly ArrayLike<number>[], a: ArrayLike<number>, times: number | ArrayLike<number>,
): number[][] {
  const lost = 4 * (blocks - 1);
  expectTimes(times, outputs.length);
  expect(outputs.length > lost, {
    fn: 'reconstructState', argument: 'outputs', expected: `more than ${lost} samples`, received: outputs.length,
  });
  let states = outputs.map(y => Array.from(y));
  let last = states;
  for (let i = 0; i + 1 < blocks; i++) {
    const next = last.slice(2, -2).map((_, k) => {
      const extra = phi(i, states[k + 2], a), weights = slopeWeights(times, 2 * i + k);
      return Array.from({length: outcomes}, (_unused, j) =>
        weights.reduce((sum, w, n) => sum + w * last[k + n][j], 0) - extra[j]);
    });
    states = states.slice(2, -2).map((z, k) => [...z, ...next[k]]);
    last = next;
  }
  return states;
}

function expectTimes(times: number | ArrayLike<number>, samples: number): void {
  const all = typeof times === 'number' ? [0, times] : Array.from(times);
  const increasing = all.every((t, k) => Number.isFinite(t) && (k === 0 || t > all[k - 1]));
  expect(increasing && (typeof times === 'number' || all.length === samples), {
    fn: 'reconstructState', argument: 'times', received: times,
    expected: `${samples} increasing finite times, or a finite distance > 0`,
  });
}

/** By which the five samples from index `from` on are weighed to give their quartic's slope at the middle one. */
function slopeWeights(times: number | ArrayLike<number>, from: number): number[] {
  const ahead = [0, 1, 2, 3, 4].map(k =>
    (typeof times === 'number' ? (k - 2) * times : times[from + k] - times[from + 2]));
  return ahead.map((own, k) => {
    const others = ahead.filter((_, n) => n !== k && n !== 2);
    return k === 2
      ? -others.reduce((sum, t) => sum + 1 / t, 0)
      : others.reduce((product, t) => product * t / (t - own), 1) / own;
  });
}
