import {expect, expectWhole} from '../errors';
import {extent} from './axes';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {panelled, type PanelOptions} from './panels';
import {ruleLabel, ruleLayer, type ReferenceRule} from './rules';
import {distinct, lineLegend, seriesScales} from './series';
import {ink} from './theme';

/** One sample. */
export interface Sample {
  readonly name: string;
  /** `[n]`, finite, n >= 1. */
  readonly values: ArrayLike<number>;
  /** Heading of the panel it belongs to. */
  readonly panel?: string;
}

/** Options of {@link histogramFigure}. */
export interface HistogramOptions extends FigureText, PanelOptions {
  /** Axis title with unit. */
  readonly x: string;
  /** About how many bins, 1 to 200, default 30; limits fall on round numbers. */
  readonly bins?: number;
  /** Height of a bin: `'density'` (area one; default with several samples) or `'count'`. */
  readonly measure?: 'density' | 'count';
  readonly rules?: readonly ReferenceRule[];
  readonly colors?: Readonly<Record<string, string>>;
}

/**
 * Histograms on common bins: bars for one sample a panel, outlines over pale bars for several.
 * @throws ArgumentError on empty samples or values that are not finite
 */
export function histogramFigure(samples: readonly Sample[], options: HistogramOptions): Figure {
  const fn = 'histogramFigure';
  const bins = options.bins ?? 30;
  expect(samples.length > 0, {fn, argument: 'samples', expected: 'at least one sample', received: samples});
  expectWhole(fn, {bins}, 1, 200);
  samples.forEach(({values}, i) => {
    expect(values.length > 0, {fn, argument: `samples[${i}].values`, expected: 'at least one value', received: values});
    const bad = Array.from(values).find(value => !Number.isFinite(value));
    expect(bad === undefined, {
      fn, argument: `samples[${i}].values`, expected: 'finite', received: bad,
      remedy: 'Drop missing values and say how many.',
    });
  });
  const edges = roundEdges(samples.map(one => one.values), bins);
  const rows = samples.flatMap(one => binned(one, edges));
  const names = distinct(samples.map(one => one.name));
  const measure = options.measure ?? (samples.length > 1 ? 'density' : 'count');
  const layers = [...(options.rules ?? [])
    .map(ruleLayer), ...sampleLayers(names, measure, options), ...(options.rules ?? []).flatMap(ruleLabel)];
  const description = options.description ?? `Histogram of ${options.x}: ${samples.map(one =>
    `${[one.name, one.panel].filter(Boolean).join(' in ')}, ${one.values.length} values`).join('; ')}.`;
  return figure(
    {...options, description}, rows, panelled(layers, distinct(samples.map(one => one.panel ?? '')), options),
  );
}

/** Edges at multiples of 1, 2 or 5 times a power of ten, about `bins` between the extremes. */
function roundEdges(samples: readonly ArrayLike<number>[], bins: number): number[] {
  const [low, high] = extent(samples.flatMap(values => extent(Array.from(values))));
  // edges have twelve digits: what differs by less has one bin
  const size = Math.max(Math.abs(low), Math.abs(high)), apart = high - low > Math.max(1e-290, 1e-10 * size);
  const raw = (apart ? high - low : Math.max(size, 1)) / bins;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * power).reduce((best, k) =>
    (Math.abs(Math.log(k / raw)) < Math.abs(Math.log(best / raw)) ? k : best));
  const [first, last] = [Math.floor(low / step), Math.max(Math.floor(low / step) + 1, Math.ceil(high / step))];
  // one empty bin on each side brings the outlines down to zero
  return Array.from({length: last - first + 3}, (_, k) => Number(((first + k - 1) * step).toPrecision(12)));
}

function binned({name, values, panel = ''}: Sample, edges: readonly number[]): FigureRow[] {
  const width = edges[1] - edges[0];
  const counts = new Array<number>(edges.length - 1).fill(0);
  // the largest value belongs to the last bin that is not padding
  for (let i = 0; i < values.length; i++) {
    counts[Math.min(counts.length - 2, Math.max(1, Math.floor((values[i] - edges[0]) / width + 1e-9)))]++;
  }
  const touches = (k: number) => [k - 1, k, k + 1].some(i => counts[i] > 0);
  return counts.map((count, k) =>
    ({panel, series: name, from: edges[k], to: edges[k + 1], count, density: count / (values.length * width)}))
    .filter((_, k) => touches(k));
}

function sampleLayers(names: readonly string[], measure: 'density' | 'count', options: HistogramOptions) {
  const {color, dash} = seriesScales(names, options.colors);
  const by = (scale: object) => ({field: 'series', type: 'nominal', scale, legend: lineLegend(names)});
  const x =
    {field: 'from', type: 'quantitative', title: options.x, axis: {tickCount: 6}, scale: {zero: false, nice: false}};
  const y = {field: measure, type: 'quantitative', title: measure, axis: {tickCount: 4}};
  const several = names.length > 1;
  const bars = {
    mark: {type: 'rect', opacity: several ? 0.22 : 0.9, stroke: ink.paper, strokeWidth: several ? 0 : 0.7},
    transform: [{filter: 'datum.count > 0'}],
    encoding: {x, x2: {field: 'to'}, y, y2: {datum: 0}, color: by(color)},
  };
  const outline = {
    transform: [{calculate: '(datum.from + datum.to) / 2', as: 'middle'}],
    mark: {type: 'line', interpolate: 'step', strokeWidth: 1.6},
    encoding: {x: {...x, field: 'middle'}, y, color: by(color), strokeDash: by(dash)},
  };
  return several ? [bars, outline] : [bars];
}
