import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {stringify} from 'csv-stringify/sync';
import {writeWhole} from '../files';
import {expect} from '../errors';
import {renderPdf, renderPng, type FigureSpec} from './render';

/** Where a result comes from (commit, seeds, profile, ...): written into the files it goes with. */
export type Provenance = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

/** What saving needs of a figure. */
export interface Saveable {
  readonly title: string;
  readonly description: string;
  readonly spec: FigureSpec;
  readonly data: readonly Readonly<Record<string, unknown>>[];
  toSvg(): Promise<string>;
}

/**
 * Writes `fig` in every format. All of them are made before the first is written.
 * @returns paths written
 * @throws ArgumentError for a `name` that is no plain file name.
 */
export async function saveFigure(
  fig: Saveable, dir: string, name: string, provenance: Provenance = {},
): Promise<readonly string[]> {
  const svg = await fig.toSvg();
  const [{png}, pdf] = await Promise.all([renderPng(svg), renderPdf(svg, fig)]);
  return saveFiles('save', dir, name, {
    'svg': withMetadata(svg, fig, provenance),
    'png': png,
    'pdf': pdf,
    'vl.json': `${JSON.stringify({...fig.spec, usermeta: {...fig.spec.usermeta, provenance}}, null, 1)}\n`,
    'csv':
      stringify(fig.data.map(row => ({...row})), {header: true, columns: columnsOf(fig.data), cast: {boolean: String}}),
  });
}

/**
 * Writes `dir/name.extension` for each extension, each whole or not at all.
 * @throws ArgumentError when `name` is not a plain file name
 */
export async function saveFiles(
  fn: string, dir: string, name: string, contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<readonly string[]> {
  expect(/^[\w][\w.-]*$/.test(name), {
    fn, argument: 'name', expected: 'a file name of letters, digits, ".", "_", "-", without folder or extension',
    received: name,
  });
  await mkdir(dir, {recursive: true});
  const paths: string[] = [];
  for (const [extension, content] of Object.entries(contents)) {
    const path = join(dir, `${name}.${extension}`);
    writeWhole(path, content);
    paths.push(path);
  }
  return paths;
}

/** Every key of `rows`, in the order they first appear. */
export function columnsOf(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(rows.flatMap(row => Object.keys(row)))];
}

function withMetadata(svg: string, fig: Saveable, provenance: Provenance): string {
  const texts = `<title>${escapeXml(fig.title)}</title><desc>${escapeXml(fig.description)}</desc><metadata>${escapeXml(
    JSON.stringify(provenance),
  )}</metadata>`;
  return svg.replace(/<svg([^>]*)>/, (_whole, attributes: string) => `<svg${attributes} role="img">${texts}`);
}

/** `text` with the five characters that XML and HTML reserve written as entities. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
  return text.replace(/[&<>"']/g, char => entities[char]);
}
