import ts from 'typescript';

/** Whether a console should send the code or wait for another line. */
export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** Blanks to begin the next line with. */
  readonly indent?: string;
}

/** Messages that mean the text ended too early, wherever the parser noticed. */
const UNTERMINATED = new Set([1010, 1126, 1160, 1161]);

/** Judges code by its syntax errors: one at the very end asks for more, any other is an error. */
export function isComplete(code: string): Completeness {
  const {diagnostics = []} = ts.transpileModule(code, {reportDiagnostics: true, compilerOptions: {module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023}});
  if (diagnostics.length === 0) return {status: 'complete'};
  const end = code.trimEnd().length;
  const wantsMore = diagnostics.some(({code: number, start = 0}) => UNTERMINATED.has(number) || start >= end);
  return wantsMore ? {status: 'incomplete', indent: indentOf(code)} : {status: 'invalid'};
}

function indentOf(code: string): string {
  const open = (code.match(/[{([]/g) ?? []).length - (code.match(/[})\]]/g) ?? []).length;
  return '  '.repeat(Math.max(0, open));
}
