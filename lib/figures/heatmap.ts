import {expect} from '../errors';
import type {NdArray} from '../math/ndarray';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {extent} from './axes';
import {headingLines} from './text';
import {distinct} from './series';
import {houseTheme, ink} from './theme';

/** One heat map of several. */
export interface HeatmapPanel {
  /** Heading of its column, e.g. the model. */
  readonly column?: string;
  /** Heading of its row, e.g. the outcome. */
  readonly row?: string;
  /** `[C]` values along x, e.g. assimilation times t_c. */
  readonly x: ArrayLike<number>;
  /** `[S]` values along y, e.g. horizons s. */
  readonly y: ArrayLike<number>;
  /**
   * `[C, S]`, x first, as an array or as rows; NaN, null or undefined where there is no cell (t_c + s beyond the end):
   * left blank.
   */
  readonly values: NdArray | readonly (readonly (number | null | undefined)[])[];
}

/** Options of {@link heatmapFigure}. */
export interface HeatmapOptions extends FigureText {
  /** Axis titles with units; default `'assimilation time t_c'` and `'forecast horizon s'`. */
  readonly x?: string;
  readonly y?: string;
  /** What the colour means, with its unit; default `'RMSE'`. */
  readonly color?: string;
  /** Larger values get the colour of this one and the legend says so; default: nothing is clipped. */
  readonly clip?: number;
  /**
   * Colour scale `[low, high]`; default 0 (on a logarithmic scale the smallest value) to the largest value (or `clip`).
   */
  readonly domain?: readonly [number, number];
  /** Default `'linear'`; `'log'` tells small values apart where they span decades, and wants positive ones. */
  readonly colorScale?: 'linear' | 'log';
  /** Print each value in its cell; default: when cells are at least 28 px wide. */
  readonly printed?: boolean;
  /** d3 format of printed values, default `'.2f'`. */
  readonly format?: string;
  /** Width of a cell in px, in [4, 60]; default fits a panel into about 250 px and all columns into 950. */
  readonly cell?: number;
}

/** More cells are no longer seen one by one. */
const MOST_CELLS = 50_000;

/**
 * Small multiples of values over (x, y) on one viridis scale: dark is low.
 * @paper Figures 2-4 @throws ArgumentError on wrong shapes, infinite values or panels without any value
 */
export function heatmapFigure(panels: readonly HeatmapPanel[], options: HeatmapOptions): Figure {
  const fn = 'heatmapFigure';
  expect(panels.length > 0, {fn, argument: 'panels', expected: 'at least one panel', received: panels});
  const clip = options.clip ?? Infinity, {cell} = options;
  expect(cell === undefined || (cell >= 4 && cell <= 60), {
    fn, argument: 'cell', expected: 'in [4, 60] px', received: cell,
  });
  expect(!Number.isNaN(clip), {fn, argument: 'clip', expected: 'a number', received: clip});
  const rows = panels.flatMap((panel, p) => panelRows(panel, p, clip));
  expect(rows.length <= MOST_CELLS, {
    fn, argument: 'panels', expected: `of at most ${MOST_CELLS} cells in all`, received: rows.length,
    remedy: 'Average blocks of cells, or draw fewer panels.',
  });
  const [least, most] = extent(rows.map(row => row.shown as number)), log = options.colorScale === 'log';
  expect(!log || least > 0, {
    fn, argument: 'panels', expected: 'positive values on a logarithmic colour scale', received: least,
  });
  const domain = options.domain ?? [log ? least : 0, options.clip ?? most];
  expect(domain[0] < domain[1] && domain.every(Number.isFinite), {
    fn, argument: 'domain', expected: 'of increasing limits', received: domain,
    remedy: 'All values may be zero; give `domain`.',
  });
  const columns = new Set(rows.map(row => row.x)).size, lines = new Set(rows.map(row => row.y)).size;
  const width = options.cell ?? Math.min(
    36, Math.max(8, Math.floor(Math.min(250, 950 / distinct(panels.map(panel => panel.column)).length) / columns)),
  );
  const height = Math.min(width, Math.max(8, Math.round(width * 0.72)));
  const printed = options.printed ?? width >= 28;
  return figure({...options, description: options.description ?? describeHeatmap(panels, rows, options)}, rows, {
    ...facets(panels, {column: columns * width, row: lines * height}),
    spec: {
      width: {step: width}, height: {step: height},
      layer: [cells(options, domain, rows, width), ...(printed ? [labels(options, domain)] : [])],
    },
    config: {
      axis: {...houseTheme.axis, grid: false}, axisY: {domain: false, ticks: false, grid: false},
      axisX: {domain: false, ticks: false, grid: false},
    },
  } as never);
}

