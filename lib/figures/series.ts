import {expect} from '../errors';
import {lookup} from './text';
import {dashes, palette, shapes} from './theme';

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
    ? {title: null, symbolType: 'stroke', symbolSize: 600, rowPadding: 0, symbolOpacity: 1, symbolStrokeWidth: 2}
    : null;
}

/** Scale that gives the k-th of `names` the k-th shape. */
export function shapeScale(names: readonly string[]) {
  return {domain: names, range: names.map((_, k) => shapes[(k + Math.floor(k / palette.length)) % shapes.length])};
}

/** Adds the shape of each series to its rows; a shape scale of its own would fight over the legend with the lines. */
export function shapeOf(names: readonly string[]) {
  const {domain, range} = shapeScale(names);
  return {calculate: lookup(domain, range, 'datum.series'), as: 'shape'};
}

/** Takes shapes as {@link shapeOf} wrote them. */
export const shapeEncoding = Object.freeze({field: 'shape', type: 'nominal', scale: null, legend: null});
