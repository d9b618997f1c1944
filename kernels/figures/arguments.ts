import {resolve} from 'node:path';
import cac from 'cac';
import {PRINT_FORMATS} from '../../lib/notebook/printFiles';
import {overridesFrom, UsageError} from '../runner/arguments';

/** What the command line asks for. */
export interface FigureArguments {
  /** Figures and tables by name; none with `list`. */
  readonly names: readonly string[];
  readonly list: boolean;
  /** [mm]; undefined for that of a column, for tables that of a page. */
  readonly width?: number;
  /** [pt] */
  readonly font: number;
  /** Extensions; undefined for the usual ones. */
  readonly formats?: readonly string[];
  readonly dpi: number;
  readonly grey: boolean;
  readonly title?: string;
  /** Where names of lines stand; undefined where there is room. */
  readonly labels?: 'legend' | 'ends';
  /** Folder. */
  readonly to: string;
  /** The profile in which cells are run anew; undefined to take what the notebooks hold. */
  readonly retrain?: 'quick' | 'full';
  readonly overrides: Readonly<Record<string, string>>;
  /** Most seconds for a cell. */
  readonly timeout: number;
}

type Options = Readonly<Record<string, unknown>>;

/**
 * Reads the arguments of `npm run figure --`.
 * @param root project root, where `out/` is
 * @returns nothing when help was printed
 * @throws UsageError
 */
export function readFigureArguments(argv: readonly string[], root: string): FigureArguments | undefined {
  const program = cac('npm run figure --');
  let request: FigureArguments | undefined;
  program.command('[...names]', 'Write figures and tables of the notebooks for print, by name')
    .option('--list', 'Say which figures and tables there are')
    .option('--width <length>', 'Width of a figure, in mm, cm, in or pt (default: 85mm); a table in LaTeX is no '
      + 'wider (default: 174mm)')
    .option('--font <size>', 'Size of every text of a figure, and of a table in LaTeX', {default: '8pt'})
    .option('--format <list>', `Of a figure ${PRINT_FORMATS.figure.join(', ')}; `
      + `of a table ${PRINT_FORMATS.table.join(', ')} (default: all of them)`)
    .option('--dpi <n>', 'Pixels to an inch of a PNG', {default: 300})
    .option('--grey', 'In shades of grey')
    .option('--title <text>', 'Another title, or none')
    .option('--labels <where>', 'Names of lines: ends or legend (default: at their ends where there is room)')
    .option('--to <folder>', 'Where the files go', {default: 'out/print'})
    .option('--retrain', 'Run the cells that the figure needs, instead of taking the results in the notebook')
    .option('--profile <name>', 'With --retrain: quick or full', {default: process.env.OBSNODE_PROFILE || 'quick'})
    .option('--set <key=value>', 'With --retrain: another value of a parameter; may be repeated')
    .option('--timeout <seconds>', 'With --retrain: longest time for one cell', {default: 14400})
    .example('npm run figure -- figure-2 --width 85mm --font 8pt --format pdf --title none')
    .example('npm run figure -- table-1 --format tex')
    .action((names: string[], options: Options) => {
      request = toRequest(names, options, root);
    });
  program.help();
  try {
    program.parse(['node', 'figure', ...argv]);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return request;
}

function toRequest(names: readonly string[], options: Options, root: string): FigureArguments {
  const list = Boolean(options.list), retrain = Boolean(options.retrain), profile = once('--profile', options.profile);
  if (names.length === 0 && !list) throw new UsageError('name a figure or a table; --list says which there are');
  if (profile !== 'quick' && profile !== 'full') {
    throw new UsageError(`--profile must be quick or full; received ${profile}`);
  }
  if (options.set !== undefined && !retrain) {
    throw new UsageError('--set needs --retrain: shipped results have their values');
  }
  const labels = options.labels === undefined ? undefined : once('--labels', options.labels);
  if (labels !== undefined && labels !== 'ends' && labels !== 'legend') {
    throw new UsageError(`--labels must be ends or legend; received ${labels}`);
  }
  const title = options.title === undefined ? undefined : once('--title', options.title);
  return {
    names: names.map(String), list, grey: Boolean(options.grey), title, labels,
    width: options.width === undefined
      ? undefined
      : length('--width', options.width, {mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72}, '85mm'),
    font: length('--font', options.font, {pt: 1, mm: 72 / 25.4}, '8pt'),
    formats: options.format === undefined ? undefined : formatsFrom(once('--format', options.format)),
    dpi: positive('--dpi', options.dpi), to: resolve(root, once('--to', options.to)),
    retrain: retrain ? profile : undefined, overrides: overridesFrom(options.set),
    timeout: positive('--timeout', options.timeout),
  };
}

function once(name: string, value: unknown): string {
  if (Array.isArray(value)) throw new UsageError(`${name} can be given once; received ${value.join(', ')}`);
  if (String(value).trim() === '') throw new UsageError(`${name} is empty`);
  return String(value);
}

function positive(name: string, value: unknown): number {
  const number = Number(once(name, value));
  if (!(number > 0)) throw new UsageError(`${name} must be a positive number; received ${String(value)}`);
  return number;
}

/** A length in the unit whose factor is 1. */
function length(name: string, value: unknown, units: Readonly<Record<string, number>>, example: string): number {
  const text = once(name, value), [, digits, unit] = /^([\d.]+)\s*([a-z]+)$/.exec(text) ?? [];
  const number = Number(digits) * (Object.hasOwn(units, unit ?? '') ? units[unit] : NaN);
  if (number > 0) return number;
  const known = Object.keys(units).join(', ');
  throw new UsageError(`${name} must be a length in ${known}, such as ${example}; received ${text}`);
}

function formatsFrom(text: string): readonly string[] {
  const formats = text.split(',').map(one => one.trim());
  const unknown = formats.find(one => ![...PRINT_FORMATS.figure, ...PRINT_FORMATS.table].some(known => known === one));
  if (unknown === undefined) return [...new Set(formats)];
  throw new UsageError(`--format: there is no format ${unknown}; figures have ${PRINT_FORMATS.figure.join(', ')}, `
    + `tables have ${PRINT_FORMATS.table.join(', ')}`);
}
