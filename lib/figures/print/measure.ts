import {textMeasure, type FontFace} from '../text';

/** Width of a text [px]: `(text, size in px, face)`. */
export type Measure = (text: string, size: number, face?: FontFace) => number;

let measure: Promise<Measure> | undefined;

/** The one measure, made at first use. */
export function measured(): Promise<Measure> {
  return measure ??= textMeasure();
}

/** Lines of at most `width` px; a word that is longer stands alone. */
export function linesWithin(text: string, width: number, wide: (text: string) => number): string[] {
  return text.split(/\s+/).filter(word => word !== '').reduce<string[]>((done, word) => {
    const last = done[done.length - 1];
    return last !== undefined && wide(`${last} ${word}`) <= width
      ? [...done.slice(0, -1), `${last} ${word}`]
      : [...done, word];
  }, []);
}

/** One line where one suffices, as Vega-Lite takes both. */
export function oneOrMore(lines: readonly string[]): string | string[] {
  return lines.length === 1 ? lines[0] : [...lines];
}
