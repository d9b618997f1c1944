import {expect} from '../errors';
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

/** A finished, immutable figure: a Vega-Lite specification with its data, and the ways out of it. Equal data give equal bytes. */
export interface Figure extends RichDisplay {
  readonly title: string;
  /** Alternative text. */
  readonly description: string;
  /** Vega-Lite 5 specification with its data inside. */
  readonly spec: FigureSpec;
  /** The rows drawn, as one tidy table. */
  readonly data: readonly FigureRow[];
  toSvg(): Promise<string>;
  /** @param options.scale pixels per CSS pixel, in (0, 10], default 2 */
  toPng(options?: {readonly scale?: number}): Promise<Uint8Array>;
  /** One page of the figure's own size, typeface embedded. */
  toPdf(): Promise<Uint8Array>;
  /** Writes `name.svg`, `.png`, `.pdf`, `.vl.json` and `.csv` into `dir` (made if missing), each whole or not at all. @returns their paths */
  save(dir: string, name: string, provenance?: Provenance): Promise<readonly string[]>;
  [mimeSymbol](): Promise<MimeBundle>;
}

/** A specification before the figure's own texts and table are put in. */
export type FigureBody = Omit<FigureSpec, '$schema' | 'title' | 'description' | 'data' | 'config'> & {readonly config?: FigureSpec['config']};

/** Puts text, table and house theme around `body`. @throws ArgumentError when a number of the table is not finite */
export function figure(text: FigureText & {readonly description: string}, data: readonly FigureRow[], body: FigureBody): Figure {
  const fn = 'figure';
  expect(text.title.trim() !== '', {fn, argument: 'title', expected: 'a line of text', received: text.title});
  expect(data.length > 0, {fn, argument: 'data', expected: 'at least one row', received: data});
  data.forEach((row, i) => Object.entries(row).forEach(([key, value]) => expect(typeof value !== 'number' || Number.isFinite(value),
    {fn, argument: `data[${i}].${key}`, expected: 'a finite number', received: value, remedy: 'Leave missing points out.'})));
  const spec = frozen(structuredClone(complete(text, data, body)));
  const self: Figure = {
    title: text.title, description: text.description, spec, data: spec.data && 'values' in spec.data ? spec.data.values as readonly FigureRow[] : data,
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

function complete(text: FigureText & {readonly description: string}, data: readonly FigureRow[], body: FigureBody): FigureSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: {text: text.title, ...(text.subtitle ? {subtitle: text.subtitle} : {})},
    description: text.description,
    data: {values: data.map(row => ({...row}))},
    ...body,
    config: {...houseTheme, ...body.config},
  } as FigureSpec;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
