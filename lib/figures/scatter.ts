import {expect} from '../errors';
import {extent, quantitative} from './axes';
import {figure, type Figure, type FigureRow} from './figure';
import {panelled} from './panels';
import type {PlaneOptions} from './plane';
import {ruleLabel, ruleLayer} from './rules';
import {distinct, outlineScale, seriesScales} from './series';
import {ink} from './theme';
import {thinned, thinPoints} from './thin';

/** One cloud of points. */
export interface ScatterSeries {
  readonly name: string;
  /** `[n]`, finite. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Heading of the panel it belongs to. */
  readonly panel?: string;
}

/** Options of {@link scatterFigure}. */
export interface ScatterOptions extends PlaneOptions {
  /** Draw the line y = x and give both axes one range, default false. */
  readonly diagonal?: boolean;
  /** Area of a point in px², default 36, or 14 with more than 300 points. */
  readonly size?: number;
  /** In (0, 1], default 0.85, or 0.35 with more than 300 points. */
  readonly opacity?: number;
}

/**
 * Points in colour and shape by series.
 * @throws ArgumentError on unequal lengths, values that are not finite, or a log axis with values <= 0
 */
export function scatterFigure(series: readonly ScatterSeries[], options: ScatterOptions): Figure {
  const fn = 'scatterFigure', {size = 1, opacity = 1} = options;
  expect(size > 0 && Number.isFinite(size), {fn, argument: 'size', expected: 'a number > 0', received: size});
  expect(opacity > 0 && opacity <= 1, {fn, argument: 'opacity', expected: 'in (0, 1]', received: opacity});
  const clouds = series.map((one, i) => scatterRows(one, i, options)), rows = clouds.flat();
  const shown = thinPoints(clouds, ['x', 'y']);
  const names = distinct(series.map(one => one.name));
  const [xs, ys] = [rows.map(row => row.x as number), rows.map(row => row.y as number)];
  const shared = options.diagonal ? [...xs, ...ys] : undefined;
  const axes = {
    x: within(quantitative('x', options.x, {log: options.xScale === 'log'}, shared ?? xs), shared),
    y: within(quantitative('y', options.y, {log: options.yScale === 'log'}, shared ?? ys), shared),
  };
  const layers = [
    ...(shared ? [diagonalLayer(shared)] : []), ...(options.rules ?? []).map(ruleLayer),
    pointLayer(names, rows.length, axes, options),
    ...(options.rules ?? []).flatMap(ruleLabel),
  ];
  const description = (options.description ?? `Scatter plot of ${options.y} against ${options.x}, ${rows.length} `
    + `points${names.length > 1 ? `: ${names.join(', ')}` : ''}.`)
    + thinned(rows.length, shown.length, 'points, a random sample of each series with its extremes');
  return figure({...options, description}, rows, panelled(layers, distinct(series.map(one =>
    one.panel ?? '')), options.diagonal ? {height: options.width ?? 240, width: 240, ...options} : options), shown);
}

function scatterRows(one: ScatterSeries, index: number, {xScale, yScale}: ScatterOptions): FigureRow[] {
  const fn = 'scatterFigure';
  expect(one.x.length === one.y.length, {
    fn, argument: `series[${index}].y`, expected: `${one.x.length} values, as many as x`, received: one.y.length,
  });
  return Array.from(one.x, (x, k) => {
    const y = one.y[k];
    expect(xScale !== 'log' || x > 0, {
      fn, argument: `series[${index}].x`, expected: 'positive on a log axis', received: x,
    });
    expect(yScale !== 'log' || y > 0, {
      fn, argument: `series[${index}].y`, expected: 'positive on a log axis', received: y,
    });
    return {panel: one.panel ?? '', series: one.name, x, y};
  });
}

function within<A extends {scale: object}>(axis: A, values: readonly number[] | undefined): A {
  return values ? {...axis, scale: {...axis.scale, domain: extent(values), nice: false}} : axis;
}

function diagonalLayer(values: readonly number[]) {
  const ends = extent(values);
  return {
    data: {values: ends.map(value => ({value}))},
    mark: {type: 'line', color: ink.quiet, strokeWidth: 1, strokeDash: [3, 3], tooltip: false},
    encoding: {x: {field: 'value', type: 'quantitative'}, y: {field: 'value', type: 'quantitative'}},
  };
}

function pointLayer(names: readonly string[], count: number, axes: {x: object; y: object}, options: ScatterOptions) {
  const legend = names.length > 1 ? {title: null, symbolOpacity: 1} : null;
  const by = (scale: object) => ({field: 'series', type: 'nominal', scale, legend});
  const many = count > 300;
  return {
    mark: {
      type: 'point', filled: true, size: options.size ?? (many ? 14 : 36),
      opacity: options.opacity ?? (many ? 0.35 : 0.85), aria: !many,
    },
    encoding: {...axes, color: by(seriesScales(names, options.colors).color), shape: by(outlineScale(names))},
  };
}
