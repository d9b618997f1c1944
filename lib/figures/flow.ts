import {expect} from '../errors';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {wrapped} from './text';
import {ink} from './theme';

/** One stage of a selection: who is still there. */
export interface FlowStep {
  /** Who is counted here, e.g. `'infection on record'`. */
  readonly label: string;
  /** Whole numbers >= 0 by what is counted, e.g. `{stays: 613, persons: 540}`; the same names in every step. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why the others of the step before are not here. Default: `'not: '` and the label. */
  readonly left?: string;
}

/** Options of {@link flowFigure}. */
export interface FlowOptions extends FigureText {
  /** Width of a box in px, in [80, 600]. Default 250. */
  readonly boxWidth?: number;
}

/** Height of a line of text, and room inside a box above and below, between boxes, and between columns [px]. */
const LINE = 14, INSIDE = 8, BETWEEN = 26, ASIDE = 34;

/** A box with its lines of text, by its upper left corner [px]. */
interface Box {
  readonly kind: 'kept' | 'left';
  readonly step: number;
  readonly lines: readonly string[];
  /** How many of the lines are the label. */
  readonly labelled: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/**
 * How a set of records came about: a box for each step with what is left, and beside it who left and why, from the
 * first to the last. Black on white, so that it prints in grey.
 * @throws ArgumentError for no steps, counts of other names than the first step's, or counts that are no whole numbers
 * or grow
 * @reference Schulz, Altman, Moher 2010, CONSORT 2010 statement. doi:10.1136/bmj.c332
 * @example
 * ```ts
 * import {flowFigure} from './lib';
 * const flow = flowFigure([
 *   {label: 'admissions', counts: {persons: 120}},
 *   {label: 'adults', counts: {persons: 97}, left: 'younger than 18 years'},
 * ], {title: 'From admissions to the cohort'});
 * console.log(flow.data.length, flow.data[1]['persons left out']);   // 2 23
 * ```
 */
export function flowFigure(steps: readonly FlowStep[], options: FlowOptions): Figure {
  checkSteps(steps);
  const {boxWidth = 250} = options;
  expect(boxWidth >= 80 && boxWidth <= 600, {
    fn: 'flowFigure', argument: 'boxWidth', expected: 'in [80, 600] px', received: boxWidth,
  });
  const boxes = placed(steps, boxWidth), rows: FigureRow[] = steps.map(({label, counts}, step) => {
    const gone = step === 0 ? {} : Object.fromEntries(Object.entries(lost(steps, step)).map(([name, n]) =>
      [`${name} left out`, n]));
    return {step: step + 1, label, ...counts, ...(step === 0 ? {} : {reason: reason(steps[step])}), ...gone};
  });
  const description = options.description ?? `Flow of ${steps.length} steps: `
    + `${steps.map(({label, counts}) => `${label} (${said(counts)})`).join(', then ')}.`;
  return figure({...options, description}, rows, {...canvas(boxes, boxWidth), layer: layers(boxes, boxWidth)} as never);
}

const said = (counts: FlowStep['counts']): string =>
  Object.entries(counts).map(([name, n]) => `${n.toLocaleString('en-US')} ${name}`).join(', ');

const reason = ({left, label}: FlowStep): string => left ?? `not: ${label}`;

function lost(steps: readonly FlowStep[], step: number): FlowStep['counts'] {
  const before = steps[step - 1].counts;
  return Object.fromEntries(Object.entries(steps[step].counts).map(([name, n]) => [name, before[name] - n]));
}

/** Boxes of steps one below the other; between two of them, to the right, the box of those who left. */
function placed(steps: readonly FlowStep[], boxWidth: number): Box[] {
  const letters = Math.floor((boxWidth - 2 * INSIDE) / 6), boxes: Box[] = [];
  let y = 0;
  const add = (kind: Box['kind'], step: number, text: readonly string[]) => {
    const lines = text.flatMap(line => wrapped(line, letters)), height = lines.length * LINE + 2 * INSIDE;
    const labelled = wrapped(text[0], letters).length;
    boxes.push({kind, step, lines, labelled, x: kind === 'kept' ? 0 : boxWidth / 2 + ASIDE, y, height});
    y += height;
  };
  steps.forEach((step, k) => {
    if (k > 0) {
      y += BETWEEN / 2;
      add('left', k, [reason(step), said(lost(steps, k))]);
      y += BETWEEN;
    }
    add('kept', k, [step.label, said(step.counts)]);
  });
  return boxes;
}

/** One pixel of the drawing is one unit of both axes, rows counted downwards. */
function canvas(boxes: readonly Box[], boxWidth: number) {
  const right = Math.max(...boxes.map(({x}) => x)) + boxWidth + 1, bottom = Math.max(...boxes.map(box =>
    box.y + box.height)) + 1;
  const axis = (domain: readonly [number, number]) =>
    ({scale: {domain, nice: false, zero: false}, axis: null, type: 'quantitative'});
  return {
    width: right + 1, height: bottom + 1,
    encoding: {x: {...axis([-1, right]), field: 'x'}, y: {...axis([bottom, -1]), field: 'y'}},
  };
}

function layers(boxes: readonly Box[], boxWidth: number) {
  const kept = boxes.filter(({kind}) => kind === 'kept'), aside = boxes.filter(({kind}) => kind === 'left');
  const middle = boxWidth / 2;
  const down = kept.slice(1).map((box, k) => ({x: middle, y: kept[k].y + kept[k].height, x2: middle, y2: box.y}));
  const across = aside.map(({x, y, height}) => ({x: middle, y: y + height / 2, x2: x, y2: y + height / 2}));
  const heads = [...down.map(({x2, y2}) => ({x: x2, y: y2, angle: 90})), ...across.map(({x2, y2}) =>
    ({x: x2, y: y2, angle: 0}))];
  const frames = boxes.map(({x, y, height, kind}) => ({x, y, x2: x + boxWidth, y2: y + height, kind}));
  const words = boxes.flatMap(({x, y, lines, labelled, kind}) => lines.map((text, k) =>
    ({x: x + INSIDE, y: y + INSIDE + (k + 0.5) * LINE, text, bold: kind === 'kept' && k < labelled})));
  const second = {x2: {field: 'x2'}, y2: {field: 'y2'}};
  return [
    {
      data: {values: [...down, ...across]}, mark: {type: 'rule', color: ink.text, strokeWidth: 1.2, tooltip: false},
      encoding: second,
    },
    {
      data: {values: heads},
      mark: {
        type: 'point', shape: 'M0,0L-1,0.42L-0.78,0L-1,-0.42Z', size: 110, color: ink.text, filled: true,
        tooltip: false,
      },
      encoding: {angle: {field: 'angle', type: 'quantitative', scale: null}},
    },
    ...(['kept', 'left'] as const).map(kind => ({
      data: {values: frames.filter(frame => frame.kind === kind)},
      mark: {
        type: 'rect', fill: ink.paper, fillOpacity: 1, stroke: ink.text, tooltip: false,
        ...(kind === 'kept' ? {strokeWidth: 1.4} : {strokeWidth: 0.9, strokeDash: [4, 3]}),
      },
      encoding: second,
    })).filter(({data}) => data.values.length > 0),
    ...[true, false].map(bold => ({
      data: {values: words.filter(word => word.bold === bold)},
      mark: {
        type: 'text', align: 'left', baseline: 'middle', fontSize: 11, color: ink.text, limit: boxWidth, tooltip: false,
        fontWeight: bold ? 'bold' : 'normal',
      },
      encoding: {text: {field: 'text'}},
    })),
  ];
}

function checkSteps(steps: readonly FlowStep[]): void {
  const fn = 'flowFigure';
  expect(steps.length > 0 && steps.length <= 30, {
    fn, argument: 'steps', expected: 'at least one, at most 30', received: steps.length,
  });
  const names = Object.keys(steps[0].counts).sort();
  expect(names.length > 0, {fn, argument: 'steps[0].counts', expected: 'with a count', received: steps[0].counts});
  steps.forEach(({counts}, k) => {
    const argument = `steps[${k}].counts`, before = steps[k - 1]?.counts;
    expect(Object.keys(counts).sort().join() === names.join(), {
      fn, argument, expected: `of ${names.join(', ')}`, received: Object.keys(counts).join(', '),
    });
    expect(names.every(name => Number.isSafeInteger(counts[name]) && counts[name] >= 0
      && counts[name] <= (before?.[name] ?? Infinity)), {
      fn, argument, expected: 'whole numbers >= 0 that do not grow from step to step',
      received: names.map(name => counts[name]),
    });
  });
}
