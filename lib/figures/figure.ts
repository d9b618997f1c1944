import {expect} from '../errors';
import {drawn, wrapped} from './text';
import {houseTheme} from './theme';
import {saveFigure, type Provenance} from './save';
import {mimeSymbol, type MimeBundle, type RichDisplay} from './mime';
import {renderPdf, renderPng, renderSvg, type FigureSpec} from './render';

/** One line of the table behind a figure. */
export type FigureRow = Readonly<Record<string, string | number | boolean | null>>;

/** What every figure is given beside its data. */
export interface FigureText {
  /** Says what the reader should see, in one line. */
  readonly title: string;
  /** Smaller second line: data, seeds, profile. */
  readonly subtitle?: string;
  /** Text for readers who cannot see the figure; by default put together from the data. */
  readonly description?: string;
}

/**
 * A finished, immutable figure: a Vega-Lite specification with its data, and the ways out of it. Equal data give equal
 * bytes.
 */
export interface Figure extends RichDisplay {
  readonly title: string;
  /** Alternative text. */
  readonly description: string;
  /** Vega-Lite 5 specification with the rows drawn inside. */
  readonly spec: FigureSpec;
  /** All rows, as one tidy table; a figure of very many draws some of them and says so in its description. */
  readonly data: readonly FigureRow[];
  /** The drawing as text. */
  toSvg(): Promise<string>;
  /**
   * The drawing in pixels.
   * @param options how fine it is
   * @param options.scale pixels per CSS pixel, in (0, 10], default 2
   */
  toPng(options?: {readonly scale?: number}): Promise<Uint8Array>;
  /** One page of the figure's own size, typeface embedded. */
  toPdf(): Promise<Uint8Array>;
  /**
   * Writes `name.svg`, `.png`, `.pdf`, `.vl.json` and `.csv` into `dir` (made if missing), each whole or not at all.
   * @returns their paths
   */
  save(dir: string, name: string, provenance?: Provenance): Promise<readonly string[]>;
  /** The specification, a PNG and the description together. */
  [mimeSymbol](): Promise<MimeBundle>;
}

/** A specification before the figure's own texts and table are put in. */
export type FigureBody =
  Omit<FigureSpec, '$schema' | 'title' | 'description' | 'data' | 'config'> & {readonly config?: FigureSpec['config']};

/**
 * Puts text, table and house theme around `body`; long titles get several lines.
 * @param shown the rows drawn, where they are fewer than those of `data`; `text.description` is to say so
 * @throws ArgumentError when a number of the table is not finite
 */
export function figure(
  text: FigureText & {readonly description: string}, data: readonly FigureRow[], body: FigureBody, shown = data,
): Figure {
  const fn = 'figure';
  expect(text.title.trim() !== '', {fn, argument: 'title', expected: 'a line of text', received: text.title});
  expect(data.length > 0, {fn, argument: 'data', expected: 'at least one row', received: data});
  data.forEach((row, i) => Object.entries(row).forEach(([key, value]) => expect(typeof value !== 'number'
    || Number.isFinite(value),
    {
      fn, argument: `data[${i}].${key}`, expected: 'a finite number', received: value,
      remedy: 'Leave missing points out.',
    })));
  data.forEach((row, i) => Object.entries(row).forEach(([key, value]) => expect(typeof value !== 'number'
    || Math.abs(value) <= 1e300,
    {
      fn, argument: `data[${i}].${key}`, expected: 'at most 1e300 in size, so that axes have a length', received: value,
      remedy: 'Draw its logarithm.',
    })));
  const spec = frozen(structuredClone(complete(text, shown, body)));
  const self: Figure = {
    title: text.title, description: text.description, spec, data: frozen(data.map(row => ({...row}))),
    toSvg: () => renderSvg(spec),
    toPng: async options => (await renderPng(await renderSvg(spec), options?.scale)).png,
    toPdf: async () => renderPdf(await renderSvg(spec), self),
    save: (dir, name, provenance) => saveFigure(self, dir, name, provenance),
    [mimeSymbol]: () => mimeBundle(self),
  };
  return Object.freeze(self);
}

async function mimeBundle(fig: Figure): Promise<MimeBundle> {
  const {png, width, height} = await renderPng(await fig.toSvg(), 2);
  return {
    data: {
      'application/vnd.vegalite.v5+json': fig.spec,
      'image/png': Buffer.from(png).toString('base64'),
      'text/plain': `${fig.title}\n${fig.description}`,
    },
    metadata: {'image/png': {width, height}},
  };
}

function complete(
  text: FigureText & {readonly description: string}, data: readonly FigureRow[], body: FigureBody,
): FigureSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: {text: lines(text.title, 84), ...(text.subtitle ? {subtitle: lines(text.subtitle, 100)} : {})},
    ...drawable({description: text.description, data: {values: data}, ...body}) as object,
    config: {
      ...houseTheme, ...(titles(body).some(title => title.includes('\\')) ? {mark: {tooltip: {content: 'data'}}} : {}),
      ...body.config,
    },
  } as FigureSpec;
}

/**
 * The same with every text as it can be drawn, and titles of axes, legends and parts in lines of at most 56 letters.
 */
function drawable(value: unknown, key?: string): unknown {
  if (typeof value === 'string') return key === 'title' ? lines(value, 56) : drawn(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(item => drawable(item));
  return Object.fromEntries(Object.entries(value).map(([name, part]) =>
    [name, drawable(part, key === 'title' && name === 'text' ? 'title' : name)]));
}

/**
 * Titles of axes, legends and parts. Vega-Lite writes them into expressions without doubling a backslash; where one has
 * any, tooltips tell the data without titles.
 */
function titles(value: unknown, key?: string): string[] {
  if (typeof value === 'string') return key === 'title' ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, part]) =>
    titles(part, name)) : [];
}

/** One line where one suffices. */
function lines(text: string, letters: number): string | string[] {
  const all = wrapped(text, letters).map(drawn);
  return all.length > 1 ? all : all[0];
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
