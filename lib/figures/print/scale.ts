import {headingLines, lookup} from '../text';
import {channel, encodings, isPart, plots, rowsOf, type Part} from './parts';
import {linesWithin, oneOrMore, type Measure} from './measure';
import type {PrintSize} from './options';
import {joinedLines} from './restyle';
import {plotHeight, plotWidth, valuesOf} from './sizes';

/** Letters that a printed number needs beside itself in its cell. */
const CELL_MARGIN = 0.3;

/**
 * A copy of `spec` with its plots `factor` times as wide, and headings and titles of axes in lines that these hold.
 * Heights follow; plots that grow do so less in height, so that a figure over two columns does not fill the page.
 */
export function scaled(spec: Part, factor: number, size: PrintSize, measure: Measure): Part {
  const copy = structuredClone(spec);
  for (const plot of plots(copy)) {
    const before = {width: plotWidth(plot, spec), height: plotHeight(plot, spec)};
    resize(plot, factor, before, size);
    const width = plotWidth(plot, copy), height = plotHeight(plot, copy);
    dropCrowdedNumbers(plot, size, measure);
    writeBands(plot, copy, size, measure);
    wrapTitles(plot, {width, height}, size.font, measure);
    const {title} = plot, bold = (line: string) => measure(line, size.font, 'bold');
    if (plot !== copy && isPart(title)) title.text = wrappedText(title.text, width, bold);
  }
  if (isPart(copy.facet)) wrapHeadings(copy.facet, plots(copy)[0], copy, size.font);
  return copy;
}

interface Box {
  readonly width: number;
  readonly height: number;
}

function resize(plot: Part, factor: number, before: Box, {font}: PrintSize): void {
  const step = (side: unknown): side is Part => isPart(side) && typeof side.step === 'number';
  const square = before.width === before.height;
  const tall = square ? factor : factor < 1 ? factor : Math.sqrt(factor);
  const cells = step(plot.width) && step(plot.height);
  if (step(plot.height)) {
    plot.height = {...plot.height, step: stepHeight(plot.height.step as number, cells, factor, font)};
  } else plot.height = Math.max(before.height < 100 ? before.height : 7 * font, before.height * tall);
  if (step(plot.width)) plot.width = {...plot.width, step: (plot.width.step as number) * factor};
  else plot.width = before.width * factor;
}

/** Cells keep their shape; bars are as thick as their names are high. */
function stepHeight(step: number, cells: boolean, factor: number, font: number): number {
  return cells ? step * factor : Math.max(step * Math.min(1, factor), 1.35 * font);
}

/** Numbers in cells, or over bars, that have no room for them are left to colours and lengths. */
function dropCrowdedNumbers(plot: Part, {font}: PrintSize, measure: Measure): void {
  const {width, height} = plot;
  if (!isPart(width) || !Array.isArray(plot.layer)) return;
  const needed = measure('0.00', font) + CELL_MARGIN * font;
  const isText = (layer: unknown) => isPart(layer) && isPart(layer.mark) && layer.mark.type === 'text';
  if ((width.step as number) < needed) plot.layer = plot.layer.filter(layer => !isText(layer));
  else if (plot.layer.length > 1 && isPart(height)) height.step = Math.max(height.step as number, 1.3 * font);
}

/** Height of a line of names, in letters. */
const LINE = 1.15;

/** Most of the page that names of bars may take. */
const MOST_NAMES = 0.4;

/** Names of bars stand in full, in lines that leave the bars most of the page. */
function writeBands(plot: Part, spec: Part, {width, font}: PrintSize, measure: Measure): void {
  const y = channel(plot, 'y');
  if (!isPart(plot.height) || isPart(plot.width) || !y || y.type !== 'nominal') return;
  const names = [...new Set(rowsOf(spec).map(row => String(row[y.field as string])))];
  const lines = names.map(name => linesWithin(name, MOST_NAMES * width, line => measure(line, font)));
  const bands = plot.height.for === 'offset' ? valuesOf(plot, 'yOffset', spec) : 1;
  const tallest = 1.1 * LINE * font * Math.max(...lines.map(one => one.length));
  plot.height.step = Math.max(plot.height.step as number, tallest / bands);
  const upwards = lines.map(one => -0.5 * (one.length - 1) * LINE * font);
  const axis = {
    labelLimit: width, labelOverlap: false, labelExpr: lookup(names, lines, 'datum.label'),
    labelLineHeight: LINE * font,
    encoding: {labels: {update: {dy: {signal: lookup(names, upwards, 'datum.value')}}}},
  };
  for (const encoding of encodings(plot)) {
    const {y: own} = encoding;
    if (isPart(own) && own.type === 'nominal') own.axis = {...(own.axis as Part), ...axis};
  }
}

function wrapTitles(plot: Part, {width, height}: Box, font: number, measure: Measure): void {
  const room: Record<string, number> = {x: width, y: height};
  for (const encoding of encodings(plot)) for (const [name, px] of Object.entries(room)) {
    const one = encoding[name];
    if (isPart(one) && one.title) one.title = wrappedText(one.title, px, line => measure(line, font));
  }
}

function wrappedText(text: unknown, width: number, wide: (text: string) => number): string | string[] {
  return oneOrMore(linesWithin(joinedLines(text), width, wide));
}

/** {@link headingLines} counts with letters of 11 px. */
function wrapHeadings(facet: Part, plot: Part, spec: Part, font: number): void {
  const wrap = (side: unknown, px: number) => {
    if (!isPart(side) || !isPart(side.header) || !Array.isArray(side.sort) || !('labelExpr' in side.header)) return;
    side.header.labelExpr = headingLines(side.sort as string[], (px * 11) / font);
  };
  wrap(facet, plotWidth(plot, spec));
  wrap(facet.column, plotWidth(plot, spec));
  wrap(facet.row, plotHeight(plot, spec));
}