function panelRows(panel: HeatmapPanel, index: number, clip: number): FigureRow[] {
  const [C, S] = [panel.x.length, panel.y.length];
  const fn = 'heatmapFigure', argument = `panels[${index}].values`, {shape, data} = dense(panel.values, fn, argument);
  expect(shape.length === 2 && shape[0] === C && shape[1] === S, {
    fn, argument, expected: `of shape [${C}, ${S}] = [x, y]`, received: shape,
  });
  expect(data.length === C * S, {fn, argument, expected: `${C * S} values for its shape`, received: data.length});
  const rows: FigureRow[] = [];
  for (let c = 0; c < C; c++) for (let s = 0; s < S; s++) {
    const value = data[c * S + s];
    expect(Math.abs(value) !== Infinity, {
      fn, argument, expected: 'finite, or NaN where there is no cell', received: value,
    });
    if (!Number.isNaN(value)) rows.push({
      row: panel.row ?? '', column: panel.column ?? '', x: panel.x[c], y: panel.y[s], value,
      shown: Math.min(value, clip),
    });
  }
  expect(rows.length > 0, {fn, argument, expected: 'not NaN everywhere', received: data});
  return rows;
}

function dense(
  values: HeatmapPanel['values'], fn: string, argument: string,
): {readonly shape: readonly number[]; readonly data: ArrayLike<number>} {
  if ('shape' in values) return values;
  const ragged = values.findIndex(row => row.length !== values[0].length);
  expect(ragged < 0, {
    fn, argument: `${argument}[${ragged}]`, expected: `${values[0]?.length} values, as many as the first row has`,
    received: values[ragged]?.length,
  });
  return {shape: [values.length, values[0]?.length ?? 0], data: values.flatMap(row => row.map(value => value ?? NaN))};
}

function facets(panels: readonly HeatmapPanel[], room: Readonly<Record<'row' | 'column', number>>) {
  const names = (key: 'row' | 'column') => distinct(panels.map(panel => panel[key] ?? ''));
  const header = (key: 'row' | 'column') => ({
    field: key, type: 'nominal', sort: names(key), title: null,
    header: panels.some(panel => panel[key])
      ? {...headers[key], labelExpr: headingLines(names(key), room[key])}
      : {labels: false, labelPadding: 0},
  });
  return {facet: {row: header('row'), column: header('column')}, spacing: {row: 14, column: 14}};
}

const headers = {
  row: {labelAngle: -90, labelAlign: 'center', labelAnchor: 'middle', labelOrient: 'left', labelPadding: 4},
  column: {labelAnchor: 'middle', labelBaseline: 'bottom'},
};

function cells(options: HeatmapOptions, domain: readonly [number, number], rows: readonly FigureRow[], width: number) {
  const clipped = options.clip !== undefined && rows.some(row => row.value !== row.shown);
  return {
    // one spoken label a cell helps nobody beyond a few hundred cells, and makes the file ten times as large
    mark: {type: 'rect', stroke: ink.paper, strokeWidth: 0.5, aria: rows.length <= 300},
    encoding: {
      x: {
        field: 'x', type: 'ordinal', title: options.x ?? 'assimilation time t_c',
        axis: {labelAngle: 0, values: spaced(rows.map(row => row.x as number), Math.ceil(18 / width))},
      },
      y: {field: 'y', type: 'ordinal', sort: 'descending', title: options.y ?? 'forecast horizon s'},
      color: {
        field: 'shown', type: 'quantitative', title: options.color ?? 'RMSE', scale: {
          domain, scheme: 'viridis', clamp: true, ...(options.colorScale === 'log' ? {type: 'log' as const} : {}),
        },
        legend: {
          gradientLength: 130, gradientThickness: 12, ...(options.colorScale === 'log' ? {format: '.1~g'} : {}),
          ...(clipped ? {labelExpr: `datum.value >= ${options.clip} ? '≥ ' + datum.label : datum.label`} : {}),
        },
      },
    },
  };
}

/** Every `step`-th of the distinct `values`, so that axis labels keep an even rhythm. */
function spaced(values: readonly number[], step: number): number[] {
  return [...new Set(values)].sort((a, b) => a - b).filter((_, i) => i % step === 0);
}

function labels(options: HeatmapOptions, [low, high]: readonly [number, number]) {
  return {
    mark: {type: 'text', fontSize: 9, aria: false},
    encoding: {
      x: {field: 'x', type: 'ordinal'}, y: {field: 'y', type: 'ordinal', sort: 'descending'},
      text: {field: 'value', type: 'quantitative', format: options.format ?? '.2f'},
      // viridis passes the lightness where black reads better than white at about 0.55
      color: {condition: {
        test: `datum.shown > ${options.colorScale === 'log' ? low * (high / low) ** 0.55 : low + 0.55 * (high - low)}`,
        value: '#000000',
      }, value: '#ffffff'},
    },
  };
}

function describeHeatmap(panels: readonly HeatmapPanel[], rows: readonly FigureRow[], options: HeatmapOptions): string {
  const [low, high] = extent(rows.map(row => row.value as number));
  const names = [...new Set(panels.map(panel => [panel.row, panel.column].filter(Boolean).join(', ')).filter(Boolean))];
  return `Heat map${panels.length > 1 ? 's' : ''} of ${options.color ?? 'RMSE'} over `
    + `${options.x ?? 'assimilation time t_c'} and ${options.y ?? 'forecast horizon s'}`
    + `${names.length > 0 ? ` for ${names.join('; ')}` : ''}; values from ${low.toPrecision(3)} to `
      + `${high.toPrecision(3)}.`;
}
