import {publishedChecksums} from './checksums';
import {mimicLayout, releaseIn, type MimicLayout} from './layout';
import {changedFiles, knownOf, mimicFolder} from './load';
import {readManifest} from './manifest';
import {readThrough} from './readThrough';
import {bytesText} from './refusal';

/** What {@link checkMimic} looks at. */
export interface CheckMimicOptions {
  /** Folder with `hosp` and `icu`. Default: only what is prepared is looked at. */
  readonly from?: string;
  /** Folder of prepared tables. Default as of `loadMimic`. */
  readonly to?: string;
  /** Whether each file is read through, which takes as long as decompressing it. Default false. */
  readonly whole?: boolean;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * Says in lines what lies in a folder of MIMIC-IV, what of it is prepared, and what the next run would read. Nothing is
 * written.
 * @throws ArgumentError as `loadMimic` for a folder that it would refuse; AbortError when the signal says so
 */
export async function checkMimic(options: CheckMimicOptions = {}): Promise<string[]> {
  const {from, to = mimicFolder, whole = false} = options, {tables, release} = readManifest(to);
  const names = Object.keys(tables);
  const prepared = names.length === 0 ? [`${to}: nothing is prepared.`] : [
    `${to}: ${names.length} tables of ${release} are prepared:`,
    ...names.map(name => `  ${name.padEnd(20)} ${count(tables[name].rows)} rows, ${bytesText(tables[name].bytes)}`),
  ];
  if (from === undefined) return prepared;
  const layout = await mimicLayout(from), next = new Set(changedFiles(layout, knownOf(to, layout)));
  const found = await releaseIn(layout).catch(() => 'a release that cannot be told, as hosp/patients is damaged');
  const sound = whole ? await soundness(layout, options.signal) : new Map<string, string>();
  return [
    `${from}: ${found}. All files are there that must be, with the columns that are read:`,
    ...layout.files.map(file => `  ${file.name.padEnd(32)} ${bytesText(file.bytes).padStart(8)}  `
      + `${next.has(file) ? 'to be read' : 'up to date'}${sound.get(file.name) ?? ''}`),
    ...layout.absent.map(({name, module, without}) => `  ${module}/${name} is not there: ${without}.`),
    ...(whole ? [] : ['Whether they are whole is seen when they are read, or with --whole.']),
    ...prepared,
  ];
}

/** What reading each file through has shown. */
async function soundness({folder, files}: MimicLayout, signal?: AbortSignal): Promise<Map<string, string>> {
  const published = publishedChecksums(folder), found = new Map<string, string>();
  for (const {name, path} of files) {
    const {fault, sha256} = await readThrough(path, {signal}), sum = published.get(name);
    const said = sum === undefined ? 'sound' : sum === sha256 ? 'as published' : 'not as SHA256SUMS.txt says';
    found.set(name, `, ${fault === undefined ? said : `it ${fault}`}`);
  }
  return found;
}

const count = (rows: number): string => rows.toLocaleString('en-GB').padStart(12);
