import {isPart, walk, type Part} from './parts';
import {linesWithin, oneOrMore, type Measure} from './measure';
import type {PrintSize} from './options';

/** Room around the drawing [px]. */
export const PADDING = 2;

/** Gives every text of `spec` the size asked for, in place; what was larger is told apart by its weight. */
export function restyle(spec: Part, size: PrintSize, measure: Measure): void {
  const {font} = size, config = spec.config as Part;
  walk({...spec, config: undefined}, part => {
    if ('fontSize' in part) part.fontSize = font;
  });
  spec.padding = PADDING;
  delete config.padding;
  const text = {labelFontSize: font, titleFontSize: font, titlePadding: 0.5 * font};
  config.axis = {...(config.axis as Part), ...text, labelPadding: 0.3 * font, tickSize: 0.35 * font};
  config.header = {...(config.header as Part), ...text, labelPadding: 0.4 * font};
  config.legend = {
    ...(config.legend as Part), ...text, titlePadding: 0.4 * font, offset: 0.8 * font, rowPadding: 0.2 * font,
    columnPadding: font,
  };
  config.text = {fontSize: font};
  config.title = {
    ...(config.title as Part), fontSize: font, subtitleFontSize: font, frame: 'bounds', offset: 0.8 * font,
    subtitlePadding: 0.4 * font,
  };
  config.point = {...(config.point as Part), size: 2.4 * font};
  entitle(spec, size, measure);
}

/** The title in lines that the page holds, other words in its place, or none. */
function entitle(spec: Part, {width, font, title}: PrintSize, measure: Measure): void {
  if (title === 'none') delete spec.title;
  if (!isPart(spec.title)) return;
  const room = width - 2 * PADDING - 1;
  const {text, subtitle} = title === undefined ? spec.title : {text: title, subtitle: undefined};
  const lines = (words: unknown, face: 'bold' | 'regular') =>
    oneOrMore(linesWithin(joinedLines(words), room, line => measure(line, font, face)));
  spec.title = {text: lines(text, 'bold'), ...(subtitle ? {subtitle: lines(subtitle, 'regular')} : {})};
}

/** A text that may be given in lines, as one. */
export function joinedLines(text: unknown): string {
  return Array.isArray(text) ? text.join(' ') : String(text);
}
