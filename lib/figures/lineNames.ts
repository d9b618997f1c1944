import {expect} from '../errors';
import {axisDomain} from './axes';
import type {FigureRow} from './figure';
import {endsHeight, endTogether, haveOneEnd, type EndsBox, type NamedLine, type NamedPanel} from './lineEnds';
import {columnsOf, lastOfRows, panelHeight, panelWidth} from './panels';
import type {PlaneOptions} from './plane';
import {seriesScales, shapeScale} from './series';
import {wrapped} from './text';

/** What decides where the names of lines stand. */
export interface NamesOptions extends PlaneOptions {
  readonly labels?: 'legend' | 'ends';
  readonly zero?: boolean;
  /** Whether values are marked. */
  readonly points: boolean;
  /** Headings of the panels; one that is empty where there is a single plot. */
  readonly panels: readonly string[];
}

/** Most lines whose names stand at their ends, and most letters and lines that a name takes there. */
const MOST_ENDS = 10, END_LETTERS = 24, END_LINES = 3;

/** How far from the right side of the plot lines may end that are named there, of its width. */
const END_SHARE = 0.1;

/** Size of letters on screen [px]. */
const FONT = 10;

/** Panels whose lines have their names beside them, and the plot of each. */
export interface NamesAtEnds {
  readonly ends: readonly NamedPanel[];
  readonly box: EndsBox;
}

/**
 * The lines of these names in each panel and the plot that they end in, where their names are to stand at the ends: in
 * the last panel of each full row, if every panel has every line.
 * @throws ArgumentError where that is asked for and cannot be
 */
export function atEnds(
  {rows, shown}: {readonly rows: readonly FigureRow[]; readonly shown: readonly FigureRow[]},
  names: readonly string[], options: NamesOptions,
): NamesAtEnds | undefined {
  if (options.labels === 'legend') return undefined;
  const {panels, points} = options, dashes = seriesScales(names).dash.range, marks = shapeScale(names).range;
  const linesIn = (own: readonly FigureRow[]) =>
    names.map((name, k) => namedLine(name, own, dashes[k], points ? marks[k] : undefined));
  const named = panels.map((panel, k): NamedPanel =>
    ({panel, ...(panels.length > 1 ? {number: k + 1} : {}), lines: linesIn(shown.filter(row => row.panel === panel))}));
  const size = {width: panelWidth(panels.length, options), height: panelHeight(panels.length, options)};
  const box = {...size, font: FONT, ...ranges(rows, options)}, [low, high] = box.y.domain;
  const room = (panels.length === 1 || !options.freeY) && low < high
    && named.every(({lines}) => lines.every(haveOneEnd) && endsHeight(lines, FONT) <= box.height);
  expect(room || options.labels !== 'ends', {
    fn: 'linesFigure', argument: 'labels',
    expected: "'legend' with y axes of panels' own, lines missing in one, or names that have no room",
    received: options.labels,
  });
  const isUsual = room && names.length > 1 && names.length <= MOST_ENDS
    && named.every(({lines}) => endTogether(lines, box.x, END_SHARE)
      && lines.every(({label}) => label.length <= END_LINES));
  const ends = lastOfRows(named, columnsOf(panels.length, options));
  return options.labels === 'ends' || isUsual ? {ends, box} : undefined;
}

function namedLine(
  name: string, rows: readonly FigureRow[], dash: readonly number[], shape: string | undefined,
): NamedLine {
  const own = rows.filter(row => row.series === name), numbers = (key: string) => own.map(row => row[key] as number);
  const order = numbers('x').map((x, k) => [x, k]).sort((a, b) => a[0] - b[0]).map(([, k]) => k);
  const [x, y] = [numbers('x'), numbers('y')].map(all => order.map(k => all[k]));
  return {name, label: wrapped(name, END_LETTERS), x, y, dash, shape};
}

function ranges(
  rows: readonly FigureRow[], {xScale, yScale, zero, rules = []}: NamesOptions,
): Pick<EndsBox, 'x' | 'y'> {
  const ruled = (axis: 'x' | 'y') => rules.filter(rule => rule.axis === axis).map(({value}) => value);
  const [x, y] = [{log: xScale === 'log', tight: true}, {log: yScale === 'log', zero}];
  return {
    x: {domain: axisDomain([...numbersOf(rows, 'x'), ...ruled('x')], x), log: x.log},
    y: {domain: axisDomain([...numbersOf(rows, 'y', 'low', 'high'), ...ruled('y')], y), log: y.log},
  };
}

/** All numbers that `rows` have under `keys`. */
export function numbersOf(rows: readonly FigureRow[], ...keys: readonly string[]): number[] {
  return rows.flatMap(row => keys.flatMap(key => (typeof row[key] === 'number' ? [row[key]] : [])));
}
