import type {SqlType} from '../../views';

/** What an error of the engine says about a file, without a word of what the file holds. */
export interface EngineFault {
  readonly kind: 'cell' | 'row' | 'disk' | 'memory' | 'other';
  /** What was wrong, for the end of "..., received ...". */
  readonly received: string;
  readonly line?: number;
  readonly column?: string;
}

const WANTED: Readonly<Record<SqlType, string>> = {
  BIGINT: 'a whole number', DOUBLE: 'a number', TIMESTAMP: 'a date with a time', BOOLEAN: 'yes or no', VARCHAR: 'text',
};

/** Kinds of errors that the engine has. */
const KINDS = [
  'Binder', 'Catalog', 'Constraint', 'Conversion', 'FATAL', 'INTERNAL', 'INTERRUPT', 'IO', 'Invalid Input',
  'Not implemented', 'Out of Range', 'Parser', 'Serialization',
];

/**
 * Reads an error of the engine. Its message may quote whole rows of the file: of it only the kind, the number of the
 * line and the name of a column that is known are taken over.
 * @param columns of the file, with the types as which they are read
 */
export function engineFault(error: unknown, columns: Readonly<Record<string, SqlType>>): EngineFault {
  const message = error instanceof Error ? error.message : '';
  const line = Number(/CSV Error on Line: (\d+)/.exec(message)?.[1] ?? NaN);
  const column = Object.keys(columns).find(name => message.includes(`converting column "${name}"`));
  const where = {...(line > 0 ? {line} : {}), ...(column ? {column} : {})};
  if (/No space left|not enough disk space|max_temp_directory_size|ENOSPC/i.test(message)) {
    return {kind: 'disk', received: 'a disk that is full'};
  }
  if (/^Out of Memory|failed to allocate|could not allocate/i.test(message)) {
    return {kind: 'memory', received: 'too little memory'};
  }
  if (column) {
    return {...where, kind: 'cell', received: `text that is not ${WANTED[columns[column]]} (not shown here)`};
  }
  if (line > 0) return {...where, kind: 'row', received: rowFault(message)};
  const name = KINDS.find(known => message.startsWith(`${known} Error`)) ?? 'unknown';
  return {kind: 'other', received: `an error of the engine (${name})`};
}

function rowFault(message: string): string {
  const cells = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (cells) return `a row of ${cells[2]} cells where the header has ${cells[1]}`;
  if (/unterminated quote/i.test(message)) return 'a quoted cell that never ends';
  if (/Maximum line size/i.test(message)) return 'a row that is too long';
  return 'a row that cannot be read';
}
