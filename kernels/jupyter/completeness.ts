import ts from 'typescript';

/** Whether a console should send the code or wait for another line. */
export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** Blanks to begin the next line with. */
  readonly indent?: string;
}

/**
 * Messages that mean the text ended too early, wherever the parser noticed: an open comment, template or expression.
 */
const UNTERMINATED = new Set([1010, 1126, 1160]);

/** Strings and regular expressions end with their line: no further one closes them. */
const BROKEN_LINE = new Set([1002, 1161]);

/** Judges code by its syntax errors: one at the very end asks for more, any other is an error. */
export function isComplete(code: string): Completeness {
  const {diagnostics = []} = ts.transpileModule(code, {
    reportDiagnostics: true, compilerOptions: {module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023},
  });
  if (diagnostics.length === 0) return {status: 'complete'};
  // A backslash at the end of the line carries a string on.
  if (diagnostics.some(({code: number}) => BROKEN_LINE.has(number)) && !/\\\n?$/.test(code)) return {status: 'invalid'};
  const end = code.trimEnd().length;
  const wantsMore = diagnostics.some(({code: number, start = 0}) =>
    UNTERMINATED.has(number) || start >= end || number === 1002);
  return wantsMore ? {status: 'incomplete', indent: indentOf(code)} : {status: 'invalid'};
}

const OPENING = new Set([ts.SyntaxKind.OpenBraceToken, ts.SyntaxKind.OpenParenToken, ts.SyntaxKind.OpenBracketToken]);
const CLOSING =
  new Set([ts.SyntaxKind.CloseBraceToken, ts.SyntaxKind.CloseParenToken, ts.SyntaxKind.CloseBracketToken]);

/** Two blanks for each bracket that is open; those of strings and comments are none. */
function indentOf(code: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, code);
  let open = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (OPENING.has(token)) open++;
    else if (CLOSING.has(token)) open--;
  }
  return '  '.repeat(Math.max(0, open));
}
