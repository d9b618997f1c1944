import {determinant, Matrix, SVD} from 'ml-matrix';
import {expect} from '../errors';
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

/** Smallest singular value that counts as lost, rows scaled to at most 1. */
const LOST = 1e-9;

/** Largest length of each row at some points: what is small is small beside it. */
const rowScales = (there: readonly (readonly (readonly number[])[])[]): number[] =>
  there[0].map((_, row) => Math.max(...there.map(rows => Math.hypot(...rows[row]))) || 1);

/** Smallest rank at some points, where rows are measured by their lengths at others. */
export function rankBeside(
  at: (point: readonly number[]) => number[][], points: readonly (readonly number[])[],
  others: readonly (readonly number[])[],
): number {
  const scales = rowScales(others.map(at));
  return Math.min(...points.map(p =>
    new SVD(new Matrix(at(p).map((row, i) => row.map(v => v / scales[i]))), {autoTranspose: true}).diagonal.filter(v =>
      v >= LOST).length));
}

/**
 * Looks for rank loss along the coordinate lines through random points of a box: smallest singular values are scanned
 * and their minima refined; of square matrices, changes of the determinant's sign as well. Hypersurfaces are found this
 * way; a smaller set (a single state) is missed unless a line meets it.
 * @param at rows whose columns are of the same size: derivatives by states measured by their regions
 * @throws ArgumentError unless `bases` is a whole number >= 1.
 */
export function findRankLoss(
  at: (point: readonly number[]) => number[][], coordinates: readonly Coordinate[], rng: Rng,
  {bases = 5}: {readonly bases?: number} = {},
): RankLoss[] {
  expect(Number.isInteger(bases) && bases >= 1, {
    fn: 'findRankLoss', argument: 'bases', expected: 'a whole number >= 1', received: bases,
  });
  const points = Array.from({length: bases}, (_, k) => {
    const u = uniform(fold(rng, k), Math.max(1, coordinates.length));
    return coordinates.map(({low, high}, i) => low + (high - low) * u[i]);
  });
  const scales = rowScales(points.map(at));
  const scaled = (point: readonly number[]) => new Matrix(at(point).map((row, i) => row.map(v => v / scales[i])));
  const line = (point: readonly number[], i: number) => (v: number) =>
    scaled(point.map((old, j) => (j === i ? v : old)));
  return coordinates.flatMap((c, i) => {
    const roots = points.map(point => rootsAlong(line(point, i), c));
    const common = roots[0].find(v => roots.every(list => list.some(w => Math.abs(v - w) < 1e-6 * (c.high - c.low))));
    const k = common === undefined ? roots.findIndex(list => list.length > 0) : 0;
    if (k < 0) return [];
    const point = points[k].map((old, j) => (j === i ? common ?? roots[k][0] : old));
    return [{coordinate: c.name, point, ...(common === undefined
      ? {where: `e.g. ${describe(point, coordinates)}`}
      : {where: describe([common], [c]), value: tidied(common, c, v => smallest(line(points[0], i)(v)))})}];
  });
}

const smallest = (matrix: Matrix): number => Math.min(...new SVD(matrix, {autoTranspose: true}).diagonal);

function rootsAlong(at: (v: number) => Matrix, {low, high}: Coordinate): number[] {
  const parts = 32, grid = Array.from({length: parts + 1}, (_, k) => low + (high - low) * k / parts);
  const f = (v: number) => smallest(at(v));
  if (low < 0 && high > 0) grid.push(0);
  grid.sort((a, b) => a - b);
  const matrices = grid.map(at), values = matrices.map(smallest);
  const signs = matrices.map(m => (m.isSquare() ? Math.sign(determinant(m)) : 1)), roots: number[] = [];
  for (let k = 0; k < grid.length; k++) {
    if (values[k] >= LOST && k + 1 < grid.length && values[k + 1] >= LOST && signs[k] * signs[k + 1] < 0) {
      const v = signChange(w => Math.sign(determinant(at(w))), grid[k], grid[k + 1]);
      if (f(v) < LOST) roots.push(v);
    }
    const around = [values[k - 1], values[k + 1]].filter(v => v !== undefined);
    // A zero between grid points is no farther down than a few of the steps around it.
    if (values[k] >= LOST && (around.some(v => values[k] > v) || values[k] > 4 * (Math.max(...around) - values[k]))) {
      continue;
    }
    const v = values[k] < LOST ? grid[k] : goldenMinimum(f, grid[k - 1] ?? low, grid[k + 1] ?? high);
    if (f(v) < LOST && !roots.some(w => Math.abs(v - w) < 1e-6 * (high - low))) roots.push(v);
  }
  return roots;
}

/** Bisection. */
function signChange(sign: (v: number) => number, low: number, high: number): number {
  const left = sign(low);
  let [a, b] = [low, high];
  for (let k = 0; k < 60; k++) {
    const middle = (a + b) / 2;
    if (sign(middle) === left) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** Golden-section search. */
function goldenMinimum(f: (v: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high], c = b - ratio * (b - a), d = a + ratio * (b - a), [fc, fd] = [f(c), f(d)];
  for (let k = 0; k < 75; k++) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return fc < fd ? c : d;
}

/** A root rounded to six digits of its range, where that is a root as well. */
function tidied(v: number, c: Coordinate, f: (v: number) => number): number {
  const short = tidy(v, c);
  return f(short) < LOST ? short : v;
}

function tidy(v: number, {low, high}: Coordinate): number {
  const digits = Math.max(0, 6 - Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)))));
  return (digits <= 100 ? Number(v.toFixed(digits)) : v) || 0;
}

const describe = (point: readonly number[], coordinates: readonly Coordinate[]): string =>
  coordinates.map((c, i) => `${c.name} = ${tidy(point[i], c)}`).join(', ');
