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

/** The diagnostic with the line it speaks of and a mark under the place. */
export function formatDiagnostic(
  {line, column, endLine, endColumn, code, message}: CellDiagnostic, source: string,
): string {
  const text = source.split('\n')[line - 1] ?? '';
  const width = endLine === line ? Math.max(1, endColumn - column) : Math.max(1, text.length - column + 1);
  return `${line}:${column} - error TS${code}: ${message}\n\n${text}\n${' '.repeat(column - 1)}${'~'.repeat(width)}`;
}
