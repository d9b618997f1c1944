import {type CellDiagnostic, formatDiagnostic} from '../checker/format';
import type {Judgement} from '../checker/diagnostics';
import type {CellLanguage} from '../checker/languageService';
import {CellSyntaxError, type CompiledCell} from '../executor/cell';
import {compileCell} from '../executor/compile';
import {type Failure, syntaxFailure} from '../executor/failure';
import {isComplete} from './completeness';
import {collectWhenIdle} from './idleMemory';
import type {CellToPrepare, LanguageAnswer, LanguageRequest, Prepared} from './languageMessages';

type Operation = (request: never, id: number) => unknown;

/** Most type errors of one cell that are shown: the first few usually cause the rest. */
const SHOWN = 5;

/** Answers the kernel's questions about code, in a process of its own, so that the sockets answer while it thinks. */
export function serveLanguage(language: CellLanguage): void {
  const post = (answer: LanguageAnswer): void => void process.send?.(answer);
  const operations: Readonly<Record<LanguageRequest['operation'], Operation>> = {
    prepare: (cell: CellToPrepare, id: number) =>
      prepare(language, cell, (specifiers) => post({type: 'imports', id, specifiers})),
    complete: ({code, offset}: {code: string; offset: number}) => language.complete(code, offset),
    inspect: ({code, offset}: {code: string; offset: number}) => language.inspect(code, offset),
    isComplete: ({code}: {code: string}) => isComplete(code),
    forget: () => language.forget(),
    follow: ({sources}: {sources: readonly string[]}) => language.follow(sources),
    errors: ({code}: {code: string}) => language.errors(code),
  };
  const rested = collectWhenIdle();
  process.on('message', ({id, operation, request}: LanguageRequest) => {
    try {
      post({type: 'value', id, value: operations[operation](request as never, id)});
    } catch (error) {
      post({type: 'error', id, error: String((error as Error)?.stack)});
    }
    rested();
  });
  process.on('disconnect', () => process.exit(0));
  // Signals are for the kernel.
  process.on('SIGINT', () => undefined);
}

function prepare(
  language: CellLanguage, {count, name, code, known, expressions}: CellToPrepare,
  foresee: (specifiers: string[]) => void,
): Prepared {
  const cell = compiled(code, `${name}.ts`, known);
  if (isFailure(cell)) return {failure: cell};
  if (cell.imports.length > 0) foresee(cell.imports.map(({specifier}) => specifier));
  const {errors, notes} = checked(language, count, code);
  if (errors.length > 0) return {failure: typeFailure(errors, code)};
  const names = [...known, ...cell.declared];
  const texts = Object.entries(expressions).map(([key, text]) =>
    [key, compiled(`(${text}\n)`, 'expression.ts', names)]);
  return {
    cell, expressions: Object.fromEntries(texts) as Record<string, CompiledCell | Failure>,
    ...(notes.length > 0 ? {note: `${notes.join('\n')}\n`} : {}),
  };
}

function compiled(code: string, fileName: string, known: readonly string[]): CompiledCell | Failure {
  try {
    return compileCell(code, fileName, new Set(known));
  } catch (error) {
    if (error instanceof CellSyntaxError) return syntaxFailure(error, fileName);
    const {name, message} = error as Error;
    return {ename: name, evalue: message, traceback: [`${name}: ${message}`]};
  }
}

function isFailure(value: CompiledCell | Failure): value is Failure {
  return 'ename' in value;
}

/** A fault of the checker is no fault of the cell. */
function checked(language: CellLanguage, count: number, code: string): Judgement {
  try {
    return language.check(count, code);
  } catch (error) {
    return {errors: [], notes: [`types were not checked: ${(error as Error).message}`]};
  }
}

function typeFailure(found: readonly CellDiagnostic[], code: string): Failure {
  const [{line, column, message}] = found;
  const shown = found.slice(0, SHOWN).flatMap((diagnostic) => [...formatDiagnostic(diagnostic, code).split('\n'), '']);
  const more = found.length > SHOWN ? [`... and ${found.length - SHOWN} more`] : shown.splice(-1, 1) && [];
  return {ename: 'TypeScriptError', evalue: `${line}:${column} ${message}`, traceback: [...shown, ...more], line};
}
