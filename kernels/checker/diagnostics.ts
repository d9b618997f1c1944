import ts from 'typescript';
import {hintFor} from '../executor/hints';
import {type CellModule, INTERNAL_NAME} from './cellModules';
import type {CellDiagnostic} from './format';

const ASSIGNED_IMPORT = 2632;
const UNTYPED_MODULE = 7016;
const UNKNOWN_NAMES = new Set([2304, 2552, 2503, 2749]);

/** What the checker says of a cell. */
export interface Judgement {
  /** What stops the cell. */
  readonly errors: readonly CellDiagnostic[];
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/** Diagnostics in the coordinates of the cell. A package without types is no error: its values are of any type. */
export function judge(
  diagnostics: readonly ts.Diagnostic[], module: CellModule, wasDisposed: (name: string) => boolean,
): Judgement {
  const untyped = diagnostics.filter(({code}) => code === UNTYPED_MODULE);
  const wrong = diagnostics.filter(({code}) => code !== UNTYPED_MODULE);
  const hinted = wrong.find(({code}) => UNKNOWN_NAMES.has(code) || code < 2000);
  const errors = wrong.map((diagnostic) => inCell(diagnostic, module, wasDisposed, diagnostic === hinted));
  const notes = untyped.map(({messageText}) =>
    `${/'(.+?)'/.exec(ts.flattenDiagnosticMessageText(messageText, ' '))?.[1]} has no types: what it exports is any`);
  return {errors, notes};
}

function inCell(
  diagnostic: ts.Diagnostic, {source, headLength}: CellModule, wasDisposed: (name: string) => boolean,
  isHinted: boolean,
): CellDiagnostic {
  const {code, length = 0} = diagnostic;
  const start = Math.min(Math.max(0, (diagnostic.start ?? 0) - headLength), source.trimEnd().length);
  const [line, column] = position(source, start);
  const [endLine, endColumn] = position(source, start + length);
  const hint = isHinted ? hintFor(source, line) : '';
  return {
    line, column, endLine, endColumn, code,
    message: messageOf(diagnostic, source.slice(start, start + length), wasDisposed) + hint,
  };
}

/** To the checker cells are modules, to the user they are not. */
function messageOf({code, messageText}: ts.Diagnostic, name: string, wasDisposed: (name: string) => boolean): string {
  const flat = ts.flattenDiagnosticMessageText(messageText, '\n').replace(INTERNAL_NAME, '$1');
  const text = flat.replace(/import\("[^"]*__\w+_cell_(-?\d+)"\)(?:\.([\w$.]+))?/g, (
    _, cell: string, type = 'the cell',
  ) =>
    `${type} (${cell === '0' ? 'this cell' : `cell ${cell}`})`,
  );
  if (code === ASSIGNED_IMPORT) return text.replace('an import', 'a constant');
  if (UNKNOWN_NAMES.has(code) && wasDisposed(name)) {
    return `'${name}' was declared with \`using\`: it was disposed of when its cell ended.`;
  }
  return text;
}

function position(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset).split('\n');
  return [before.length, before[before.length - 1].length + 1];
}
