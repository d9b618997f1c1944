import {expect} from '../errors';
import {keyOutline} from './outlines';
import {lookup, wrapped} from './text';
import {dashes, drawnShapes, palette, shapes} from './theme';

/**
 * Scales that give the k-th of `names` the k-th colour and dash, the same in every layer and legend. Names beyond the
 * palette start it again with other dashes.
 * @throws ArgumentError for more than 100 names
 */
export function seriesScales(names: readonly string[], colors?: Readonly<Record<string, string>>) {
  expect(names.length <= 100, {
    fn: 'figure', argument: 'series', expected: 'at most 100 names', received: names.length,
    remedy: 'Give lines that need not be told apart one name and panels of their own, or draw a band.',
  });
  const take = <T>(from: readonly T[], shift = 0) =>
    names.map((_, k) => from[(k + shift * Math.floor(k / palette.length)) % from.length]);
  const color = take(palette).map((given, k) => colors && Object.hasOwn(colors, names[k]) ? colors[names[k]] : given);
  return {
    color: {domain: names, range: color},
    dash: {domain: names, range: take(dashes, 1)},
  };
}

/** The distinct `values` in the order they first appear. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Legend of lines: a stretch of each line in its colour and dash; none for a single series. */
export function lineLegend(names: readonly string[]) {
  return names.length > 1
    ? {
      title: null, symbolType: 'stroke', symbolSize: 600, rowPadding: 0, symbolOpacity: 1, symbolStrokeWidth: 2,
      ...inLines(names),
    }
    : null;
}

/** Most letters of a line of a name in a legend, and most px that they may take. */
const LEGEND_LETTERS = 44, LEGEND_LIMIT = 400;

/** Long names in several lines. */
function inLines(names: readonly string[]) {
  const lines = names.map(name => wrapped(name, LEGEND_LETTERS));
  return lines.some(one => one.length > 1)
    ? {labelExpr: lookup(names, lines, 'datum.label'), labelLimit: LEGEND_LIMIT}
    : {};
}

/** Dashes and shapes of lines, one a name. */
export interface LineLooks {
  readonly dashes: readonly (readonly number[])[];
  readonly shapes: readonly string[];
}

/**
 * Legend of lines with points on them: a stretch of each line in its colour and dash, and its mark.
 * @param length of the stretch [px], > 0, default 24
 */
export function markedLegend(names: readonly string[], {dashes, shapes}: LineLooks, length = 24) {
  if (names.length < 2) return null;
  const outlines = names.map((_, k) =>
    keyOutline({dash: dashes[k], shape: shapes[k], length, thickness: 2, radius: MARK_RADIUS}));
  const own = (value: unknown) => ({value}), colour = own({expr: "scale('color', datum.value)"});
  return {
    title: null, symbolSize: length ** 2, rowPadding: 0, symbolOpacity: 1, symbolStrokeWidth: 0, ...inLines(names),
    encoding: {symbols: {
      // all that marks of lines, bands and points say of themselves, or Vega-Lite finds them in conflict
      shape: own({expr: lookup(names, outlines, 'datum.value')}), fill: colour, fillOpacity: own(1), stroke: colour,
      strokeWidth: own(0), strokeJoin: own('round'),
    }},
  };
}

/** Radius of the mark in a key of lines [px]. */
const MARK_RADIUS = 3.4;

/** Scale that gives the k-th of `names` the k-th shape. */
export function shapeScale(names: readonly string[]) {
  return {domain: names, range: names.map((_, k) => shapes[(k + Math.floor(k / palette.length)) % shapes.length])};
}

/** The shapes that {@link shapeOf} has written, one a name. */
export function shapesIn({calculate}: {readonly calculate: string}): string[] {
  return JSON.parse(calculate.split('[indexof(')[0]) as string[];
}

/** Adds the shape of each series to its rows; a shape scale of its own would fight over the legend with the lines. */
export function shapeOf(names: readonly string[]) {
  const {domain, range} = shapeScale(names);
  return {calculate: lookup(domain, range, 'datum.series'), as: 'shape'};
}

/** Takes shapes as {@link shapeOf} wrote them, and draws those that Vega does not know. */
export const shapeEncoding = Object.freeze({
  field: 'shape', type: 'nominal', legend: null,
  scale: {domain: shapes, range: shapes.map(outlineOf)},
});

/** Scale that draws the k-th of `names` as the k-th shape. */
export function outlineScale(names: readonly string[]) {
  const {domain, range} = shapeScale(names);
  return {domain, range: range.map(outlineOf)};
}

/** A name that Vega knows, or the outline. */
function outlineOf(shape: string): string {
  return drawnShapes[shape] ?? shape;
}
