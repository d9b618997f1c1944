import {ArgumentError, expect} from '../../errors';
import type {FigureSpec} from '../render';
import {renderPdf, renderPng, renderSvg} from '../render';
import {arrange} from './arrange';
import {toGrey} from './grey';
import {placeLegends} from './legends';
import {fewRows, keyLines, nameEnds, type EndsForPrint} from './lineKeys';
import {measured, type Measure} from './measure';
import {millimetres, printSize, type PrintOptions, type PrintSize} from './options';
import {inMillimetres, onPage, withResolution} from './page';
import {plots, type Part} from './parts';
import {redrawn} from './redraw';
import {restyle} from './restyle';
import {scaled} from './scale';
import {plotWidth} from './sizes';

/** A plot narrower than so many letters shows nothing. */
const LEAST_LETTERS = 4;

export type {PrintOptions} from './options';

/** A figure for print: one drawing of exactly one width, in three formats. */
export interface PrintedFigure {
  /** Vega-Lite 5 specification of the drawing. */
  readonly spec: FigureSpec;
  /** Of the page [mm]. */
  readonly width: number;
  readonly height: number;
  /** The drawing as text, its size in millimetres. */
  readonly svg: string;
  /** One page of that size, typeface embedded. */
  pdf(text: {readonly title: string; readonly description: string}): Promise<Uint8Array>;
  /** @param dpi pixels to an inch, in [10, 960], default 300 @throws ArgumentError for others */
  png(dpi?: number): Promise<Uint8Array>;
}

/**
 * The figure of `spec` for print: every text of one size, as wide as asked, panels and legends where there is room for
 * them; a function of its arguments alone.
 * @throws ArgumentError for a width that the figure cannot be drawn in, or sizes that no page has
 */
export async function printed(spec: FigureSpec, options: PrintOptions): Promise<PrintedFigure> {
  const size = printSize(options), fitted = await fittest(spec, size), {svg, height} = onPage(fitted.svg, size.width);
  return Object.freeze<PrintedFigure>({
    spec: fitted.spec, width: options.width, height: millimetres(height), svg: inMillimetres(svg),
    pdf: text => renderPdf(svg, text),
    png: async (dpi = 300) => {
      expect(dpi >= 10 && dpi <= 960, {fn: 'png', argument: 'dpi', expected: 'in [10, 960]', received: dpi});
      return withResolution((await renderPng(svg, dpi / 96)).png, dpi);
    },
  });
}

interface Drawn {
  readonly spec: FigureSpec;
  readonly svg: string;
  readonly width: number;
}

/** Letters beside the plots where a legend below them must not stand: names of bars and of doses are long. */
const BESIDE = [5, 10, 16];

/**
 * With names at the ends of lines if they can stand there, as many panels side by side, and names in a legend's row.
 */
async function fittest(spec: FigureSpec, size: PrintSize): Promise<Drawn> {
  const measure = await measured();
  let refused: unknown;
  for (const mayEnd of [true, false]) for (const beside of BESIDE) for (let most = Infinity; most > 0;) {
    const base = structuredClone(spec) as unknown as Part;
    restyle(base, size, measure);
    if (size.grey) toGrey(base);
    const ends = keyLines(base, size, measure, mayEnd);
    if (mayEnd && !ends) break;
    const aside = placeLegends(base, size, measure, beside * size.font) + (ends?.width ?? 0);
    const columns = arrange(base, size, aside, most);
    if (ends && !fewRows(ends, columns, size)) break;
    most = columns - 1;
    try {
      return await fit({spec: base, ends}, size, measure);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      refused = error;
    }
  }
  throw refused;
}

/** A figure with everything in its place but the width. */
interface Base {
  readonly spec: Part;
  readonly ends?: EndsForPrint;
}

/** Secants on the width of the plots until the whole is as wide as asked; never narrower than can be read. */
async function fit(base: Base, size: PrintSize, measure: Measure): Promise<Drawn> {
  const target = Math.floor(size.width), tried: Tried[] = [];
  const least = (LEAST_LETTERS * size.font) / Math.min(...plots(base.spec).map(plot => plotWidth(plot, base.spec)));
  let factor = Math.max(least, 1);
  let best: Drawn | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const drawn = await draw(base, factor, size, measure);
    if (drawn.width <= target && drawn.width > (best?.width ?? 0)) best = drawn;
    if (best && target - best.width <= Math.max(1, round - 3)) return best;
    expect(drawn.width <= target || factor > least, {
      fn: 'printed', argument: 'width', received: Number(millimetres(size.width).toFixed(1)),
      expected: `at least ${Math.ceil(millimetres(drawn.width + 1))} mm for this figure with letters of this size`,
      remedy: 'Make it wider, or the font smaller.',
    });
    tried.push({factor, width: drawn.width});
    factor = Math.max(least, next(tried, target));
  }
  throw new Error(`printed: no width of the plots makes the figure ${millimetres(size.width).toFixed(1)} mm wide; `
    + `tried ${tried.map(({factor: at, width}) => `${at.toFixed(3)}: ${width}`).join(', ')}`);
}

/**
 * Panels end at whole pixels: where no width hits the page, a few pixels are left, the more the longer it was
 * sought.
 */
const ROUNDS = 14;

/** Plots so many times as wide as they were make the whole so wide [px]. */
interface Tried {
  readonly factor: number;
  readonly width: number;
}

async function draw({spec: base, ends}: Base, factor: number, size: PrintSize, measure: Measure): Promise<Drawn> {
  const anew = redrawn(base, factor * plotWidth(base, base), size.font);
  if (anew) restyle(anew, size, measure);
  if (anew && size.grey) toGrey(anew);
  const drawing = anew ?? scaled(base, factor, size, measure);
  if (ends) nameEnds(drawing, ends, size);
  const spec = drawing as unknown as FigureSpec, svg = await renderSvg(spec);
  return {spec, svg, width: Number(/<svg[^>]*? width="([\d.]+)"/.exec(svg)![1])};
}

/** The share of the width that plots usually have. */
const PLOTS = 0.85;

function next(tried: readonly Tried[], target: number): number {
  const [last, before] = [tried[tried.length - 1], tried[tried.length - 2]];
  const slope = before
    ? (last.width - before.width) / (last.factor - before.factor)
    : (PLOTS * last.width) / last.factor;
  const step = slope > 0 ? (target - last.width) / slope : Math.sign(target - last.width) * 0.3 * last.factor;
  return last.factor + Math.max(-0.6 * last.factor, Math.min(1.5 * last.factor, step));
}
