import {dodged} from './dodge';
import {keyOutline} from './outlines';
import {literal, lookup} from './text';
import {ink} from './theme';

/** What the layers of {@link endLayers} are called; those of one of several panels have its number behind. */
const LEADERS = 'lineEndLeaders', KEYS = 'lineEndKeys', LABELS = 'lineEndLabels', LEVEL = 'lineEndLevel';

/** Whether a layer of this name is one of {@link endLayers} or {@link levelLayer}. */
export function isEndLayer({name}: {readonly name?: unknown}): boolean {
  return typeof name === 'string' && [LEADERS, KEYS, LABELS, LEVEL].includes(name.replace(/\d+$/, ''));
}

/** One line with the label at its right end. */
export interface NamedLine {
  readonly name: string;
  /** The name in the lines that it is written in. */
  readonly label: readonly string[];
  /** From left to right, as drawn. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dash: readonly number[];
  /** None where points are not drawn. */
  readonly shape?: string;
}

/** Range of an axis. */
export interface AxisRange {
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/** The plot that the lines are drawn in, and the size of the letters beside it [px]. */
export interface EndsBox {
  readonly width: number;
  readonly height: number;
  readonly font: number;
  readonly x: AxisRange;
  readonly y: AxisRange;
}

/** Encodings of the lines themselves; that of y has an explicit domain. */
export interface EndsEncoding {
  readonly x: object;
  readonly y: object;
  readonly color: object;
}

/** Distances in letters. */
const LINE = 1.18, BESIDE = 0.7, LEADER = 2, KEY = 2.4, SPACE = 0.35;

/** Labels moved by less need no line that leads to them; ends closer than that are not told apart by one [letters]. */
const NEAR = 0.3, SAME = 0.4;

/** What labels may stand out above and below the plot [letters]: half of one, where a line ends at its edge. */
const OUT = 0.6;

/** Letters are drawn in boxes a little higher than they are, and marks are round their values [letters]. */
const LEVEL_ROOM = 0.3;

/** What sums of heights in another order may differ by [px]. */
const ROUNDING = 1e-6;

/** Height that the labels of so many lines of text need at least, in whatever order [px]. */
export function endsHeight(lines: readonly Pick<NamedLine, 'label'>[], font: number): number {
  return lines.reduce((sum, {label}) => sum + labelHeight(label, font), 0) - 2 * OUT * font + ROUNDING;
}

const labelHeight = (label: readonly string[], font: number): number => label.length * LINE * font;

/** Width that they take beside the plot at most, for a longest label of `text` px [px]. */
export function endsWidth(text: number, font: number): number {
  return text + (LEADER + KEY + SPACE) * font;
}

/** Whether all lines end at the right side of the plot, within `share` of its width. */
export function endTogether(lines: readonly NamedLine[], x: AxisRange, share: number): boolean {
  return lines.every(line => placeOn(x, line.x[line.x.length - 1]) >= 1 - share);
}

/** Whether a line has one right end: some values, and one of them farther right than all others. */
export function haveOneEnd({x}: NamedLine): boolean {
  return x.length > 0 && x[x.length - 1] !== x[x.length - 2];
}

/** The lines of the only panel, or of one of several. */
export interface NamedPanel {
  readonly panel: string;
  /** Which of several it is, from 1. */
  readonly number?: number;
  readonly lines: readonly NamedLine[];
}

/**
 * Labels at the right ends of lines, apart from each other; those that had to move are joined to their line by a thin
 * one, and where ends coincide, each has a piece of its line before it.
 * @returns layers, or nothing where the labels are higher than the plot
 */
export function endLayers(
  {lines, panel, number}: NamedPanel, box: EndsBox, encoding: EndsEncoding,
): object[] | undefined {
  const {font, height} = box, places = placed(lines, box);
  if (!places) return undefined;
  const gaps = places.slice(1).map((one, k) => one.wished - places[k].wished);
  const moved = places.some(({wished, at}) => Math.abs(at - wished) > NEAR * font) || !endTogether(lines, box.x, 0.01);
  const keyed = moved && gaps.some(gap => gap < SAME * font);
  const start = (moved ? LEADER : BESIDE) * font, text = start + (keyed ? KEY + SPACE : moved ? SPACE / 2 : 0) * font;
  const value = (px: number) => valueOn(box.y, 1 - px / height);
  const rows = places.map(({line, at}): EndRow => ({
    series: line.name, x: line.x[line.x.length - 1], y: line.y[line.y.length - 1], at: value(at),
    top: value(at - ((line.label.length - 1) / 2) * LINE * font),
    label: line.label.length > 1 ? line.label : line.label[0],
    key: keyOutline({dash: line.dash, shape: line.shape, length: KEY * font, thickness: 2, radius: 0.32 * font}),
  }));
  const from = number === undefined ? {data: {values: rows}} : {transform: inPanel(rows, panel)};
  const named = (name: string) => ({name: `${name}${number ?? ''}`, ...from});
  const {x, y, color} = encoding, edge = {value: 'width'};
  return [
    ...(moved ? [{
      ...named(LEADERS),
      mark: {type: 'rule', strokeWidth: 0.8, xOffset: 0.5 * font, x2Offset: start - 2, tooltip: false, aria: false},
      encoding: {x, x2: edge, y, y2: {field: 'at'}, color},
    }] : []),
    ...(keyed ? [{
      ...named(KEYS),
      mark: {
        type: 'point', size: (KEY * font) ** 2, strokeWidth: 0, xOffset: start + (KEY / 2) * font, tooltip: false,
        aria: false,
      },
      encoding: {
        x: edge, y: {...y, field: 'at'}, color, shape: {field: 'key', type: 'nominal', scale: null, legend: null},
      },
    }] : []),
    {
      ...named(LABELS),
      mark: {
        type: 'text', align: 'left', baseline: 'middle', dx: text, fontSize: font, lineHeight: LINE * font,
        color: ink.text, tooltip: false,
      },
      encoding: {x: edge, y: {...y, field: 'top'}, text: {field: 'label'}},
    },
  ];
}

/**
 * A line that is not seen, as far above each of several panels as labels stand out above one: Vega puts a heading over
 * all that a panel holds, and headings of a row are to stand on one level.
 */
export function levelLayer(font: number): object {
  return {
    name: LEVEL, data: {values: [{}]}, mark: {type: 'rule', opacity: 0, tooltip: false, aria: false},
    encoding: {x: {value: 0}, x2: {value: 1}, y: {value: -(OUT + LEVEL_ROOM) * font}},
  };
}

interface EndRow {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** Where label and its first line stand [y of the plot]. */
  readonly at: number;
  readonly top: number;
  readonly label: string | readonly string[];
  readonly key: string;
}

/** The last row of each line in `panel`, with what its label needs: rows of their own would stand in every panel. */
function inPanel(rows: readonly EndRow[], panel: string): object[] {
  const of = (key: keyof EndRow) => lookup(rows.map(({series}) => series), rows.map(row => row[key]), 'datum.series');
  return [
    {filter: `datum.panel === ${literal(panel)} && datum.x === ${of('x')}`},
    ...(['at', 'top', 'label', 'key'] as const).map(key => ({calculate: of(key), as: key})),
  ];
}

interface Place {
  readonly line: NamedLine;
  /** Where the line ends, and where its label stands [px from the top]. */
  readonly wished: number;
  readonly at: number;
}

function placed(lines: readonly NamedLine[], {height, font, y}: EndsBox): Place[] | undefined {
  const px = (value: number) => height * (1 - placeOn(y, value));
  const ordered = [...lines].sort((a, b) => fromRight(a.y.map(px), b.y.map(px)));
  const wished = ordered.map(line => px(line.y[line.y.length - 1]));
  const places = dodged(wished, ordered.map(({label}) => labelHeight(label, font)), [-OUT * font, height + OUT * font]);
  return places?.map((at, k) => ({line: ordered[k], wished: wished[k], at}));
}

/** The upper one at the right end, or where they last differed: so lines that lead to labels cross nothing. */
function fromRight(a: readonly number[], b: readonly number[]): number {
  for (let k = 1; k <= Math.min(a.length, b.length); k++) {
    const apart = a[a.length - k] - b[b.length - k];
    if (Math.abs(apart) > 0.5) return apart;
  }
  return 0;
}

function placeOn({domain: [low, high], log}: AxisRange, value: number): number {
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Number.isFinite(share) ? share : 0.5;
}

function valueOn({domain: [low, high], log}: AxisRange, share: number): number {
  return log ? low * (high / low) ** share : low + share * (high - low);
}
