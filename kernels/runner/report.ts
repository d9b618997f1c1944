import {basename} from 'node:path';
import type {CheckedCell} from '../checker/checkNotebooks';
import {formatDiagnostic} from '../checker/format';
import type {CellFailure} from './runNotebook';

/** The first failing cell of a notebook: file, cell, source and error. */
export function failureReport(path: string, {cell, count, source, failure}: CellFailure): string {
  const numbered = source.split('\n').map((text, index) =>
    `${index + 1 === failure.line ? '>' : ' '} ${String(index + 1).padStart(3)} | ${text}`);
  return [`${basename(path)}, cell ${cell} [${count}]: ${failure.ename}`, ...numbered, '', ...failure.traceback]
    .join('\n');
}

/** Most type errors of one cell that are shown: the first few usually cause the rest. */
const SHOWN = 5;

/** The type errors of a cell. */
export function checkReport({path, cell, source, diagnostics}: CheckedCell): string {
  const shown = diagnostics.slice(0, SHOWN).map((diagnostic) => formatDiagnostic(diagnostic, source));
  const more = diagnostics.length > SHOWN ? [`... and ${diagnostics.length - SHOWN} more in this cell`] : [];
  return [`${basename(path)}, cell ${cell}: ${diagnostics.length === 1
    ? 'a type error'
    : `${diagnostics.length} type errors`}`, ...shown, ...more].join('\n');
}
