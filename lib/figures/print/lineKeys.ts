import {expect} from '../../errors';
import {axisDomain} from '../axes';
import {
  endLayers, endsHeight, endsWidth, endTogether, haveOneEnd, isEndLayer, levelLayer, type AxisRange, type EndsBox,
  type NamedLine, type NamedPanel,
} from '../lineEnds';
import {lastOfRows} from '../panels';
import {lineLegend, markedLegend, shapesIn} from '../series';
import {encodings, isPart, plots, rowsOf, type Part} from './parts';
import {linesWithin, type Measure} from './measure';
import {millimetres, type PrintSize} from './options';
import {plotHeight, plotWidth} from './sizes';

/** Most lines named at their ends, and most lines of text of a name. */
const MOST_ENDS = 10, MOST_LINES = 3;

/** Most of the page that a name takes, that all beside the plot takes, and that names one below the other are high. */
const NAME_SHARE = 0.3, ASIDE_SHARE = 0.46, HEIGHT_SHARE = 0.65;

/** How far from the right side of the plot lines may end that are named there, of its width. */
const END_SHARE = 0.1;

/** Most rows of panels with names beside them; more are higher than with a legend that all share. */
const MOST_ROWS = 3;

/** Length of the piece of line in a legend [letters]. */
const KEY = 2.3;

/** Lines that are to be named at their ends, in each panel, and the ranges of their axes. */
export interface EndsForPrint extends Pick<EndsBox, 'x' | 'y'> {
  readonly panels: readonly NamedPanel[];
  /** What names take beside a plot, at most [px]. */
  readonly width: number;
}

/**
 * Gives a figure of lines, in place, a legend with letters of this size, or none where names stand at the ends.
 * @param mayEnd false where they found no room there
 * @returns what is to stand at the ends; nothing with a legend, and for figures of another kind
 * @throws ArgumentError where names at the ends are asked for and have no room
 */
export function keyLines(spec: Part, size: PrintSize, measure: Measure, mayEnd: boolean): EndsForPrint | undefined {
  const [plot, ...others] = plots(spec), line = lineLayer(plot);
  if (!line) return undefined;
  plot.layer = (plot.layer as Part[]).filter(layer => !isEndLayer(layer));
  const {color, strokeDash} = line.encoding as Record<string, {scale: {domain: string[]; range: unknown[]}}>;
  const names = color.scale.domain, dashes = strokeDash.scale.range as number[][], shapes = shapesOf(plot);
  const linesIn = (panel: string) => names.map((name, k) =>
    namedLine(name, {spec, panel}, size, {dash: dashes[k], shape: shapes?.[k], measure}));
  const panels = panelsOf(spec).map((panel, k): NamedPanel =>
    ({panel, ...(plot === spec ? {} : {number: k + 1}), lines: linesIn(panel)}));
  const ranges = {x: rangeOf('x', plot, spec), y: rangeOf('y', plot, spec)};
  const width = asideOf(panels, size, measure), shared = others.length === 0 && !hasFreeY(spec);
  const options = {mayEnd: mayEnd && shared, width, asked: askedOf(spec, size)};
  const ends = namesAtEnds(panels, ranges, size, options);
  const legend = ends ? null : shapes ? markedLegend(names, {dashes, shapes}, KEY * size.font) : lineLegend(names);
  for (const encoding of encodings(plot)) for (const channel of [encoding.color, encoding.strokeDash]) {
    if (isPart(channel) && channel.field === 'series') channel.legend = legend && {...legend};
  }
  return ends ? {panels, width, ...ranges} : undefined;
}

/** Whether names may stand beside so many panels side by side; never refused where they are asked for. */
export function fewRows({panels}: EndsForPrint, columns: number, {labels}: PrintSize): boolean {
  return labels === 'ends' || Math.ceil(panels.length / columns) <= MOST_ROWS;
}

/** Names the lines of plots that have their size, in place; plots lower than their names grow. */
export function nameEnds(spec: Part, {panels, x, y}: EndsForPrint, {font}: PrintSize): void {
  const [plot] = plots(spec), {encoding} = lineLayer(plot)! as {encoding: Record<'x' | 'y' | 'color', Part>};
  const several = plot !== spec, named = several ? lastOfRows(panels, Number(spec.columns ?? 1)) : panels;
  const highest = Math.max(...named.map(({lines}) => endsHeight(lines, font)));
  plot.height = Math.max(plotHeight(plot, spec), Math.ceil(highest));
  for (const one of encodings(plot)) {
    if (isPart(one.y) && isPart(one.y.scale)) one.y.scale = {...one.y.scale, nice: false, domain: y.domain};
  }
  const box = {width: plotWidth(plot, spec), height: plot.height as number, font, x, y};
  (plot.layer as unknown[]).push(...named.flatMap(panel => endLayers(panel, box, encoding)!));
  if (!several) return;
  (plot.layer as unknown[]).push(levelLayer(font));
  spec.align = 'each';
}

