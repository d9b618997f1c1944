import {expect} from '../errors';
import {figure, type Figure, type FigureRow} from './figure';
import {panelled, panelWidth} from './panels';
import {extent, quantitative} from './axes';
import type {PlaneOptions} from './plane';
import {ruleLabel, ruleLayer} from './rules';
import {distinct, lineLegend, seriesScales, shapeEncoding, shapeOf} from './series';
import {ink} from './theme';
import {columnsFor, thinLine, thinned} from './thin';

/** One line. */
export interface LineSeries {
  /** Name in the legend; series of one name in several panels look the same. */
  readonly name: string;
  /** `[n]`, finite. */
  readonly x: ArrayLike<number>;
  /** `[n]`, finite. */
  readonly y: ArrayLike<number>;
  /** `[n]` half width of a band around `y`, e.g. the standard deviation over seeds. */
  readonly sd?: ArrayLike<number>;
  /** `[n]` limits of a band, where it is not symmetric; not together with `sd`. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  /** Heading of the panel it belongs to. */
  readonly panel?: string;
}

/** Options of {@link linesFigure}. */
export interface LinesOptions extends PlaneOptions {
  /** Whether a linear y axis starts at zero, default false. */
  readonly zero?: boolean;
  /** Mark each value with the series' shape; default: when no series has more than 30. */
  readonly points?: boolean;
  /** What the band is, for the description, e.g. `'mean ± sd over 5 seeds'`. */
  readonly band?: string;
}

/**
 * Lines with optional bands; colour, dash and shape all name the series, so that grey print works.
 * @throws ArgumentError on unequal lengths, values that are not finite, or a log axis with values <= 0
 * @example
 * ```ts
 * import {linesFigure} from './lib';
 * const figure = linesFigure([{name: 'decay', x: [0, 1, 2], y: [4, 2, 1]}], {
 *   title: 'Half as much a day', x: 'time [d]', y: 'dose [mg]',
 * });
 * console.log(figure.data.length, (await figure.toSvg()).startsWith('<svg'));   // 3 true
 * ```
 */
export function linesFigure(series: readonly LineSeries[], options: LinesOptions): Figure {
  const fn = 'linesFigure';
  expect(series.length > 0, {fn, argument: 'series', expected: 'at least one series', received: series});
  const floor = bandFloor(series, options);
  const each = series.map((one, i) => lineRows(one, i, options, floor)), rows = each.flat();
  const panels = distinct(series.map(one => one.panel ?? ''));
  const columns = columnsFor(series.length, panelWidth(panels.length, options));
  const shown = each.flatMap(line => thinLine(line, columns, ['y', 'low', 'high'], ({x}) =>
    (options.xScale === 'log' ? Math.log(x as number) : x as number)));
  const names = distinct(series.map(one => one.name));
  const [, longest] = extent(series.map(one => one.x.length));
  const at = axes(rows, options);
  const layers = [
    ...(options.rules ?? []).map(ruleLayer),
    ...(rows.some(row => 'low' in row) ? [bandLayer(at, names, options)] : []),
    ...lineLayers(at, names, options, options.points ?? longest <= 30),
    ...(options.rules ?? []).flatMap(ruleLabel),
  ];
  const description = (options.description ?? describeLines(series, options))
    + thinned(rows.length, shown.length, `values, the first, last, lowest and highest in each of ${columns} columns`);
  return figure({...options, description}, rows, panelled(layers, panels, options), shown);
}

function lineRows(one: LineSeries, index: number, options: LinesOptions, floor: number): FigureRow[] {
  const fn = 'linesFigure';
  const n = one.x.length;
  for (const key of ['y', 'sd', 'low', 'high'] as const) {
    expect(one[key] === undefined || one[key].length === n, {
      fn, argument: `series[${index}].${key}`, expected: `${n} values, as many as x`, received: one[key]?.length,
    });
  }
  expect((one.low === undefined) === (one.high === undefined) && !(one.sd && one.low),
    {fn, argument: `series[${index}]`, expected: 'given either `sd`, or `low` and `high`, or no band', received: one});
  return Array.from({length: n}, (_, k) => {
    const [x, y] = [one.x[k], one.y[k]];
    expect(options.xScale !== 'log' || x > 0, {
      fn, argument: `series[${index}].x`, expected: 'positive on a log axis', received: x,
    });
    expect(options.yScale !== 'log' || y > 0, {
      fn, argument: `series[${index}].y`, expected: 'positive on a log axis', received: y,
    });
    const band = one.sd ? {low: y - one.sd[k], high: y + one.sd[k]}
      : one.low && one.high ? {low: one.low[k], high: one.high[k]}
      : {};
    return {
      panel: one.panel ?? '', series: one.name, x, y,
      ...('low' in band ? {low: Math.max(band.low!, floor), high: band.high!} : {}),
    };
  });
}

/** A band that reaches zero has no lower limit on a log axis: it is cut at half the smallest value. */
function bandFloor(series: readonly LineSeries[], options: LinesOptions): number {
  return options.yScale === 'log'
    ? extent(series.flatMap(one => Array.from(one.y)).filter(y => y > 0))[0] / 2
    : -Infinity;
}

function axes(rows: readonly FigureRow[], {x, y, xScale, yScale, zero}: LinesOptions) {
  const all = (...keys: readonly string[]) =>
    rows.flatMap(row => keys.flatMap(key => (typeof row[key] === 'number' ? [row[key]] : [])));
  return {
    x: quantitative('x', x, {log: xScale === 'log', tight: true}, all('x')),
    y: quantitative('y', y, {log: yScale === 'log', zero}, all('y', 'low', 'high')),
  };
}

type Axes = ReturnType<typeof axes>;

function bandLayer({x, y}: Axes, names: readonly string[], options: LinesOptions) {
  const {color} = seriesScales(names, options.colors);
  return {
    transform: [{filter: 'isValid(datum.low)'}],
    mark: {type: 'area', opacity: 0.18, tooltip: false},
    encoding: {
      x, y: {...y, field: 'low'}, y2: {field: 'high'},
      color: {field: 'series', type: 'nominal', scale: color, legend: lineLegend(names)},
    },
  };
}

function lineLayers({x, y}: Axes, names: readonly string[], options: LinesOptions, points: boolean) {
  const {color, dash} = seriesScales(names, options.colors);
  const by = (scale: object) => ({field: 'series', type: 'nominal', scale, legend: lineLegend(names)});
  const line = {mark: {type: 'line'}, encoding: {x, y, color: by(color), strokeDash: by(dash)}};
  const dots = {
    transform: [shapeOf(names)], mark: {type: 'point', size: 40, stroke: ink.paper, strokeWidth: 0.6},
    encoding: {x, y, color: by(color), shape: shapeEncoding},
  };
  return points ? [line, dots] : [line];
}

function describeLines(series: readonly LineSeries[], options: LinesOptions): string {
  const ends = series.slice(0, 8).map(one => `${[one.name, one.panel].filter(Boolean)
    .join(' in ')} from ${one.y[0]?.toPrecision(3)} to ${one.y[one.y.length - 1]?.toPrecision(3)}`);
  return `Lines of ${options.y} over ${options.x}: ${ends.join('; ')}${series.length > 8
    ? `; ${series.length} lines in all`
    : ''}.${options.band ? ` Bands: ${options.band}.` : ''}`;
}
