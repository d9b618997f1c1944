import {expect} from '../errors';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {panelled, type PanelOptions} from './panels';
import {ruleLayer} from './rules';
import {distinct, seriesScales} from './series';
import {ink} from './theme';

/** One bar. */
export interface Bar {
  readonly category: string;
  /** Finite; bars start at zero. */
  readonly value: number;
  /** Name within the category, for grouped bars. */
  readonly series?: string;
  /** Half length of an error bar, >= 0. */
  readonly sd?: number;
  /** Heading of the panel it belongs to. */
  readonly panel?: string;
}

/** Options of {@link barsFigure}. */
export interface BarsOptions extends FigureText, PanelOptions {
  /** Title of the value axis, with unit. */
  readonly value: string;
  /** Title of the category axis, default none. */
  readonly category?: string;
  /** Default `'horizontal'`: long names stay readable. */
  readonly orientation?: 'horizontal' | 'vertical';
  /** Print the value at the end of each bar, default true without error bars. */
  readonly printed?: boolean;
  /** d3 format of printed values, default `'.3~r'`. */
  readonly format?: string;
  /** Thickness of one bar in px, in [4, 60], default 18 (14 when grouped). */
  readonly thickness?: number;
  /** What the error bars are, for the description. */
  readonly error?: string;
  readonly colors?: Readonly<Record<string, string>>;
}

/**
 * Bars from zero, grouped by series, with error bars.
 * @throws ArgumentError on values that are not finite or negative sd
 */
export function barsFigure(bars: readonly Bar[], options: BarsOptions): Figure {
  const fn = 'barsFigure';
  expect(bars.length >= 1 && bars.length <= 500, {
    fn, argument: 'bars', expected: '1 to 500 bars', received: bars.length,
    remedy: 'Draw the largest, or a histogram of the values.',
  });
  const {thickness = 18} = options;
  expect(thickness >= 4 && thickness <= 60, {
    fn, argument: 'thickness', expected: 'in [4, 60] px', received: thickness,
  });
  bars.forEach((bar, i) =>
    expect(bar.sd === undefined || bar.sd >= 0, {fn, argument: `bars[${i}].sd`, expected: '>= 0', received: bar.sd}));
  const rows = bars.map<FigureRow>(({category, value, series, sd, panel}) => ({
    panel: panel ?? '', category, series: series ?? '', value,
    ...(sd === undefined ? {} : {sd, low: value - sd, high: value + sd}),
  }));
  const names = distinct(rows.map(row => String(row.series)));
  const horizontal = (options.orientation ?? 'horizontal') === 'horizontal';
  const printed = options.printed ?? !bars.some(bar => bar.sd !== undefined);
  const position = positions(rows, names, {...options, horizontal, printed});
  const layers: object[] = [
    barLayer(position, names, horizontal, options),
    ...(rows.some(row => 'sd' in row) ? [errorLayer(position, horizontal)] : []),
    ...(printed ? [valueLayer(position, horizontal, options)] : []),
  ];
  if (bars.some(bar => bar.value < 0)) layers.push(ruleLayer({axis: horizontal ? 'x' : 'y', value: 0}));
  const panels = distinct(rows.map(row => String(row.panel)));
  const step = {step: options.thickness ?? (names.length > 1 ? 14 : 18), for: names.length > 1 ? 'offset' : 'position'};
  const body = panelled(layers, panels, options) as unknown as Record<string, unknown>;
  const sized = (spec: object) =>
    ({...spec, [horizontal ? 'height' : 'width']: options[horizontal ? 'height' : 'width'] ?? step});
  return figure({...options, description: options.description ?? describeBars(bars, options)}, rows,
    ('spec' in body ? {...body, spec: sized(body.spec as object)} : sized(body)) as never);
}

/** How bars stand, and whether their values are printed beside them. */
interface Placing extends Pick<BarsOptions, 'category' | 'value'> {
  readonly horizontal: boolean;
  readonly printed: boolean;
}

function positions(rows: readonly FigureRow[], names: readonly string[], {horizontal, printed, ...options}: Placing) {
  const signed = rows.some(row => (row.value as number) < 0);
  const band = {
    field: 'category', type: 'nominal', sort: distinct(rows.map(row => row.category)), title: options.category ?? null,
    axis: {labelAngle: 0, labelLimit: 240, domain: !signed, ticks: false, grid: false},
    scale: {paddingInner: 0.25, paddingOuter: 0.12},
  };
  const offset = names.length > 1 ? {[horizontal ? 'yOffset' : 'xOffset']: {field: 'series', sort: names}} : {};
  const value = {
    field: 'value', type: 'quantitative', title: options.value,
    axis: {grid: true, domain: false, ticks: false, tickCount: 5},
    scale: {nice: true, ...(signed && printed ? {padding: 36} : {})},
  };
  return {band, offset, value};
}

type Positions = ReturnType<typeof positions>;

function barLayer(
  {band, offset, value}: Positions, names: readonly string[], horizontal: boolean, options: BarsOptions,
) {
  const legend = names.length > 1 ? {title: null, symbolType: 'square', symbolSize: 110, symbolStrokeWidth: 0} : null;
  const color = {field: 'series', type: 'nominal', scale: seriesScales(names, options.colors).color, legend};
  return {
    mark: {type: 'bar'}, encoding: {[horizontal ? 'y' : 'x']: band, [horizontal ? 'x' : 'y']: value, ...offset, color},
  };
}

function errorLayer({band, offset, value}: Positions, horizontal: boolean) {
  const [along, to] = horizontal ? ['x', 'x2'] : ['y', 'y2'];
  return {
    transform: [{filter: 'isValid(datum.sd)'}], mark: {type: 'rule', color: ink.text, strokeWidth: 1.4},
    encoding: {[horizontal ? 'y' : 'x']: band, ...offset, [along]: {...value, field: 'low'}, [to]: {field: 'high'}},
  };
}

function valueLayer({band, offset, value}: Positions, horizontal: boolean, options: BarsOptions) {
  const bySign = (below: string, above: string) => ({expr: `datum.value < 0 ? ${below} : ${above}`});
  const place = horizontal
    ? {align: bySign("'right'", "'left'"), dx: bySign('-4', '4'), baseline: 'middle'}
    : {align: 'center', dy: bySign('7', '-6')};
  return {
    mark: {type: 'text', fontSize: 10, color: ink.text, ...place},
    encoding: {
      [horizontal ? 'y' : 'x']: band, ...offset, [horizontal ? 'x' : 'y']: value,
      text: {field: 'value', type: 'quantitative', format: options.format ?? '.3~r'},
    },
  };
}

function describeBars(bars: readonly Bar[], options: BarsOptions): string {
  const shown = bars.slice(0, 12).map(bar => `${[bar.panel, bar.category, bar.series].filter(Boolean)
    .join(', ')} ${bar.value.toPrecision(3)}${bar.sd === undefined ? '' : ` ± ${bar.sd.toPrecision(2)}`}`);
  return `Bars of ${options.value}: ${shown.join('; ')}${bars.length > 12
    ? `; ${bars.length} bars in all`
    : ''}.${options.error ? ` Error bars: ${options.error}.` : ''}`;
}
