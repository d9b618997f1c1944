import {expect, expectWhole} from '../../errors';
import type {NdArray} from '../ndarray';
import {presort} from './presort';
import type {Lesson} from './work';

/** Options of every kind of tree. */
export interface TreeOptions {
  /** Longest path from the root to a leaf, a whole number >= 1 or Infinity. */
  readonly maxDepth?: number;
  /** Fewest training rows in a leaf, a whole number >= 1. Default 1. */
  readonly minLeaf?: number;
  /** `[n]`, each in [0, 1e40], not all 0: how much each row counts; rows of weight 0 are not seen. Default 1 each. */
  readonly weights?: ArrayLike<number>;
}

/** Sizes up to which sums of squares stay finite. */
const LARGEST_TARGET = 1e100, LARGEST_WEIGHT = 1e40;

/**
 * Checks and sorts what is to be learned.
 * @param features `[rows, columns]`
 * @throws ArgumentError naming `fn`
 */
export function lesson(fn: string, features: NdArray, targets: ArrayLike<number>, weights?: ArrayLike<number>): Lesson {
  const sorted = presort(fn, features), n = sorted.rows;
  return {features: sorted, targets: expectTargets(fn, targets, n), weights: expectWeights(fn, weights, n)};
}

/** `[n]` numbers. @throws ArgumentError naming `fn` and the first bad place */
export function expectTargets(fn: string, targets: ArrayLike<number>, n: number): Float64Array {
  const argument = 'targets', out = Float64Array.from(targets);
  expect(out.length === n, {fn, argument, expected: `${n} numbers, one a row of features`, received: out.length});
  const bad = out.findIndex(v => !(Math.abs(v) <= LARGEST_TARGET));
  expect(bad < 0, {
    fn, argument, expected: `finite and at most ${LARGEST_TARGET} in size`, received: out[bad],
    remedy: `Row ${bad}: leave it out.`,
  });
  return out;
}

function expectWeights(fn: string, weights: ArrayLike<number> | undefined, n: number): Float64Array {
  const out = weights ? Float64Array.from(weights) : new Float64Array(n).fill(1), argument = 'weights';
  expect(out.length === n, {fn, argument, expected: `${n} numbers, one a row of features`, received: out.length});
  const bad = out.findIndex(v => !(v >= 0 && v <= LARGEST_WEIGHT));
  expect(bad < 0, {fn, argument, expected: `in [0, ${LARGEST_WEIGHT}]`, received: out[bad], remedy: `Row ${bad}.`});
  expect(out.some(v => v > 0), {fn, argument, expected: 'above 0 for at least one row', received: out});
  return out;
}

/** @throws ArgumentError naming `fn`, unless both are whole numbers >= 1, `maxDepth` possibly Infinity */
export function expectGrowth(fn: string, maxDepth: number, minLeaf: number): void {
  if (maxDepth !== Infinity) expectWhole(fn, {maxDepth});
  expectWhole(fn, {minLeaf});
}

/** The columns 0 ... d - 1 as they stand. */
export const inOrder = (d: number): Int32Array => Int32Array.from({length: d}, (_, j) => j);
