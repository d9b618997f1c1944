import {expect} from '../errors';
import {fold, normal, type Rng} from '../math';
import {normalFormField, type Gain} from './learnedField';

/** A system in observable normal form with neural phi in float64, for experiments on the form itself. */
export interface NormalFormNetwork {
  readonly blocks: number;
  /** dy */
  readonly outcomes: number;
  readonly treatments: number;
  /** phi^(i)(z^(1..i), a), i counted from 0: `(z [dy * (i + 1)], a [da]) -> [dy]`. */
  readonly phi: (i: number, z: ArrayLike<number>, a: ArrayLike<number>) => Float64Array;
  /** G_i(z^(1..i), a) of the general form: `-> [dy * dy]`, lower triangular. Absent: all are 1, which is form (5). */
  readonly gain?: Gain;
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
  /** Least gain from a block to the one before it, in (0, 1): the general form. Default: none, form (5). */
  readonly floor?: number;
}

/**
 * Equation (5) with random one-layer tanh networks for phi; with a `floor`, the general observable form, in which such
 * networks also say how strongly each block acts on the one before it.
 * @paper equation (5)
 * @reference Gauthier and Kupka 1994, Observability and observers for nonlinear systems. doi:10.1137/S0363012991221791
 * @throws ArgumentError unless sizes are whole numbers >= 1 (treatments >= 0), and the floor lies in (0, 1).
 */
export function randomNormalForm(
  rng: Rng, {blocks = 3, outcomes = 1, treatments = 1, width = 16, gain = 1, floor}: RandomNormalFormOptions = {},
): NormalFormNetwork {
  const fn = 'randomNormalForm';
  expect([blocks, outcomes, width].every(n => Number.isInteger(n) && n >= 1) && Number.isInteger(treatments)
    && treatments >= 0, {
    fn, argument: 'options', expected: 'whole numbers >= 1 (treatments >= 0)',
    received: [blocks, outcomes, width, treatments],
  });
  expect(floor === undefined || (floor > 0 && floor < 1), {
    fn, argument: 'floor', expected: 'in (0, 1)', received: floor,
  });
  const networks = (from: Rng, answers: number) => Array.from({length: blocks}, (_, i) =>
    randomNetwork(from, i, {inputs: outcomes * (i + 1) + treatments, answers, width, gain}));
  const phis = networks(rng, outcomes);
  const phi: NormalFormNetwork['phi'] = (i, z, a) => phis[i](input(z, outcomes * (i + 1), a));
  const entries = floor === undefined ? undefined : networks(fold(rng, 'gain'), outcomes * (outcomes + 1) / 2);
  const gains: Gain | undefined = entries && ((i, z, a) =>
    triangular(entries[i](input(z, outcomes * (i + 1), a)), outcomes, floor!));
  const field = normalFormField(blocks, outcomes, phi, gains);
  return {blocks, outcomes, treatments, phi, gain: gains, field, measure: z => z.slice(0, outcomes)};
}

const input = (z: ArrayLike<number>, own: number, a: ArrayLike<number>): number[] =>
  [...Array.from(z).slice(0, own), ...Array.from(a)];

/** A random network with one layer of tanh units, the i-th of a family. */
function randomNetwork(
  rng: Rng, i: number,
  {inputs, answers, width, gain}: {inputs: number; answers: number; width: number; gain: number},
): (x: readonly number[]) => Float64Array {
  const into = normal(fold(fold(rng, 'into'), i), width * inputs, {sd: gain / Math.sqrt(inputs)});
  const bias = normal(fold(fold(rng, 'bias'), i), width, {sd: 0.3});
  const out = normal(fold(fold(rng, 'out'), i), answers * width, {sd: gain / Math.sqrt(width)});
  return x => {
    const result = new Float64Array(answers);
    for (let k = 0; k < width; k++) {
      const h = Math.tanh(x.reduce((s, v, j) => s + into[k * inputs + j] * v, bias[k]));
      for (let j = 0; j < answers; j++) result[j] += out[j * width + k] * h;
    }
    return result;
  };
}

/** A lower triangular matrix, row by row, with a diagonal of at least `floor`, 1 where the entry is 0. */
function triangular(entries: Float64Array, dy: number, floor: number): Float64Array {
  const shift = Math.log(Math.expm1(1 - floor)), matrix = new Float64Array(dy * dy);
  let at = 0;
  for (let row = 0; row < dy; row++) {
    for (let column = 0; column <= row; column++) {
      const entry = entries[at++];
      matrix[row * dy + column] = column < row ? entry : floor + Math.log1p(Math.exp(entry + shift));
    }
  }
  return matrix;
}

/**
 * The proof that (5) is observable, carried out: z^(1) = y, then z^(i+1) = d/dt z^(i) - phi^(i)(z^(1..i), a), in the
 * general form solved for with G_i, row by row; derivatives by those of the quartic through five samples. Two samples
 * at either end are lost for each block.
 * @param outputs `[T][dy]`
 * @param a the input, held over the whole stretch
 * @param times `[T]`, increasing: when each was measured, at whatever distances; or their distance, where all are equal
 * @returns `[T - 4 (m - 1)][dy * m]`, in the middle of the stretch
 * @throws ArgumentError unless times increase, or the distance is a finite number > 0, and there are samples enough to
 * differentiate.
 */
export function reconstructState(
  {blocks, outcomes, phi, gain}: Pick<NormalFormNetwork, 'blocks' | 'outcomes' | 'phi' | 'gain'>,
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
      const left = Array.from({length: outcomes}, (_unused, j) =>
        weights.reduce((sum, w, n) => sum + w * last[k + n][j], 0) - extra[j]);
      return gain === undefined ? left : solveLower(gain(i, states[k + 2], a), left);
    });
    states = states.slice(2, -2).map((z, k) => [...z, ...next[k]]);
    last = next;
  }
  return states;
}

/** x of G x = b, by forward substitution. */
function solveLower(matrix: Float64Array, b: readonly number[]): number[] {
  const x: number[] = [];
  b.forEach((v, row) => {
    const known = x.reduce((sum, w, column) => sum + matrix[row * b.length + column] * w, 0);
    x.push((v - known) / matrix[row * b.length + row]);
  });
  return x;
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
