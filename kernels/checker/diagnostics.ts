import ts from 'typescript';
import type {CellModule} from './cellModules';
import type {CellDiagnostic} from './format';

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
