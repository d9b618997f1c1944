import {Matrix, SVD} from 'ml-matrix';
import {fold, uniform, type Rng} from '../math';

/** A named variable and where to look for it. */
export interface Coordinate {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** A place where a matrix that usually has full rank loses some. */
export interface RankLoss {
  /** The variable that was moved to get there. */
  readonly coordinate: string;
  /** Where the rank is lost: `'x1 = 0'` when that value loses it at every point tried, else one such point. */
  readonly where: string;
  /** The value when it does so whatever the other variables are. */
  readonly value?: number;
  /** One point of the set, in the order of the coordinates. */
  readonly point: readonly number[];
}

/** Smallest over largest singular value that counts as lost. */
const LOST = 1e-9;

/**
 * Looks for rank loss along the coordinate lines through random points of a box: smallest singular values are scanned and
 * their minima refined. Hypersurfaces are found this way; a smaller set (a single state) is missed unless a line meets it.
 */
export function findRankLoss(at: (point: readonly number[]) => number[][], coordinates: readonly Coordinate[], rng: Rng, {bases = 5}: {readonly bases?: number} = {}): RankLoss[] {
  const points = Array.from({length: bases}, (_, k) => {
    const u = uniform(fold(rng, k), Math.max(1, coordinates.length));
    return coordinates.map(({low, high}, i) => low + (high - low) * u[i]);
  });
  const scales = at(points[0]).map((_, row) => Math.max(...points.map(p => Math.hypot(...at(p)[row]))) || 1);
  const smallest = (point: readonly number[]) => {
    const values = new SVD(new Matrix(at(point).map((row, i) => row.map(v => v / scales[i]))), {autoTranspose: true}).diagonal;
    return Math.min(...values);
  };
  return coordinates.flatMap((c, i) => {
    const roots = points.map(point => rootsAlong(v => smallest(point.map((old, j) => (j === i ? v : old))), c));
    const common = roots[0].find(v => roots.every(list => list.some(w => Math.abs(v - w) < 1e-6 * (c.high - c.low))));
    const k = common === undefined ? roots.findIndex(list => list.length > 0) : 0;
    if (k < 0) return [];
    const point = points[k].map((old, j) => (j === i ? common ?? roots[k][0] : old));
    return [{coordinate: c.name, point, ...(common === undefined ? {where: `e.g. ${describe(point, coordinates)}`} : {where: describe([common], [c]), value: tidy(common)})}];
  });
}

function rootsAlong(f: (v: number) => number, {low, high}: Coordinate): number[] {
  const parts = 32, grid = Array.from({length: parts + 1}, (_, k) => low + (high - low) * k / parts);
  if (low < 0 && high > 0) grid.push(0);
  grid.sort((a, b) => a - b);
  const values = grid.map(f), roots: number[] = [];
  for (let k = 0; k < grid.length; k++) {
    if (values[k] > (values[k - 1] ?? Infinity) || values[k] > (values[k + 1] ?? Infinity)) continue;
    const v = values[k] < LOST ? grid[k] : goldenMinimum(f, grid[k - 1] ?? low, grid[k + 1] ?? high);
    if (f(v) < LOST) roots.push(v);
  }
  return roots;
}

/** Golden-section search. */
function goldenMinimum(f: (v: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  for (let k = 0; k < 75; k++) {
    const c = b - ratio * (b - a), d = a + ratio * (b - a);
    if (f(c) < f(d)) b = d;
    else a = c;
  }
  return (a + b) / 2;
}

const tidy = (v: number): number => Number(v.toFixed(6)) || 0;

const describe = (point: readonly number[], coordinates: readonly Coordinate[]): string => coordinates.map((c, i) => `${c.name} = ${tidy(point[i])}`).join(', ');
