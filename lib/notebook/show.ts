import {existsSync, readFileSync} from 'node:fs';
import {extname, isAbsolute, join, relative} from 'node:path';
import type TypeScript from 'typescript';
import {expect} from '../errors';
import {display} from './display';
import {projectRoot} from './root';

/** Which part of a file is shown. */
export interface ShowOptions {
  /** Name of a top-level declaration, or `Class.member`; its doc comment is included. Default: the whole file. */
  readonly symbol?: string;
  /** First and last line, counted from 1. Default: the whole file. */
  readonly lines?: readonly [first: number, last: number];
}

const LANGUAGE: Record<string, string> =
  {'.ts': 'ts', '.json': 'json', '.md': 'markdown', '.cjs': 'js', '.mjs': 'js', '.js': 'js'};

/**
 * Shows the real source of a file of the project, so that no notebook carries a copy of it.
 *
 * @param path path from the project root, e.g. `'lib/models/stateSpace/obsnode/field.ts'`
 * @throws ArgumentError for a file outside the project or missing, an unknown symbol, or lines that the file does not
 * have
 */
export function show(path: string, options: ShowOptions = {}): void {
  const {text, first, last, whole} = excerpt(path, options);
  const place = whole ? `\`${path}\`` : `\`${path}\`, lines ${first}-${last}`;
  const fence = text.includes('```') ? '````' : '```';
  const markdown = `${place}\n\n${fence}${LANGUAGE[extname(path)] ?? ''}\n${text}\n${fence}`;
  void display({
    data: {'text/markdown': markdown, 'text/plain': `${place.replaceAll('`', '')}\n\n${text}`}, metadata: {},
  });
}

/** A part of a source file. */
interface Excerpt {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly whole: boolean;
}

function excerpt(path: string, {symbol, lines}: ShowOptions): Excerpt {
  const source = read(path);
  const all = source.replace(/\s+$/, '').split('\n');
  const [first, last] = symbol ? linesOf(symbol, path, source) : (lines ?? [1, all.length]);
  const fits = Number.isInteger(first) && Number.isInteger(last) && first >= 1 && first <= last && last <= all.length;
  expect(fits, {
    fn: 'show', argument: 'lines', expected: `[first, last] within 1 to ${all.length}`, received: [first, last],
  });
  return {text: dedent(all.slice(first - 1, last)), first, last, whole: first === 1 && last === all.length};
}

function read(path: string): string {
  const root = projectRoot();
  const full = isAbsolute(path) ? path : join(root, path);
  const inside = !relative(root, full).startsWith('..') && existsSync(full);
  expect(inside, {
    fn: 'show', argument: 'path', expected: 'a file of the project, named from its root', received: path,
  });
  return readFileSync(full, 'utf8');
}

function dedent(lines: readonly string[]): string {
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(indent)).join('\n');
}

function linesOf(symbol: string, path: string, source: string): [number, number] {
  const ts = require('typescript') as typeof TypeScript;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found = symbol.split('.')
    .reduce<TypeScript.Node | undefined>((node, name) => node && child(ts, node, name), file);
  const known = [...file.statements].flatMap((s) => names(ts, s)).join(', ');
  expect(found, {fn: 'show', argument: 'symbol', expected: `a declaration of ${path} (${known})`, received: symbol});
  const start = ts.getLeadingCommentRanges(source, found.getFullStart())?.at(-1)?.pos ?? found.getStart();
  return [file.getLineAndCharacterOfPosition(start).line + 1, file.getLineAndCharacterOfPosition(found.end).line + 1];
}

function child(ts: typeof TypeScript, node: TypeScript.Node, name: string): TypeScript.Node | undefined {
  if (ts.isSourceFile(node)) return node.statements.find((statement) => names(ts, statement).includes(name));
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
    if (name === 'constructor') return [...node.members].find(ts.isConstructorDeclaration);
    return [...node.members].find((member) => member.name && ts.isIdentifier(member.name) && member.name.text === name);
  }
  return undefined;
}

function names(ts: typeof TypeScript, node: TypeScript.Statement): string[] {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((d) => d.name.getText());
  const name = (node as TypeScript.Statement & {name?: TypeScript.Node}).name;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}