/** Headings of panels in their order; one that is empty for a single plot. */
const panelsOf = ({facet}: Part): readonly string[] =>
  (isPart(facet) && facet.field === 'panel' && Array.isArray(facet.sort) ? facet.sort as string[] : ['']);

function hasFreeY({resolve}: Part): boolean {
  return isPart(resolve) && isPart(resolve.scale) && resolve.scale.y === 'independent';
}

function asideOf(panels: readonly NamedPanel[], {font}: PrintSize, measure: Measure): number {
  return endsWidth(Math.max(...panels[0].lines.flatMap(({label}) => label.map(text => measure(text, font)))), font);
}

const markOf = ({mark}: Part): unknown => (isPart(mark) ? mark.type : mark);

const fieldOf = (layer: Part, channel: string): unknown =>
  (isPart(layer.encoding) && isPart(layer.encoding[channel]) ? layer.encoding[channel].field : undefined);

function lineLayer({layer}: Part): Part | undefined {
  return (Array.isArray(layer) ? layer as Part[] : []).find(one => markOf(one) === 'line'
    && (['x', 'y'] as const).every(axis => fieldOf(one, axis) === axis)
    && ['color', 'strokeDash'].every(channel => fieldOf(one, channel) === 'series'));
}

/** Marks as they are drawn, one a name; none where points are not drawn. */
function shapesOf({layer}: Part): readonly string[] | undefined {
  const dots = (layer as Part[]).find(one => markOf(one) === 'point' && fieldOf(one, 'shape') === 'shape');
  const [made] = (dots?.transform as {calculate: string}[] | undefined) ?? [];
  return made && shapesIn(made);
}

function namedLine(
  name: string, {spec, panel}: {readonly spec: Part; readonly panel: string}, {width, font}: PrintSize,
  {measure, ...look}: {readonly dash: readonly number[]; readonly shape?: string; readonly measure: Measure},
): NamedLine {
  const isOwn = (row: Part) => row.series === name && (panel === '' || row.panel === panel);
  const own = rowsOf(spec).filter(isOwn).sort((a, b) => (a.x as number) - (b.x as number));
  const label = linesWithin(name, NAME_SHARE * width, text => measure(text, font));
  return {name, label, x: own.map(({x}) => x as number), y: own.map(({y}) => y as number), ...look};
}

function rangeOf(axis: 'x' | 'y', plot: Part, spec: Part): AxisRange {
  const layers = plot.layer as Part[], {scale} = (lineLayer(plot)!.encoding as Record<string, {scale: Part}>)[axis];
  const log = scale.type === 'log';
  if (Array.isArray(scale.domain)) return {domain: scale.domain as [number, number], log};
  const ruled = layers.filter(layer => fieldOf(layer, axis) === 'value').flatMap(layer =>
    rowsOf(layer).map(row => row.value));
  const own = rowsOf(spec).flatMap(row => (axis === 'x' ? [row.x] : [row.y, row.low, row.high]));
  const values = [...own, ...ruled].filter(value => typeof value === 'number');
  return {domain: axisDomain(values, {log, zero: scale.zero === true, tight: axis === 'x'}), log};
}

/** What the command line asks for, else what the figure's author did. */
function askedOf({usermeta}: Part, {labels}: PrintSize): unknown {
  return labels ?? (isPart(usermeta) ? usermeta.labels : undefined);
}

function namesAtEnds(
  panels: readonly NamedPanel[], {x, y}: Pick<EndsBox, 'x' | 'y'>, {width, font, labels}: PrintSize,
  {mayEnd, width: aside, asked}: {readonly mayEnd: boolean; readonly width: number; readonly asked: unknown},
): boolean {
  if (asked === 'legend') return false;
  const lines = panels.flatMap(panel => panel.lines), [{lines: first}] = panels, [low, high] = y.domain;
  const room = mayEnd && low < high && lines.every(haveOneEnd)
    && aside <= ASIDE_SHARE * width && endsHeight(first, font) <= HEIGHT_SHARE * width;
  expect(room || labels !== 'ends', {
    fn: 'printed', argument: 'labels', expected: `'legend' for names that have no room at the ends of their lines, `
      + `${millimetres(width).toFixed(0)} mm wide`,
    received: labels,
  });
  if (asked === 'ends') return room;
  return room && first.length > 1 && first.length <= MOST_ENDS && lines.every(({label}) => label.length <= MOST_LINES)
    && endTogether(lines, x, END_SHARE);
}
