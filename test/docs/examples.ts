import {pathToFileURL} from 'node:url';
import {format} from 'node:util';
import ts from 'typescript';

/** An example of a doc comment: code that a reader can save beside the README and run. */
export interface Example {
  /** `file:line` of the comment. */
  readonly place: string;
  /** What it is an example of. */
  readonly of: string;
  readonly code: string;
}

/** The examples in a source file: fenced blocks after `@example`. @param path as it is to be shown */
export function examplesIn(path: string, text: string): Example[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), found: Example[] = [];
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
      const line = file.getLineAndCharacterOfPosition(comment.getStart()).line + 1;
      const plain = comment.getText().replace(/^[ \t]*\*(?!\/)[ ]?/gm, '');
      for (const [, code] of plain.matchAll(/@example\s*```ts\n([^]*?)```/g)) {
        found.push({place: `${path}:${line}`, of: nameOf(node), code});
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0].name.getText();
  return (node as ts.Node & {name?: ts.Node}).name?.getText() ?? '';
}

/** The example as a module whose `run` runs it. @param lib what takes the place of `./lib` */
export function moduleOf({code}: Pick<Example, 'code'>, lib: string): string {
  const {statements} = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  const end = statements.findLast(ts.isImportDeclaration)?.end ?? 0;
  const imports = code.slice(0, end).replaceAll("'./lib", `'${lib}`);
  return `${imports}\nexport async function run(): Promise<void> {${code.slice(end)}}\n`;
}

/** What an example says that it prints: the comments behind its calls, and those on the lines below them. */
export function promised(code: string): string[] {
  return [...code.matchAll(/\);\s*\/\/ (.*(?:\n\/\/ .*)*)$/gm)].map(([, text]) => plain(text.replaceAll('\n// ', ' ')));
}

/** What a module of {@link moduleOf} prints, a text for each call of `console.log`. */
export async function printed(path: string): Promise<string[]> {
  const {run} = await import(pathToFileURL(path).href) as {run: () => Promise<void>};
  const {log} = console, lines: string[] = [];
  console.log = (...values: unknown[]) => lines.push(plain(format(...values)));
  try {
    await run();
  } finally {
    console.log = log;
  }
  return lines;
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
