import ts from 'typescript';

/** What people of other notebooks write, and what to write here. */
const HABITS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^\s*%%?\w/, 'Magic commands belong to IPython; here everything is TypeScript. To measure time: console.time() '
    + 'and console.timeEnd().'],
  [
    /^\s*!\s*[\w./]/,
    "Shell commands are run by Node: import {execSync} from 'node:child_process'; execSync('ls', {stdio: 'inherit'})",
  ],
  [/^\s*(pip3?|npm|npx|yarn|apt|apt-get|conda)\s+[\w-]+/, 'This is a command for a terminal, not TypeScript.'],
  [/^\s*(\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$/, 'Documentation of a name is shown by Shift+Tab behind it.'],
  [/^\s*<(!--|!DOCTYPE|\/?[A-Za-z][\w-]*[\s/>])/i, "Markup is not TypeScript. To show it: display({data: "
    + "{'text/html': '<b>x</b>'}}), with display from lib/notebook."],
];

/**
 * What the author of a wrong line may have meant, as a line to be added to the message; empty when nothing is known.
 * @param line counted from 1
 */
export function hintFor(source: string, line: number): string {
  const lines = source.trimEnd().split('\n');
  const text = lines[Math.min(line, lines.length) - 1];
  const habit = HABITS.find(([pattern]) => pattern.test(text))?.[1]
    ?? (isObject(source) ? 'An object at the start of a cell stands in parentheses: ({a: 1, b: 2})' : '');
  return habit && `\n${habit}`;
}

function isObject(source: string): boolean {
  const text = source.trim().replace(/;$/, '');
  return text.startsWith('{')
    && (ts.transpileModule(`(${text}\n)`, {reportDiagnostics: true}).diagnostics ?? []).length === 0;
}
