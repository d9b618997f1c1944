import {createHash} from 'node:crypto';
import type {TopLevelSpec} from 'vega-lite';
import {expect} from '../errors';
import {fontFace, fontFiles, missingLetters, textMeasure} from './text';

/** A Vega-Lite 5 specification. */
export type FigureSpec = TopLevelSpec;

const pointsPerPixel = 0.75;

/**
 * Compiles and draws `spec` without a browser.
 * @throws Error with every complaint when Vega or Vega-Lite warn: a figure is drawn right or not at all
 */
export async function renderSvg(spec: FigureSpec): Promise<string> {
  const [vega, vegaLite] = await drawing();
  const complaints: string[] = [];
  const logger = listener(complaints);
  const compiled = vegaLite.compile(structuredClone(spec), {logger});
  const view = new vega.View(vega.parse(compiled.spec), {renderer: 'none', logger, loader: closed});
  const svg = await view.toSVG().finally(() => view.finalize());
  if (complaints.length > 0) throw new Error(`renderSvg: Vega complains: ${complaints.join('; ')}`);
  return withOwnIds(svg);
}

/** A drawing has everything inside: it reads no file and asks no server, and its marks lead nowhere. */
const closed = (() => {
  const refuse = async (uri: unknown): Promise<never> => {
    throw new Error(`a figure may not load ${String(uri)}`);
  };
  return {
    options: {}, load: refuse, sanitize: refuse, http: refuse, file: refuse, fileAccess: false,
  } as unknown as import('vega').Loader;
})();

const warned = new Set<string>();

/** Warns once of letters that print as boxes. */
async function warnOfBoxes(svg: string): Promise<void> {
  const missing = (await missingLetters(svg)).filter(char => !warned.has(char));
  if (missing.length === 0) return;
  missing.forEach(char => warned.add(char));
  process.emitWarning('The typeface of figures has no letters for '
    + `${missing.slice(0, 20).join(' ')}${missing.length > 20 ? ` and ${missing.length - 20} others` : ''}: `
    + 'they print as boxes in PNG and PDF. SVG and the specification keep them, and a browser shows them in a '
      + 'typeface of its own.', {type: 'FigureWarning'});
}

/**
 * Vega numbers gradients and clips through the whole process. Names made from the drawing itself are the same each
 * time, and differ between two drawings on one page.
 */
function withOwnIds(svg: string): string {
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(match => match[1]);
  const numbered =
    ids.reduce((text, id, k) => text.replaceAll(`"${id}"`, `"#${k}"`).replaceAll(`(#${id})`, `(##${k})`), svg);
  const name = `f${createHash('sha256').update(numbered).digest('hex').slice(0, 10)}`;
  return ids.reduce(
    (text, _id, k) => text.replaceAll(`"#${k}"`, `"${name}-${k}"`).replaceAll(`(##${k})`, `(#${name}-${k})`), numbered,
  );
}

/**
 * Pixels of `svg` with the shipped typeface. `width` and `height` are in CSS pixels.
 * @param scale in (0, 10]
 * @throws ArgumentError for a scale outside (0, 10].
 */
export async function renderPng(
  svg: string, scale = 2,
): Promise<{readonly png: Uint8Array; readonly width: number; readonly height: number}> {
  expect(scale > 0 && scale <= 10, {fn: 'toPng', argument: 'scale', expected: 'in (0, 10]', received: scale});
  await warnOfBoxes(svg);
  const {Resvg} = await import('@resvg/resvg-js');
  const picture = new Resvg(svg, {
    fitTo: {mode: 'zoom', value: scale}, background: 'white',
    font: {loadSystemFonts: false, fontFiles: Object.values(fontFiles), defaultFontFamily: 'DejaVu Sans Condensed'},
  });
  return {png: picture.render().asPng(), width: Math.round(picture.width), height: Math.round(picture.height)};
}

/**
 * One PDF page of the size of `svg`, with its texts as document information and no date, so that equal figures give
 * equal bytes.
 * @throws Error for a drawing without size or one that PDF cannot hold.
 */
export async function renderPdf(
  svg: string, text: {readonly title: string; readonly description: string},
): Promise<Uint8Array> {
  const [{default: PDFDocument}, {default: svgToPdf}] = await Promise.all([import('pdfkit'), import('svg-to-pdfkit')]);
  await warnOfBoxes(svg);
  const [width, height] = svgSize(svg).map(px => px * pointsPerPixel);
  const document = new PDFDocument({
    size: [width, height], margin: 0, info: {Title: text.title, Subject: text.description, CreationDate: new Date(0)},
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) =>
    document.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', resolve).on('error', reject));
  const complaints: string[] = [];
  svgToPdf(document, svg, 0, 0, {
    width, height,
    fontCallback: (_family, bold, italic) =>
      fontFiles[fontFace(bold ? 'bold' : 'normal', italic ? 'italic' : 'normal')],
    warningCallback: warning => complaints.push(warning),
  });
  document.end();
  await ended;
  if (complaints.length > 0) throw new Error(`renderPdf: ${complaints.join('; ')}`);
  return Buffer.concat(chunks);
}

function svgSize(svg: string): [number, number] {
  const size = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  if (!size) throw new Error('renderPdf: the drawing has no size');
  return [Number(size[1]), Number(size[2])];
}

let libraries: Promise<[typeof import('vega'), typeof import('vega-lite')]> | undefined;

/**
 * Loads the drawing libraries at first use (half a second) and lets Vega measure text in the shipped typeface; without
 * a canvas it only guesses.
 */
function drawing(): Promise<[typeof import('vega'), typeof import('vega-lite')]> {
  libraries ??= Promise.all([import('vega'), import('vega-lite'), textMeasure()]).then(([vega, vegaLite, measure]) => {
    const {textMetrics} = vega as unknown as {textMetrics: {width: (item: TextItem, text: unknown) => number}};
    textMetrics.width = (item, text) => {
      const width =
        text == null ? 0 : measure(String(text), item.fontSize ?? 11, fontFace(item.fontWeight, item.fontStyle));
      return Math.min(width, item.limit || Infinity);
    };
    return [vega, vegaLite];
  });
  return libraries;
}

interface TextItem {
  /** Longer texts are cut there. */
  readonly limit?: number;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly fontStyle?: string;
}

function listener(complaints: string[]): import('vega').LoggerInterface {
  const keep = (...args: readonly unknown[]) => (complaints.push(args.map(String).join(' ')), self);
  const drop = () => self;
  const self =
    {level: () => self, error: keep, warn: keep, info: drop, debug: drop} as unknown as import('vega').LoggerInterface;
  return self;
}
