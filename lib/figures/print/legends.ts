import {encodings, isPart, plots, rowsOf, type Part} from './parts';
import {lookup} from '../text';
import {linesWithin, type Measure} from './measure';
import type {PrintSize} from './options';
import {PADDING} from './restyle';

/** A legend takes at most this share of the width from the plots; a wider one goes below. */
const MOST_ASIDE = 0.24;

const COLOURS = ['color', 'fill', 'stroke'], SYMBOLS = [...COLOURS, 'shape', 'strokeDash', 'size', 'opacity'];

/** A channel with what its legend says. */
interface Keyed {
  readonly channel: Part;
  /** Names beside the symbols; none where the legend is a ramp of colours. */
  readonly names: readonly string[];
}

/**
 * Puts the legends of `spec`, in place, beside the plots where they leave them room, else below.
 * @param left of the plots, where a legend below them begins [px]
 * @returns width that they take from the plots [px]
 */
export function placeLegends(spec: Part, size: PrintSize, measure: Measure, left: number): number {
  const channels = plots(spec).flatMap(encodings).flatMap(encoding => SYMBOLS.map(name => encoding[name]));
  const keyed = channels.filter(isPart).flatMap(channel => keyOf(channel, spec));
  if (keyed.length === 0) return 0;
  const wide = (text: string) => measure(text, size.font);
  const symbol = Math.max(...keyed.map(({channel, names}) => symbolWidth(channel, names, size.font)));
  const room = size.width - left - 2 * PADDING, most = room - symbol - size.font;
  const lines = (name: string) => linesWithin(name, most, wide);
  const longest = (name: string) => Math.max(...lines(name).map(wide));
  const label = Math.max(...keyed.flatMap(({names}) => (names.length > 0 ? names.map(longest) : [2.5 * size.font])));
  const title = Math.max(0, ...keyed.map(({channel}) => wide(titleOf(channel))));
  const beside = Math.max(symbol + label, title) + 1.4 * size.font;
  const below = beside > MOST_ASIDE * size.width;
  for (const {channel, names} of keyed) {
    const own = isPart(channel.legend) ? channel.legend : {};
    const inLines = names.length > 0 && {labelExpr: lookup(names, names.map(lines), 'datum.label')};
    const legend = {...own, ...inLines, labelLimit: size.width, titleLimit: size.width};
    channel.legend = names.length > 0
      ? {...legend, ...(below ? {orient: 'bottom', columns: columnsOf(names, symbol + size.font, room, longest)} : {})}
      : {...legend, ...ramp(below, size)};
  }
  return below ? 0 : beside;
}

function keyOf(channel: Part, spec: Part): Keyed[] {
  const {scale, field, legend} = channel;
  if (legend === null || scale === null || typeof field !== 'string') return [];
  if (channel.type === 'quantitative') return [{channel, names: []}];
  const domain = isPart(scale) && Array.isArray(scale.domain) ? scale.domain : rowsOf(spec).map(row => row[field]);
  return [{channel, names: [...new Set(domain.map(String))]}];
}

const titleOf = ({legend, title}: Part): string => String((isPart(legend) && legend.title) || title || '');

/** A symbol's diameter is the root of its size. */
function symbolWidth({legend}: Part, names: readonly string[], font: number): number {
  if (names.length === 0) return 12;
  return (isPart(legend) && typeof legend.symbolSize === 'number' ? Math.sqrt(legend.symbolSize) : font) + 0.6 * font;
}

/** As many columns as `room` px hold, each as wide as its longest name. */
function columnsOf(
  names: readonly string[], symbol: number, room: number, wide: (text: string) => number,
): number {
  for (let columns = Math.min(names.length, 6); columns > 1; columns--) {
    const widths = Array.from({length: columns}, (_, c) =>
      symbol + Math.max(...names.filter((_name, k) => k % columns === c).map(wide)));
    if (widths.reduce((sum, w) => sum + w, 0) <= room) return balanced(names.length, columns);
  }
  return 1;
}

/** The fewest columns that need no more rows: six names stand three by three, not four and two. */
const balanced = (names: number, columns: number): number => Math.ceil(names / Math.ceil(names / columns));

function ramp(below: boolean, {width, font}: PrintSize): Part {
  const thick = {gradientThickness: 0.9 * font};
  return below
    ? {...thick, orient: 'bottom', direction: 'horizontal', gradientLength: Math.min(0.6 * width, 24 * font)}
    : {...thick, gradientLength: 12 * font};
}
