import type {Presorted} from './presort';

/** What a tree learns from. */
export interface Lesson {
  readonly features: Presorted;
  /** `[n]` */
  readonly targets: Float64Array;
  /** `[n]`, >= 0, at least one above 0; rows of weight 0 are not seen. */
  readonly weights: Float64Array;
}

/**
 * The memory of a tree in the making. Each node owns one stretch of `rows`, and the same stretch of every column's
 * order.
 */
export interface Work extends Lesson {
  /** Rows of positive weight. */
  readonly count: number;
  /** Whether they all weigh 1. */
  readonly alike: boolean;
  /** `[count]`: these rows, node after node. */
  readonly rows: Int32Array;
  /**
   * `[d, n, 2]`, the first `count` of each varying column: these rows with their ranks, node after node, within each
   * sorted by the column.
   */
  readonly order: Int32Array;
  /** `[n]`: weight times (target minus the mean of the node that is looked at). */
  readonly centred: Float64Array;
  /** `[n]`: 1 for rows that go left. */
  readonly left: Uint8Array;
  /** `[n]` */
  readonly spare: Int32Array;
}

/** The rows of one node. */
export interface Segment {
  /** They stand at `from` ... `to - 1`. */
  readonly from: number;
  readonly to: number;
  /** Their total weight. */
  readonly weight: number;
  /** Of their targets. */
  readonly mean: number;
  readonly variance: number;
  /** Whether all targets are equal. */
  readonly pure: boolean;
}

/** A question to a node's rows. */
export interface Split {
  readonly feature: number;
  /** Rows go left whose feature is at most this; Infinity: all that have one. */
  readonly threshold: number;
  /** How many of the node's rows lack the feature. */
  readonly missing: number;
  /** Whether such rows go left. */
  readonly missingLeft: boolean;
  /** Where the rows that go right begin. */
  readonly at: number;
}

/** Memory for a tree that begins with all rows of positive weight. */
export function prepare(lesson: Lesson): Work {
  const {features: {rows: n, varying, order: all}, weights} = lesson, order = all.slice();
  const rows = Int32Array.from({length: n}, (_, i) => i).filter(i => weights[i] > 0);
  if (rows.length < n)
    for (const j of varying)
      for (let k = 2 * j * n, to = k, end = k + 2 * n; k < end; k += 2)
        if (weights[all[k]] > 0) {
          order[to++] = all[k];
          order[to++] = all[k + 1];
        }
  const centred = new Float64Array(n), left = new Uint8Array(n), spare = new Int32Array(2 * n);
  const alike = rows.every(i => weights[i] === 1);
  return {...lesson, count: rows.length, alike, rows, order, centred, left, spare};
}

/**
 * Sums up a stretch of rows and writes `centred`. Later sums run over targets minus their mean: what a division gains
 * would otherwise be a small difference of large numbers. The mean itself is rounded, so what is left is centred again.
 */
export function centre({rows, targets, weights, centred}: Work, from: number, to: number): Segment {
  let weight = 0, sum = 0, rest = 0, spread = 0, pure = true;
  for (let k = from, first = targets[rows[from]]; k < to; k++) {
    const i = rows[k];
    weight += weights[i];
    sum += weights[i] * targets[i];
    pure = pure && targets[i] === first;
  }
  const mean = pure ? targets[rows[from]] : sum / weight;
  for (let k = from; k < to; k++) rest += weights[rows[k]] * (targets[rows[k]] - mean);
  for (let k = from; k < to; k++) {
    const i = rows[k], off = targets[i] - mean - rest / weight;
    centred[i] = weights[i] * off;
    spread += centred[i] * off;
  }
  return {from, to, weight, mean, variance: spread / weight, pure};
}

/**
 * Moves the rows that go left before those that go right, each in the order they had; those of the columns too if
 * `deeper`.
 */
export function divide(
  work: Work, {from, to}: Segment, {feature, at, missing, missingLeft}: Split, deeper: boolean,
): void {
  const {features: {rows: n, varying}, rows, order, left} = work, jumping = missingLeft ? missing : 0;
  for (let k = from; k < to; k++)
    left[order[2 * (feature * n + k)]] = k < at - jumping || k >= to - jumping ? 1 : 0;
  gather(work, rows, from, to);
  if (!deeper) return;
  for (const j of varying)
    if (j !== feature || jumping > 0) gatherPairs(work, order, 2 * (j * n + from), 2 * (j * n + to));
}

function gather({left, spare}: Work, list: Int32Array, from: number, to: number): void {
  let next = from, others = 0;
  // Written without a branch, which half of all rows would take by surprise.
  for (let k = from; k < to; k++) {
    const row = list[k], goes = left[row];
    list[next] = row;
    spare[others] = row;
    next += goes;
    others += 1 - goes;
  }
  append(list, spare, others, next);
}

/** The same for rows that stand with their ranks. */
function gatherPairs({left, spare}: Work, list: Int32Array, from: number, to: number): void {
  let next = from, others = 0;
  for (let k = from; k < to; k += 2) {
    const row = list[k], rank = list[k + 1], goes = 2 * left[row];
    list[next] = row;
    list[next + 1] = rank;
    spare[others] = row;
    spare[others + 1] = rank;
    next += goes;
    others += 2 - goes;
  }
  append(list, spare, others, next);
}

/** Writes the first `count` of `spare` into `list` from `at` on. */
function append(list: Int32Array, spare: Int32Array, count: number, at: number): void {
  // For the few rows of most nodes a view costs more than the copy.
  if (count > 64) list.set(spare.subarray(0, count), at);
  else for (let k = 0; k < count; k++) list[at + k] = spare[k];
}
