import {join, dirname} from 'node:path';
import {ArgumentError, expect} from '../../errors';
import {tableFloats} from '../tableLatex';
import type {TableLayout} from '../tableLayout';
import {textMeasure, type FontFace} from '../text';
import {linesWithin, type Measure} from './measure';

/** Where a table is to stand. */
export interface TablePage {
  /** Of the column or page [mm], in [20, 1000]. */
  readonly width: number;
  /** Size of its letters [pt], in [3, 72]. */
  readonly font: number;
  /** For `\ref`. */
  readonly label?: string;
}

/** TeX's points, of which an inch has 72.27. */
const PT_PER_MM = 72.27 / 25.4;

/** Half the room between columns [pt]. */
const SEP = 3;

/** Most lines that a name of a row may take before the columns are rather set in several parts. */
const MOST_LINES = 3;

/**
 * Height of a page that tables fill at most, and that title and notes may take beside them [mm]; and of what stands
 * around a part, in lines.
 */
const PAGE_HEIGHT = 190, NOTES_HEIGHT = 35, AROUND = 2;

/**
 * A `table` environment for booktabs that is at most so wide, in Computer Modern or any narrower typeface: heads and
 * names in lines, then columns in parts below each other. A table higher than a page goes on in a second environment.
 * @returns LaTeX that needs booktabs and nothing else
 * @throws ArgumentError where one column of numbers beside its names is wider
 */
export async function tableForPrint(layout: TableLayout, {width, font, label}: TablePage): Promise<string> {
  expect(width >= 20 && width <= 1000, {
    fn: 'tableForPrint', argument: 'width', expected: 'in [20, 1000] mm', received: width,
  });
  expect(font >= 3 && font <= 72, {fn: 'tableForPrint', argument: 'font', expected: 'in [3, 72] pt', received: font});
  const wide = await computerModern(font), parts = inParts(layout, width * PT_PER_MM, wide);
  const lines = (mm: number) => Math.floor((mm * PT_PER_MM) / (1.2 * font));
  const told = notesHeight(layout, width * PT_PER_MM, await computerModern(NOTES_SIZE)) / (1.2 * font);
  // Whatever the notes take, half a page is left for numbers.
  const beyond = Math.max(0, Math.ceil(told) - lines(NOTES_HEIGHT));
  const most = Math.max(lines(PAGE_HEIGHT / 2), lines(PAGE_HEIGHT) - beyond);
  const floats = onPages(parts.flatMap(part => cut(part, most)), most), mm = Number(width.toFixed(1));
  return `% Needs booktabs. At most ${mm} mm wide: across two columns, write table* for table.\n`
    + tableFloats(floats, {label, font});
}

/** Width of a text in a face of the table's letters [pt]. */
type Wide = (text: string, face?: FontFace) => number;

/** Letters of Computer Modern are wider, for their size, the smaller they are: by the width of a digit. */
const DIGITS: readonly (readonly [number, number])[] = [
  [5, 0.681], [6, 0.611], [7, 0.569], [8, 0.531], [9, 0.514], [10, 0.5], [12, 0.49],
];

/** Room between words, which files of the typeface for browsers have narrower [of the size]. */
const SPACE = 0.3333, BOLD_SPACE = 0.3833;

const LETTERS = join(dirname(require.resolve('katex/package.json')), 'dist', 'fonts', 'KaTeX_Main-');

let measure: Promise<Measure> | undefined;

async function computerModern(font: number): Promise<Wide> {
  measure ??= textMeasure({
    regular: `${LETTERS}Regular.ttf`, bold: `${LETTERS}Bold.ttf`, oblique: `${LETTERS}Italic.ttf`,
  });
  const em = await measure, [, digit] = [...DIGITS].reverse().find(([size]) => size <= font) ?? DIGITS[0];
  const spaces = (text: string) => text.split(' ').length - 1;
  return (text, face) => 1.01 * (digit / 0.5) * (em(text.replaceAll(' ', ''), font, face)
    + font * (face === 'bold' ? BOLD_SPACE : SPACE) * spaces(text));
}

function inParts(layout: TableLayout, width: number, wide: Wide): TableLayout[] {
  const values = layout.head.length - layout.labels;
  for (const mostLines of [MOST_LINES, Infinity]) for (let parts = 1; parts <= values; parts++) {
    const made = Array.from({length: parts}, (_, k) =>
      withColumns(layout, Math.ceil((k * values) / parts), Math.ceil(((k + 1) * values) / parts)));
    const fitted = made.map(part => within(part, width, wide, mostLines));
    if (fitted.every(part => part !== undefined)) return fitted;
  }
  const least = Math.max(...Array.from({length: values}, (_, k) => leastWidth(withColumns(layout, k, k + 1), wide)));
  throw new ArgumentError({
    fn: 'tableForPrint', argument: 'width', received: Number((width / PT_PER_MM).toFixed(1)),
    expected: `at least ${Math.ceil(least / PT_PER_MM)} mm for this table with letters of this size`,
    remedy: 'Make it wider, or the font smaller.',
  });
}

/** The columns of names, and of numbers those from the one place to before the other. */
function withColumns(layout: TableLayout, from: number, to: number): TableLayout {
  const {labels} = layout;
  const some = <T>(all: readonly T[]) => [...all.slice(0, labels), ...all.slice(labels + from, labels + to)];
  return {...layout, head: some(layout.head), lines: layout.lines.map(({cells, ...rest}) => ({
    ...rest, cells: some(cells),
  }))};
}

