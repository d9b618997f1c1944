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
 * nothing by itself. Of equal ones, the column that is looked at first counts, then the smallest threshold.
 */
export function bestSplit(work: Work, segment: Segment, {minLeaf, order, count}: Looking): Split | undefined {
  let best: Found | undefined;
  for (let k = 0; k < order.length && (k < count || !best); k++)
    best = walk(work, {...segment, minLeaf, beat: best ? best.gain + TIE * segment.variance : -1}, order[k]) ?? best;
  return best && {feature: best.feature, at: best.at, threshold: between(work, best)};
}

interface Walk extends Segment {
  readonly minLeaf: number;
  /** What the gain must be above. */
  readonly beat: number;
}

interface Found {
  readonly feature: number;
  readonly at: number;
  /** By how much the variance falls. */
  readonly gain: number;
}

/**
 * Follows the rows of a node along one column. With S the sum of `centred` over the rows passed, w their weight and W
 * that of all, the variance falls by `S^2 / (w (W - w))`.
 */
function walk(work: Work, part: Walk, feature: number): Found | undefined {
  const {features: {rows: n}, alike, order, weights, centred} = work;
  const {from, to, weight: total, variance, minLeaf, beat} = part;
  const base = 2 * feature * n, first = from + minLeaf;
  let row = order[base + 2 * from], rank = order[base + 2 * from + 1];
  let sum = 0, weight = 0, bar = beat, gain = 0, at = 0;
  if (rank === order[base + 2 * to - 1]) return undefined;
  for (let k = from + 1, place = base + 2 * k; k <= to - minLeaf; k++, place += 2) {
    sum += centred[row];
    weight += alike ? 1 : weights[row];
    row = order[place];
    if (order[place + 1] === rank) continue;
    rank = order[place + 1];
    const product = weight * (total - weight);
    if (k < first || sum * sum <= bar * product || product <= 0) continue;
    gain = sum * sum / product;
    bar = gain + TIE * variance;
    at = k;
  }
  return at > 0 ? {feature, at, gain} : undefined;
}

/** Halfway between the neighbours on both sides; the left one where no number lies between. */
function between({features: {rows: n, values}, order}: Work, {feature, at}: Found): number {
  const base = feature * n, value = (k: number) => values[base + order[2 * (base + k)]];
  const low = value(at - 1), high = value(at);
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}
