import {permutation} from '../math/discrete';
import {rng} from '../math/rng';
import type {FigureRow} from './figure';

/** Most points of a cloud that are drawn; more of them add ink and megabytes, and nothing to see. */
export const MOST_POINTS = 5000;

/** Most values of all lines that are drawn. */
export const MOST_VALUES = 20000;

/**
 * At most about `most` rows of several clouds: of each the same share, drawn at random (always the same ones), and the
 * extremes along each of `keys`, so that axes stay as they are.
 */
export function thinPoints(
  clouds: readonly (readonly FigureRow[])[], keys: readonly string[], most = MOST_POINTS,
): FigureRow[] {
  const total = clouds.reduce((sum, cloud) => sum + cloud.length, 0);
  if (total <= most) return clouds.flat();
  return clouds.flatMap(cloud => {
    const share = Math.ceil((most * cloud.length) / total);
    const kept = new Set<number>(permutation(rng(0), cloud.length).subarray(0, share));
    for (const key of keys) for (const k of extremes(cloud, key)) kept.add(k);
    return cloud.filter((_, k) => kept.has(k));
  });
}

/**
 * Of each of `columns` equal parts of the x axis the first, last, lowest and highest rows of a line: with a column a
 * pixel the drawing is the same.
 * @param place x of a row, on the scale of the axis
 * @param keys numbers that are drawn over x
 * @reference Jugel, Jerzak, Hackenbroich, Markl 2014, M4: a visualization-oriented time series data aggregation,
 * doi:10.14778/2732951.2732953
 */
export function thinLine(
  line: readonly FigureRow[], columns: number, keys: readonly string[], place: (row: FigureRow) => number,
): readonly FigureRow[] {
  if (line.length <= 4 * columns) return line;
  const at = line.map(place);
  const [low, high] = at.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const parts = new Map<number, number[]>();
  at.forEach((v, k) => {
    const part = Math.min(columns - 1, Math.floor((columns * (v - low)) / (high - low || 1)));
    const members = parts.get(part);
    if (members) members.push(k);
    else parts.set(part, [k]);
  });
  const kept = new Set<number>();
  for (const members of parts.values()) {
    const rows = members.map(k => line[k]);
    for (const k of [...extremes(members.map(k => ({at: at[k]})), 'at'), ...keys.flatMap(key => extremes(rows, key))]) {
      kept.add(members[k]);
    }
  }
  return line.filter((_, k) => kept.has(k));
}

/** How many columns each of so many lines may have on a plot `width` px wide. */
export function columnsFor(lines: number, width: number): number {
  return Math.max(50, Math.min(2 * Math.ceil(width), Math.floor(MOST_VALUES / (4 * lines))));
}

/** What is said of a figure that draws less than it was given; empty when it draws all. */
export function thinned(all: number, drawn: number, how: string): string {
  return drawn < all ? ` Drawn are ${drawn} of ${all} ${how}; the data hold all.` : '';
}

/** Places of the first smallest and the first largest number under `key`; none where no row has one. */
function extremes(rows: readonly FigureRow[], key: string): number[] {
  let least = -1, most = -1;
  rows.forEach((row, k) => {
    const value = row[key];
    if (typeof value !== 'number') return;
    if (least < 0 || value < (rows[least][key] as number)) least = k;
    if (most < 0 || value > (rows[most][key] as number)) most = k;
  });
  return least < 0 ? [] : [least, most];
}
