import {expect} from '../../errors';

/** How a figure is to be printed. */
export interface PrintOptions {
  /** Width of the whole picture [mm], in [20, 1000]: that of a column or page of the journal. */
  readonly width: number;
  /** Size of every text [pt], in [3, 72]; default 8. */
  readonly font?: number;
  /** In shades of grey, series told apart by dashes and marks as well, default false. */
  readonly grey?: boolean;
  /** `'none'` draws neither title nor subtitle, other words take the title's place; default: as the figure has them. */
  readonly title?: string;
  /** Names of lines at their right ends or in a legend; default: at the ends where they have room. */
  readonly labels?: 'legend' | 'ends';
}

/** The same in CSS pixels, of which an inch has 96. */
export interface PrintSize {
  readonly width: number;
  readonly font: number;
  readonly grey: boolean;
  readonly title?: string;
  readonly labels?: 'legend' | 'ends';
}

const PX_PER_MM = 96 / 25.4, PX_PER_PT = 96 / 72;

/** @throws ArgumentError for a size that no page has */
export function printSize({width, font = 8, grey = false, title, labels}: PrintOptions): PrintSize {
  const fn = 'printed';
  expect(width >= 20 && width <= 1000, {
    fn, argument: 'width', expected: 'in [20, 1000] mm', received: width,
    remedy: 'A column of a journal has about 85 mm, a page 174 mm.',
  });
  expect(font >= 3 && font <= 72, {
    fn, argument: 'font', expected: 'in [3, 72] pt', received: font, remedy: 'Journals ask for 6 to 9 pt.',
  });
  return {width: width * PX_PER_MM, font: font * PX_PER_PT, grey, title, labels};
}

/** Pixels in millimetres. */
export const millimetres = (px: number): number => px / PX_PER_MM;
