import {expect} from '../errors';
import {axisDomain} from './axes';
import type {FigureRow} from './figure';
import {endsHeight, endTogether, type EndsBox, type NamedLine} from './lineEnds';
import {panelHeight, panelWidth} from './panels';
import type {PlaneOptions} from './plane';
import {seriesScales, shapeScale} from './series';
import {wrapped} from './text';

/** What decides where the names of lines stand. */
export interface NamesOptions extends PlaneOptions {
  readonly labels?: 'legend' | 'ends';
  readonly zero?: boolean;
  /** Whether values are marked. */
  readonly points: boolean;
  /** How many panels there are. */
  readonly panels: number;
}

/** Most lines whose names stand at their ends, and most letters and lines that a name takes there. */
const MOST_ENDS = 10, END_LETTERS = 24, END_LINES = 3;

/** How far from the right side of the plot lines may end that are named there, of its width. */
const END_SHARE = 0.1;

/** Size of letters on screen [px]. */
const FONT = 10;

/**
 * The lines of these names and the plot that they end in, where their names are to stand at the ends.
 * @throws ArgumentError where that is asked for and cannot be
 */
export function atEnds(
  {rows, shown}: {readonly rows: readonly FigureRow[]; readonly shown: readonly FigureRow[]},
  names: readonly string[], options: NamesOptions,
): {readonly lines: readonly NamedLine[]; readonly box: EndsBox} | undefined {
  if (options.labels === 'legend') return undefined;
  const {panels, points} = options, dashes = seriesScales(names).dash.range, marks = shapeScale(names).range;
  const lines = names.map((name, k) => namedLine(name, shown, dashes[k], points ? marks[k] : undefined));
  const size = {width: panelWidth(panels, options), height: panelHeight(panels, options)};
  const box = {...size, font: FONT, ...ranges(rows, options)}, [low, high] = box.y.domain;
  const room = panels === 1 && low < high && lines.every(({x}) => x.length > 0)
    && endsHeight(lines, FONT) <= box.height;
  expect(room || options.labels !== 'ends', {
    fn: 'linesFigure', argument: 'labels', expected: "'legend' with several panels, or names that have no room",
    received: options.labels,
  });
  const isUsual = room && lines.length > 1 && lines.length <= MOST_ENDS && endTogether(lines, box.x, END_SHARE)
    && lines.every(({label}) => label.length <= END_LINES);
  return options.labels === 'ends' || isUsual ? {lines, box} : undefined;
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
