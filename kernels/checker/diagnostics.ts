import ts from 'typescript';
import type {CellModule} from './cellModules';

/** A type or syntax error at its place in the cell; lines and columns are counted from 1. */
export interface CellDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Number of the message, e.g. 2322. */
  readonly code: number;
  readonly message: string;
}

const ASSIGNED_IMPORT = 2632;

/** The diagnostic in the coordinates of the cell. */
export function inCell(diagnostic: ts.Diagnostic, module: CellModule): CellDiagnostic {
  const start = Math.max(0, (diagnostic.start ?? 0) - module.headLength);
  const source = module.text.slice(module.headLength);
  const [line, column] = position(source, start);
  const [endLine, endColumn] = position(source, start + (diagnostic.length ?? 0));
  return {line, column, endLine, endColumn, code: diagnostic.code, message: messageOf(diagnostic)};
}

function messageOf({code, messageText}: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  // To the checker constants of earlier cells are imports; to the user they are constants.
  return code === ASSIGNED_IMPORT ? text.replace('an import', 'a constant') : text;
}

function position(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset).split('\n');
  return [before.length, before[before.length - 1].length + 1];
}

/** The diagnostic with the line it speaks of and a mark under the place. */
export function formatDiagnostic({line, column, endLine, endColumn, code, message}: CellDiagnostic, source: string): string {
  const text = source.split('\n')[line - 1] ?? '';
  const width = endLine === line ? Math.max(1, endColumn - column) : Math.max(1, text.length - column + 1);
  return `${line}:${column} - error TS${code}: ${message}\n\n${text}\n${' '.repeat(column - 1)}${'~'.repeat(width)}`;
}
