import {expect} from '../errors';
import {figure, type Figure, type FigureRow} from './figure';
import {panelled, panelWidth} from './panels';
import {extent, quantitative} from './axes';
import {endLayers, levelLayer} from './lineEnds';
import {atEnds, numbersOf} from './lineNames';
import type {PlaneOptions} from './plane';
import {ruleLabel, ruleLayer} from './rules';
import {distinct, lineLegend, markedLegend, seriesScales, shapeEncoding, shapeOf, shapeScale} from './series';
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
  /**
   * Names at the right ends of the lines, or in a legend. Default: at the ends where there are 2 to 10 lines that end
   * at the right side, with names that are not long and have room there; of several panels, which then all have all
   * lines, in the last of each row. A figure for print chooses anew.
   */
  readonly labels?: 'legend' | 'ends';
  /** What the band is, for the description, e.g. `'mean ± sd over 5 seeds'`. */
  readonly band?: string;
}

/**
 * Lines with optional bands; colour, dash and shape all name the series, so that grey print works.
 * @throws ArgumentError on unequal lengths, values that are not finite, a log axis with values <= 0, or `labels` at
 * ends where they have no room, lines are missing in a panel or panels have y axes of their own
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
  const points = options.points ?? longest <= 30;
  const ends = atEnds({rows, shown}, names, {...options, points, panels}), several = panels.length > 1;
  const at = axes(rows, options, ends?.box.y.domain);
  const legend = ends ? null : points ? markedLegend(names, looksOf(names)) : lineLegend(names);
  const layers = [
    ...(options.rules ?? []).map(ruleLayer),
    ...(rows.some(row => 'low' in row) ? [bandLayer(at, names, legend, options)] : []),
    ...lineLayers(at, names, legend, {...options, points}),
    ...(options.rules ?? []).flatMap(ruleLabel),
    ...(ends?.ends ?? []).flatMap(panel =>
      endLayers(panel, ends!.box, {...at, color: colorOf(names, null, options)})!),
    ...(ends && several ? [levelLayer(ends.box.font)] : []),
  ];
  const description = (options.description ?? describeLines(series, options))
    + thinned(rows.length, shown.length, `values, the first, last, lowest and highest in each of ${columns} columns`);
  const asked = options.labels ? {usermeta: {labels: options.labels}} : {};
  const body = {...panelled(layers, panels, options), ...asked, ...(several && ends ? BESIDE_PANELS : {})};
  return figure({...options, description}, rows, body, shown);
}

/** Names beside the last panels of rows make no room beside the others. */
const BESIDE_PANELS = {align: 'each'} as object;

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

/** @param domain of y where labels beside the plot hold on to it */
function axes(rows: readonly FigureRow[], {x, y, xScale, yScale, zero}: LinesOptions, domain?: readonly number[]) {
  const ofY = quantitative('y', y, {log: yScale === 'log', zero}, numbersOf(rows, 'y', 'low', 'high'));
  return {
    x: quantitative('x', x, {log: xScale === 'log', tight: true, atValues: true}, numbersOf(rows, 'x')),
    y: domain ? {...ofY, scale: {...ofY.scale, nice: false, domain}} : ofY,
  };
}

type Axes = ReturnType<typeof axes>;

type Legend = object | null;

const looksOf = (names: readonly string[]) =>
  ({dashes: seriesScales(names).dash.range, shapes: shapeScale(names).range});

function colorOf(names: readonly string[], legend: Legend, {colors}: LinesOptions) {
  return {field: 'series', type: 'nominal', scale: seriesScales(names, colors).color, legend};
}

function bandLayer({x, y}: Axes, names: readonly string[], legend: Legend, options: LinesOptions) {
  return {
    transform: [{filter: 'isValid(datum.low)'}],
    mark: {type: 'area', opacity: 0.18, tooltip: false},
    encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color: colorOf(names, legend, options)},
  };
}

function lineLayers(
  {x, y}: Axes, names: readonly string[], legend: Legend, options: LinesOptions & {readonly points: boolean},
) {
  const color = colorOf(names, legend, options), {dash} = seriesScales(names);
  const strokeDash = {field: 'series', type: 'nominal', scale: dash, legend};
  const line = {mark: {type: 'line'}, encoding: {x, y, color, strokeDash}};
  const dots = {
    transform: [shapeOf(names)], mark: {type: 'point', size: 40, stroke: ink.paper, strokeWidth: 0.6},
    encoding: {x, y, color, shape: shapeEncoding},
  };
  return options.points ? [line, dots] : [line];
}

function describeLines(series: readonly LineSeries[], options: LinesOptions): string {
  const ends = series.slice(0, 8).map(one => `${[one.name, one.panel].filter(Boolean)
    .join(' in ')} from ${one.y[0]?.toPrecision(3)} to ${one.y[one.y.length - 1]?.toPrecision(3)}`);
  return `Lines of ${options.y} over ${options.x}: ${ends.join('; ')}${series.length > 8
    ? `; ${series.length} lines in all`
    : ''}.${options.band ? ` Bands: ${options.band}.` : ''}`;
}
