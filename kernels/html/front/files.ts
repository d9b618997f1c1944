import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeWhole} from '../../../lib/files';
import {csvLines, drawStored, storedCsv} from '../../../lib/notebook/drawing';
import {cacheFolder} from '../../../lib/notebook/root';
import {textOf, textTable, type Result} from './results';
import type {Sheet} from './committed';

const VEGA = 'application/vnd.vegalite.v5+json';

/** A result with the names of its files. */
export interface Filed extends Result {
  readonly stem: string;
  /** Name of its files in the folder of its kind, without ending; unique among all notebooks. */
  readonly file: string;
  readonly endings: readonly string[];
}

/** Gives each result of some notebooks a file name of its own. */
export function withFiles(sheets: readonly Sheet[]): Omit<Filed, 'endings'>[] {
  const taken = new Set<string>();
  return sheets.flatMap(({stem, results}) => results.map(result => {
    let file = result.name;
    for (let k = 2; taken.has(`${result.kind}/${file}`); k++) file = `${result.name}-${k}`;
    taken.add(`${result.kind}/${file}`);
    return {...result, stem, file};
  }));
}

/**
 * Writes what committed notebooks hold of each result into `figures` and `tables` of a folder: pictures, numbers,
 * specifications.
 */
export async function writeFiles(folder: string, sheets: readonly Sheet[]): Promise<Filed[]> {
  const filed: Filed[] = [];
  for (const kind of ['figures', 'tables', 'notebooks']) mkdirSync(join(folder, kind), {recursive: true});
  for (const result of withFiles(sheets)) {
    const path = join(folder, `${result.kind}s`, result.file);
    const endings = result.kind === 'figure' ? await writeFigure(path, result) : writeTable(path, result);
    filed.push({...result, endings});
  }
  return filed;
}

async function writeFigure(path: string, {data}: Result): Promise<string[]> {
  const spec = data[VEGA] as object | undefined, png = textOf(data['image/png']), written: string[] = [];
  const write = (ending: string, content: string | Uint8Array) => {
    writeWhole(`${path}.${ending}`, content);
    written.push(ending);
  };
  if (png) write('png', Buffer.from(png, 'base64'));
  if (typeof spec !== 'object' || spec === null) return written;
  const json = `${JSON.stringify(spec, null, 1)}\n`, csv = storedCsv(spec), svg = await drawnOnce(spec, json);
  if (svg) write('svg', svg);
  if (csv) write('csv', csv);
  write('vl.json', json);
  return written;
}

/** The drawing of a specification; once drawn it is kept. @returns undefined where Vega cannot draw it */
async function drawnOnce(spec: object, json: string): Promise<string | undefined> {
  const folder = cacheFolder('drawings'), path = join(folder, `${createHash('sha256').update(json).digest('hex')}.svg`);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const svg = await drawStored(spec).catch(() => undefined);
  if (svg) {
    mkdirSync(folder, {recursive: true});
    writeWhole(path, svg);
  }
  return svg;
}

function writeTable(path: string, {data, text}: Result): string[] {
  const table = textTable(text), markdown = textOf(data['text/markdown']), written: string[] = [];
  if (table) {
    writeWhole(`${path}.csv`, csvLines([table.heads, ...table.rows]));
    written.push('csv');
  }
  if (markdown) {
    writeWhole(`${path}.md`, markdown);
    written.push('md');
  }
  return written;
}
