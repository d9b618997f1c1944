import ts from 'typescript';
import {bindingNames, mentionsOf, type Scopes} from './mentions';

/**
 * How a later cell can reach a name: as an import; where it may be assigned, as a declared variable; a variable whose
 * type TypeScript takes from later assignments (`let m;`, `const rows = [];`) as `any` or `any[]`; one of `using`,
 * which is disposed of with its cell, not at all.
 */
export type DeclarationKind = 'import' | 'variable' | 'any' | 'any[]' | 'disposed';

/**
 * What a name stands for: interfaces and type aliases for a type, variables and functions for a value, all else for
 * both.
 */
export type Meaning = 'type' | 'value' | 'both';

/** A name that a cell declares at its top level. */
export interface Declaration {
  readonly kind: DeclarationKind;
  readonly meaning: Meaning;
  /** Whether it cannot be assigned. */
  readonly isConstant: boolean;
}

/** Top-level names of a cell. */
export interface CellDeclarations {
  readonly names: ReadonlyMap<string, Declaration>;
  /** Names that carry an `export` modifier already. */
  readonly exported: ReadonlySet<string>;
  /** Names that it uses, its own among them, to know which earlier ones it may need. */
  readonly mentioned: ReadonlySet<string>;
}

const SCOPES: Scopes = {
  namesIn: (statement) => namesOf(statement).map(([name]) => name),
  varsIn: (body) => {
    const names = new Map<string, Declaration>();
    collectVars(body, names);
    return [...names.keys()];
  },
};

/** Finds the names that a cell declares at its top level, without types. */
export function declarationsOf(source: string): CellDeclarations {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const names = new Map<string, Declaration>();
  const exported = new Set<string>();
  for (const statement of file.statements) {
    const found = namesOf(statement);
    for (const [name, declaration] of found) names.set(name, merged(names.get(name), declaration));
    if (hasExport(statement)) for (const [name] of found) exported.add(name);
  }
  collectVars(file, names);
  return {names, exported, mentioned: mentionsOf(file, SCOPES)};
}

/** A type and a value of one name in one cell. */
function merged(before: Declaration | undefined, next: Declaration): Declaration {
  if (!before || before.meaning === next.meaning) return next;
  return {...(before.meaning === 'type' ? next : before), meaning: 'both'};
}

type Named = [name: string, declaration: Declaration];

function namesOf(node: ts.Statement): Named[] {
  if (ts.isVariableStatement(node)) return variablesOf(node.declarationList);
  if (ts.isImportDeclaration(node)) return importNames(node.importClause).map((name) => [name, fixed('both')]);
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return [[node.name.text, fixed('type')]];
  if (ts.isFunctionDeclaration(node)) return node.name ? [[node.name.text, fixed('value')]] : [];
  if (ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)
      || ts.isImportEqualsDeclaration(node)) {
    return node.name && ts.isIdentifier(node.name) && node.name.text !== 'global'
      ? [[node.name.text, fixed('both')]]
      : [];
  }
  return [];
}

function fixed(meaning: Meaning): Declaration {
  return {kind: 'import', meaning, isConstant: true};
}

function variablesOf(list: ts.VariableDeclarationList): Named[] {
  const scope = list.flags & ts.NodeFlags.BlockScoped;
  const isUsing = scope === ts.NodeFlags.Using || scope === ts.NodeFlags.AwaitUsing;
  const isConstant = isUsing || (list.flags & ts.NodeFlags.Const) !== 0;
  return list.declarations.flatMap((node) => {
    const kind = isUsing ? 'disposed' : (evolving(node, isConstant) ?? (isConstant ? 'import' : 'variable'));
    return bindingNames(node.name).map((name): Named => [name, {kind, meaning: 'value', isConstant}]);
  });
}

/** The kind of a variable without a type of its own, as the checker's "control flow typed" variables. */
function evolving(node: ts.VariableDeclaration, isConstant: boolean): 'any' | 'any[]' | undefined {
  const {initializer: value, parent} = node;
  if (node.type || node.exclamationToken || !ts.isIdentifier(node.name) || ts.isForInStatement(parent.parent)
      || ts.isForOfStatement(parent.parent)) return undefined;
  if (value && ts.isArrayLiteralExpression(value) && value.elements.length === 0) return 'any[]';
  const isNothing = !value || value.kind === ts.SyntaxKind.NullKeyword
    || (ts.isIdentifier(value) && value.text === 'undefined');
  return isNothing && !isConstant ? 'any' : undefined;
}

function importNames(clause: ts.ImportClause | undefined): string[] {
  const named = clause?.namedBindings;
  const inside =
    named ? (ts.isNamespaceImport(named) ? [named.name.text] : named.elements.map((e) => e.name.text)) : [];
  return clause?.name ? [clause.name.text, ...inside] : inside;
}

/** `var` in a block or loop belongs to the cell as well. */
function collectVars(node: ts.Node, names: Map<string, Declaration>): void {
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child) || ts.isModuleDeclaration(child)) return;
    if (ts.isVariableDeclarationList(child) && !(child.flags & ts.NodeFlags.BlockScoped)) {
      for (const [name, declaration] of variablesOf(child)) if (!names.has(name)) names.set(name, declaration);
    }
    collectVars(child, names);
  });
}

function hasExport(node: ts.Statement): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
}