/** Widths between which a column may be set [pt]: its longest word or number, and its longest line. */
function limits(layout: TableLayout, column: number, wide: Wide): {readonly least: number; readonly most: number} {
  const isName = column < layout.labels, head = layout.head[column];
  const cells = layout.lines.map(({cells}) => cells[column]);
  const full = (text: string, best: boolean) => wide(text, best ? 'bold' : 'regular');
  const words = (text: string) => Math.max(0, ...text.split(/\s+/).map(word => wide(word)));
  const numbers = isName ? [] : cells.map(({text, best}) => full(text, best));
  return {
    least: Math.max(words(head), ...(isName ? cells.map(({text}) => words(text)) : numbers)),
    most: Math.max(wide(head), ...cells.map(({text, best}) => full(text, best))),
  };
}

const between = (columns: number): number => 2 * SEP * (columns - 1);

function leastWidth(layout: TableLayout, wide: Wide): number {
  return layout.head.reduce((sum, _, k) => sum + limits(layout, k, wide).least, between(layout.head.length));
}

/** The table with heads and names in lines that are together at most so wide; nothing where that cannot be. */
function within(layout: TableLayout, width: number, wide: Wide, mostLines: number): TableLayout | undefined {
  const bounds = layout.head.map((_, k) => limits(layout, k, wide));
  const sum = (cap: number) => bounds.reduce((total, {least, most}) =>
    total + Math.min(most, Math.max(least, cap)), between(bounds.length));
  if (sum(0) > width) return undefined;
  const cap = widest(sum, width, Math.max(...bounds.map(({most}) => most)));
  const room = bounds.map(({least, most}) => Math.min(most, Math.max(least, cap)));
  const broken = (text: string, px: number, face?: FontFace) =>
    linesWithin(text, px + 1e-6, line => wide(line, face)).join('\n');
  const made = {
    ...layout, head: layout.head.map((text, k) => broken(text, room[k])),
    lines: layout.lines.map(({group, cells}) => ({
      ...(group === undefined ? {} : {group: broken(group, width, 'oblique')}),
      cells: cells.map((cell, k) => (k < layout.labels ? {...cell, text: broken(cell.text, room[k])} : cell)),
    })),
  };
  const isFlat = [...made.head, ...made.lines.flatMap(({cells}) => cells.map(({text}) => text))].every(text =>
    text.split('\n').length <= mostLines);
  return isFlat ? made : undefined;
}

/** The largest cap on columns that keeps the sum within `width`, by halving. */
function widest(sum: (cap: number) => number, width: number, most: number): number {
  if (sum(most) <= width) return most;
  let low = 0, high = most;
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (sum(middle) <= width) low = middle;
    else high = middle;
  }
  return low;
}

/** Size of notes in an article, its leading, and the room before each [pt]. */
const NOTES_SIZE = 8, NOTES_LEADING = 9.5, NOTES_SKIP = 3;

/** Height of title and notes [pt]; a tenth of a line is lost where words do not fill it. */
function notesHeight({title, notes}: TableLayout, width: number, wide: Wide): number {
  return [title, ...notes].reduce((sum, text) =>
    sum + NOTES_SKIP + NOTES_LEADING * Math.ceil((1.1 * wide(text)) / width), 0);
}

const linesOf = (texts: readonly string[]): number => Math.max(1, ...texts.map(text => text.split('\n').length));

type Line = TableLayout['lines'][number];

/** Lines of print of each line of a table, with the heading of its group where that is new. */
function heights(lines: readonly Line[]): number[] {
  return lines.map(({group, cells}, k) => linesOf(cells.map(({text}) => text))
    + (group !== undefined && group !== lines[k - 1]?.group ? group.split('\n').length : 0));
}

const heightOf = ({head, lines}: TableLayout): number =>
  AROUND + linesOf(head) + heights(lines).reduce((sum, height) => sum + height, 0);

/** Pieces of a part that are at most so many lines high, cut between groups where there are such. */
function cut(part: TableLayout, most: number): TableLayout[] {
  if (heightOf(part) <= most) return [part];
  const high = heights(part.lines), room = most - AROUND - linesOf(part.head);
  let end = 0;
  for (let sum = 0; end < high.length && sum + high[end] <= room; end++) sum += high[end];
  const groups = part.lines.map((line, k) => (line.group === part.lines[k - 1]?.group ? 0 : k));
  const at = Math.max(...groups.filter(k => k <= end)) || Math.max(1, end);
  const piece = (lines: readonly Line[]) => ({...part, lines});
  return [piece(part.lines.slice(0, at)), ...cut(piece(part.lines.slice(at)), most)];
}

/** As many pieces to a page as it holds. */
function onPages(pieces: readonly TableLayout[], most: number): TableLayout[][] {
  const pages: {parts: TableLayout[]; height: number}[] = [];
  for (const piece of pieces) {
    const last = pages[pages.length - 1], height = heightOf(piece);
    if (last && last.height + height <= most) pages[pages.length - 1] = {
      parts: [...last.parts, piece], height: last.height + height,
    };
    else pages.push({parts: [piece], height});
  }
  return pages.map(({parts}) => parts);
}
