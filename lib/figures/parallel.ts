import {expect} from '../errors';
import {figure, type Figure, type FigureText} from './figure';
import {panelled, type PanelOptions} from './panels';

/** One setting of several parameters, with what came of it. */
export interface ParallelLine {
  /** Place of each parameter in its range, in [0, 1]; one that does not exist is left out. */
  readonly places: Readonly<Record<string, number>>;
  /** > 0; smaller is better, and drawn darker. */
  readonly score: number;
}

/** Options of {@link parallelFigure}. */
export interface ParallelOptions extends FigureText, PanelOptions {
  /** What the score is, with unit. */
  readonly score: string;
}

/**
 * Parallel coordinates: an axis for each parameter from the low to the high end of its range, a line for each setting.
 * @throws ArgumentError for no lines, places outside [0, 1], or scores that are not above 0
 */
export function parallelFigure(lines: readonly ParallelLine[], {score, ...options}: ParallelOptions): Figure {
  const fn = 'parallelFigure', argument = 'lines';
  const inside = lines.every(({places}) => Object.values(places).every(v => v >= 0 && v <= 1));
  expect(lines.length > 0 && inside, {fn, argument, expected: 'some, of places in [0, 1]', received: lines});
  const scores = lines.map(line => line.score);
  expect(scores.every(v => v > 0 && Number.isFinite(v)), {fn, argument, expected: 'of scores > 0', received: scores});
  // The best is drawn last, on top of the others.
  const rows = [...lines].sort((a, b) => b.score - a.score).flatMap(({places, score}, line) =>
    Object.entries(places).map(([parameter, place]) => ({line, parameter, place, score})));
  const names = [...new Set(rows.map(row => row.parameter))];
  const description = `${lines.length} settings of ${names.join(', ')}; best ${Math.min(...scores).toPrecision(3)}`;
  const ends = {values: [0, 1], labelExpr: "datum.value ? 'high' : 'low'"};
  const range = {title: null, scale: {domain: [0, 1]}, axis: ends};
  const encoding = {
    x: {field: 'parameter', type: 'ordinal', sort: names, title: null, axis: {labelAngle: -30, grid: true}},
    y: {field: 'place', type: 'quantitative', ...range},
    detail: {field: 'line'},
    order: {field: 'line'},
    color: {
      // In quarters: a few settings that fail badly would leave all others one colour.
      field: 'score', type: 'quantitative', title: score, legend: {format: '.2~g'},
      scale: {type: 'quantile', scheme: {name: 'viridis', count: 4}},
    },
  };
  return figure({description, ...options}, rows, panelled([
    {mark: {type: 'line', point: true, opacity: 0.8}, encoding},
  ], [''], options));
}
