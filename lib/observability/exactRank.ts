import type {BigNumber} from 'mathjs';
import {fold, uniform, type Rng} from '../math';
import {decimals, modular, PRIME, type Arithmetic} from './arithmetic';
import {inputRanges, randomState} from './randomState';
import {NoSuchFunction} from './series';
import type {CompiledSystem} from '../systems/controlSystem';
import {outputSlopes, type Place} from './taylor';

/** Which Taylor coefficients of which inputs are random; the others are 0. */
export type FreeInputs = (input: number, k: number) => boolean;

/** What {@link genericRank} looks at. */
export interface GenericRankOptions {
  /** Derivatives of the output, from 0 to `order - 1`. */
  readonly order: number;
  readonly free: FreeInputs;
  /** Points, >= 1; default 3. */
  readonly tries?: number;
}

/**
 * The rank of d(y, y', ..., y^(order - 1))/dx at almost every state, under almost every input of a kind. Rational
 * systems are tried at random points with remainders of a prime: no rounding, no units, and a rank that is reached is
 * proved. Others are tried with 100 digits. The largest of a few tries is taken.
 * @throws whatever the formulas throw, but for functions without a remainder and points outside a domain.
 */
export function genericRank(compiled: CompiledSystem, rng: Rng, {order, free, tries = 3}: GenericRankOptions): number {
  try {
    const slopes = outputSlopes(compiled, modular, order);
    return largest(tries, compiled, k => exactRank(slopes(modularPlace(compiled, fold(rng, k), order, free))));
  } catch (error) {
    if (!(error instanceof NoSuchFunction)) throw error;
    const slopes = outputSlopes(compiled, decimals, order);
    return largest(tries, compiled, k => wideRank(slopes(decimalPlace(compiled, fold(rng, k), order, free)), compiled));
  }
}

function largest(tries: number, {system}: CompiledSystem, rankOf: (k: number) => number): number {
  let best = 0;
  for (let k = 0, done = 0; done < tries && k < 4 * tries && best < system.states.length; k++) {
    try {
      best = Math.max(best, rankOf(k));
      done++;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return best;
}

function modularPlace({system}: CompiledSystem, rng: Rng, order: number, free: FreeInputs): Place<number> {
  const draw = (name: string, n: number) =>
    Array.from(uniform(fold(rng, name), Math.max(1, n)), u => Math.floor(u * PRIME));
  const u = draw('inputs', system.inputs.length * order);
  return {state: draw('state', system.states.length), inputs: system.inputs.map((_, i) =>
    Array.from({length: order}, (_unused, k) => (free(i, k) ? u[i * order + k] : 0)))};
}

function decimalPlace({system}: CompiledSystem, rng: Rng, order: number, free: FreeInputs): Place<BigNumber> {
  const u = uniform(fold(rng, 'inputs'), Math.max(1, system.inputs.length * order)), zero = decimals.of('0');
  return {
    state: randomState(system, fold(rng, 'state')).map(v => decimals.of(String(v))),
    inputs: inputRanges(system).map(([low, high], i) => Array.from({length: order}, (_, k) =>
      (free(i, k) ? decimals.of(String(low + (high - low) * u[i * order + k])) : zero))),
  };
}

/** Rank of a matrix of remainders. */
export const exactRank = (rows: readonly (readonly number[])[]): number => rankOf(rows, modular, v => v);

/** Rank of a matrix of long numbers, each state measured by its region and each row by its largest entry. */
function wideRank(rows: readonly (readonly BigNumber[])[], {system}: CompiledSystem): number {
  const sizes = system.region.map(([low, high]) => decimals.of(String((high - low) / 2)));
  const scaled = rows.map(row => row.map((v, i) => v.times(sizes[i]))).flatMap(row => {
    const most = row.map(v => v.abs()).reduce((a, b) => (b.gt(a) ? b : a));
    return most.isZero() ? [] : [row.map(v => v.div(most))];
  });
  return rankOf(scaled, decimals, v => (v.abs().lt(ROUNDING) ? 0 : Number(v.abs())));
}

/** Far above the rounding of 100 digits, far below what a product of physical constants comes to. */
const ROUNDING = 1e-60;

/** Gaussian elimination with full pivoting by `weight`, which is 0 for what counts as zero. */
function rankOf<T>(
  rows: readonly (readonly T[])[], {subtract, multiply, divide}: Arithmetic<T>, weight: (v: T) => number,
): number {
  let left = rows.map(row => [...row]), rank = 0;
  for (;;) {
    let heaviest = 0, at: [number, number] = [-1, -1];
    left.forEach((row, i) =>
      row.forEach((v, j) => { if (weight(v) > heaviest) { heaviest = weight(v); at = [i, j]; } }));
    if (heaviest === 0) return rank;
    const [p, q] = at, pivot = left[p];
    left = left.flatMap((row, i) => {
      if (i === p) return [];
      const factor = divide(row[q], pivot[q]);
      return [row.map((v, j) => subtract(v, multiply(factor, pivot[j]))).filter((_, j) => j !== q)];
    });
    rank++;
  }
}
