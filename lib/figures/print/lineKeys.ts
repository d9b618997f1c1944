import {expect} from '../../errors';
import {axisDomain} from '../axes';
import {
  END_NAMES, endLayers, endsHeight, endsWidth, endTogether, type AxisRange, type EndsBox, type NamedLine,
} from '../lineEnds';
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

/** Length of the piece of line in a legend [letters]. */
const KEY = 2.3;

/** Lines that are to be named at their ends, and the ranges of their axes. */
export interface EndsForPrint extends Pick<EndsBox, 'x' | 'y'> {
  readonly lines: readonly NamedLine[];
}

/**
 * Gives a figure of lines, in place, a legend with letters of this size, or none where names stand at the ends.
 * @param mayEnd false where they found no room there
 * @returns what is to stand at the ends; nothing with a legend, and for figures of another kind
 * @throws ArgumentError where names at the ends are asked for and have no room
 */
export function keyLines(spec: Part, size: PrintSize, measure: Measure, mayEnd: boolean): EndsForPrint | undefined {
  const [plot] = plots(spec), line = lineLayer(plot);
  if (!line) return undefined;
  plot.layer = (plot.layer as Part[]).filter(({name}) => !END_NAMES.includes(name as string));
  const {color, strokeDash} = line.encoding as Record<string, {scale: {domain: string[]; range: unknown[]}}>;
  const names = color.scale.domain, dashes = strokeDash.scale.range as number[][], shapes = shapesOf(plot);
  const lines = names.map((name, k) => namedLine(name, spec, size, {
    dash: dashes[k], shape: shapes?.[k], measure,
  }));
  const ranges = {x: rangeOf('x', plot, spec), y: rangeOf('y', plot, spec)};
  const ends = plot === spec && namesAtEnds(lines, ranges, size, {mayEnd, measure, asked: askedOf(spec, size)});
  const legend = ends ? null : shapes ? markedLegend(names, {dashes, shapes}, KEY * size.font) : lineLegend(names);
  for (const encoding of encodings(plot)) for (const channel of [encoding.color, encoding.strokeDash]) {
    if (isPart(channel) && channel.field === 'series') channel.legend = legend && {...legend};
  }
  return ends ? {lines, ...ranges} : undefined;
}

/** Names the lines of a plot that has its size, in place; a plot lower than its names grows. */
export function nameEnds(spec: Part, {lines, x, y}: EndsForPrint, {font}: PrintSize): void {
  const {encoding} = lineLayer(spec)! as {encoding: Record<'x' | 'y' | 'color', Part>};
  spec.height = Math.max(plotHeight(spec, spec), Math.ceil(endsHeight(lines, font)));
  for (const one of encodings(spec)) {
    if (isPart(one.y) && isPart(one.y.scale)) one.y.scale = {...one.y.scale, nice: false, domain: y.domain};
  }
  const box = {width: plotWidth(spec, spec), height: spec.height as number, font, x, y};
  (spec.layer as unknown[]).push(...endLayers(lines, box, encoding)!);
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
  name: string, spec: Part, {width, font}: PrintSize,
  {measure, ...look}: {readonly dash: readonly number[]; readonly shape?: string; readonly measure: Measure},
): NamedLine {
  const own = rowsOf(spec).filter(row => row.series === name).sort((a, b) => (a.x as number) - (b.x as number));
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
  lines: readonly NamedLine[], {x, y}: Pick<EndsBox, 'x' | 'y'>, {width, font, labels}: PrintSize,
  {mayEnd, measure, asked}: {readonly mayEnd: boolean; readonly measure: Measure; readonly asked: unknown},
): boolean {
  if (asked === 'legend') return false;
  const longest = Math.max(...lines.flatMap(({label}) => label.map(text => measure(text, font))));
  const [low, high] = y.domain;
  const room = mayEnd && low < high && lines.every(line => line.x.length > 0)
    && endsWidth(longest, font) <= ASIDE_SHARE * width && endsHeight(lines, font) <= HEIGHT_SHARE * width;
  expect(room || labels !== 'ends', {
    fn: 'printed', argument: 'labels', expected: `'legend' for names that have no room at the ends of their lines, `
      + `${millimetres(width).toFixed(0)} mm wide`,
    received: labels,
  });
  if (asked === 'ends') return room;
  return room && lines.length > 1 && lines.length <= MOST_ENDS && lines.every(({label}) => label.length <= MOST_LINES)
    && endTogether(lines, x, END_SHARE);
}
