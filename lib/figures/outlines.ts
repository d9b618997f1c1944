import {drawnShapes} from './theme';

type Point = readonly [number, number];

const H = Math.sqrt(3) / 2, ARM = 1 / 2.5;

/** Corners of the shapes that Vega draws by name, of radius 1. @reference Vega 5, scenegraph/src/path/symbols.js */
const CORNERS: Readonly<Record<string, readonly Point[]>> = Object.freeze({
  'square': [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  'diamond': [[-1, 0], [0, -1], [1, 0], [0, 1]],
  'cross': [
    [-1, -ARM], [-1, ARM], [-ARM, ARM], [-ARM, 1], [ARM, 1], [ARM, ARM], [1, ARM], [1, -ARM], [ARM, -ARM], [ARM, -1],
    [-ARM, -1], [-ARM, -ARM],
  ],
  'triangle-up': [[0, -H], [-1, H], [1, H]],
  'triangle-down': [[0, H], [-1, -H], [1, -H]],
  'triangle-right': [[H, 0], [-H, -1], [-H, 1]],
  'triangle-left': [[-H, 0], [H, -1], [H, 1]],
});

/** Room between a mark and the line on both sides of it, of the mark's radius. */
const GAP = 0.35;

/** What a key shows of a line [px]. */
export interface KeyStyle {
  /** Lengths of dashes and gaps in turn; none for a solid line. */
  readonly dash: readonly number[];
  /** One of the shapes of series; none where points are not drawn. */
  readonly shape?: string;
  /** Length and thickness of the stretch of line, radius of the mark. */
  readonly length: number;
  readonly thickness: number;
  readonly radius: number;
}

/**
 * Outline, to be filled, of a stretch of line with its mark on it, for a symbol as large as `length` squared. Dashes
 * are pieces of their own: a dashed outline would fray the mark.
 */
export function keyOutline({dash, shape, length, thickness, radius}: KeyStyle): string {
  const half = length / 2, free = shape === undefined ? 0 : radius * (1 + GAP);
  const pieces = dashesOn(length, dash).map(([from, to]): Point => [from - half, to - half]).flatMap(([from, to]) =>
    without(from, to, free));
  const line = pieces.map(([from, to]) => polygon([
    [from, -thickness / 2], [to, -thickness / 2], [to, thickness / 2], [from, thickness / 2],
  ], 1 / half));
  return [...line, ...(shape === undefined ? [] : [markOutline(shape, radius / half)])].join('');
}

function dashesOn(length: number, dash: readonly number[]): Point[] {
  if (dash.length === 0) return [[0, length]];
  const found: Point[] = [];
  for (let at = 0, k = 0; at < length; at += dash[k % dash.length], k++) {
    if (k % 2 === 0) found.push([at, Math.min(length, at + dash[k % dash.length])]);
  }
  return found;
}

/** What is left of a piece of line without `free` px on both sides of the middle. */
function without(from: number, to: number, free: number): Point[] {
  const parts: Point[] = [[from, Math.min(to, -free)], [Math.max(from, free), to]];
  return free === 0 ? [[from, to]] : parts.filter(([start, end]) => end - start > 0.3);
}

function markOutline(shape: string, radius: number): string {
  if (shape === 'circle') {
    const [r, d] = [radius, 2 * radius].map(short);
    return `M${short(-radius)},0a${r},${r},0,1,1,${d},0a${r},${r},0,1,1,${-d},0Z`;
  }
  const pairs = (drawnShapes[shape] ?? shape).match(/-?[\d.]+,-?[\d.]+/g) ?? [];
  const drawn = pairs.map(pair => pair.split(',').map(Number) as unknown as Point);
  return polygon(CORNERS[shape] ?? drawn, radius);
}

const polygon = (corners: readonly Point[], zoom: number): string =>
  `M${corners.map(([x, y]) => `${short(x * zoom)},${short(y * zoom)}`).join('L')}Z`;

const short = (value: number): number => Number(value.toFixed(4)) || 0;
