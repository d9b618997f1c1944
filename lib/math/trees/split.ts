import type {Segment, Split, Work} from './work';

/** How a node looks for its question. */
export interface Looking {
  /** Fewest rows on either side. */
  readonly minLeaf: number;
  /** All columns, in the order in which they are looked at. */
  readonly order: ArrayLike<number>;
  /** How many columns are looked at; further ones only while none divides the rows. */
  readonly count: number;
}

/**
 * Two divisions whose gains differ by less than this share of the variance are equal: columns that divide rows alike
 * sum them in different orders, and rounding must not choose between them.
 */
const TIE = 1e-12;

/**
 * The question after which the squared error around the two means is smallest, if any divides the rows. It may gain
 * nothing by itself. Of equal ones, the column that is looked at first counts, then the one that sends missing values
 * to the right, then the smallest threshold.
 */
export function bestSplit(work: Work, segment: Segment, {minLeaf, order, count}: Looking): Split | undefined {
  const {from, to, weight, variance} = segment;
  if (to - from < 2 * minLeaf) return undefined;
  const search: Search = {
    from, to, weight, minLeaf, tie: TIE * variance, bar: -1, feature: -1, cut: 0, missing: 0, missingLeft: false,
  };
  for (let k = 0; k < order.length && (k < count || search.feature < 0); k++) lookAlong(work, search, order[k]);
  return search.feature < 0 ? undefined : question(work, search);
}

/** A node's rows, and the best cut so far. One object a node: trees have many small ones. */
interface Search extends Pick<Segment, 'from' | 'to' | 'weight'> {
  readonly minLeaf: number;
  readonly tie: number;
  /** By how much the variance must fall. */
  bar: number;
  /** -1: none yet. */
  feature: number;
  /** How many rows stand before the cut, in the order of the column. */
  cut: number;
  /** How many rows lack the value; they go left if `missingLeft`. */
  missing: number;
  missingLeft: boolean;
}

/**
 * Looks for a better cut along one column. Missing values stand last: they go right on a first walk, on which the last
 * cut parts them from all numbers, and left on a second.
 */
function lookAlong(work: Work, search: Search, feature: number): void {
  const {features: {rows: n, missing: unknown}, order} = work, {from, to} = search, base = 2 * feature * n;
  const last = order[base + 2 * to - 1];
  if (order[base + 2 * from + 1] === last) return;
  let end = to;
  if (last === unknown[feature]) while (order[base + 2 * end - 1] === last) end--;
  const missing = to - end, right = walk(work, search, feature, to);
  if (right) Object.assign(search, {feature, missing, missingLeft: missing === 0 && 2 * search.cut > to - from});
  if (missing > 0 && walk(work, search, feature, end)) Object.assign(search, {feature, missing, missingLeft: true});
}

/**
 * Follows the rows of a node along one column up to `end`; those beyond, if any, go left. With S the sum of `centred`
 * over the rows that go left, w their weight and W that of all, the variance falls by `S^2 / (w (W - w))`.
 * @returns whether a cut is better than the best so far
 */
function walk(work: Work, search: Search, feature: number, end: number): boolean {
  const {features: {rows: n}, alike, order, weights, centred} = work, {from, to, weight: total, minLeaf, tie} = search;
  const base = 2 * feature * n, first = from + minLeaf - (to - end), last = end - minLeaf;
  let row = order[base + 2 * from], rank = order[base + 2 * from + 1], sum = 0, weight = 0, {bar} = search, at = 0;
  for (let place = base + 2 * end; place < base + 2 * to; place += 2) {
    sum += centred[order[place]];
    weight += weights[order[place]];
  }
  for (let k = from + 1, place = base + 2 * k; k <= last; k++, place += 2) {
    sum += centred[row];
    weight += alike ? 1 : weights[row];
    row = order[place];
    if (order[place + 1] === rank) continue;
    rank = order[place + 1];
    const product = weight * (total - weight);
    if (k < first || sum * sum <= bar * product || product <= 0) continue;
    bar = sum * sum / product + tie;
    at = k;
  }
  if (at === 0) return false;
  search.bar = bar;
  search.cut = at - from;
  return true;
}

/** The question that cuts there: halfway between the neighbours on both sides, at the left one if no number is. */
function question({features: {rows: n, values}, order}: Work, search: Search): Split {
  const {from, to, feature, cut, missing, missingLeft} = search, base = feature * n;
  const value = (k: number) => values[base + order[2 * (base + from + k)]], low = value(cut - 1);
  const split = {feature, missing, missingLeft, at: from + cut + (missingLeft ? missing : 0)};
  if (cut === to - from - missing) return {...split, threshold: Infinity};
  const high = value(cut), middle = low / 2 + high / 2;
  return {...split, threshold: middle < high ? middle : low};
}
