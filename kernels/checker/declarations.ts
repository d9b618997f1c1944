import ts from 'typescript';

/** How a later cell can reach a name: as an import, or, where it may be assigned, as a declared variable. */
export type DeclarationKind = 'import' | 'variable';

/** Top-level names of a cell. */
export interface CellDeclarations {
  readonly names: ReadonlyMap<string, DeclarationKind>;
  /** Names that carry an `export` modifier already. */
  readonly exported: ReadonlySet<string>;
  /** Every identifier in the cell, to know which earlier names it may use. */
  readonly mentioned: ReadonlySet<string>;
}

/** Finds the names that a cell declares at its top level, without types. */
export function declarationsOf(source: string): CellDeclarations {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const names = new Map<string, DeclarationKind>();
  const exported = new Set<string>();
  for (const statement of file.statements) {
    const found = namesOf(statement);
    for (const [name, kind] of found) names.set(name, kind);
    if (hasExport(statement)) for (const [name] of found) exported.add(name);
  }
  collectVars(file, names);
  return {names, exported, mentioned: identifiersOf(file)};
}

type Named = [name: string, kind: DeclarationKind];

function namesOf(node: ts.Statement): Named[] {
  if (ts.isVariableStatement(node)) {
    const kind = node.declarationList.flags & ts.NodeFlags.Const ? 'import' : 'variable';
    return node.declarationList.declarations.flatMap((d) => bindingNames(d.name)).map((name) => [name, kind]);
  }
  if (ts.isImportDeclaration(node)) return importNames(node.importClause).map((name) => [name, 'import']);
  const isNamed = ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  if (isNamed || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node) || ts.isImportEqualsDeclaration(node)) {
    return node.name && ts.isIdentifier(node.name) && node.name.text !== 'global' ? [[node.name.text, 'import']] : [];
  }
  return [];
}

function importNames(clause: ts.ImportClause | undefined): string[] {
  const named = clause?.namedBindings;
  const inside = named ? (ts.isNamespaceImport(named) ? [named.name.text] : named.elements.map((e) => e.name.text)) : [];
  return clause?.name ? [clause.name.text, ...inside] : inside;
}

function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bindingNames(element.name)));
}

/** `var` in a block or loop belongs to the cell as well. */
function collectVars(node: ts.Node, names: Map<string, DeclarationKind>): void {
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child) || ts.isModuleDeclaration(child)) return;
    if (ts.isVariableDeclarationList(child) && !(child.flags & ts.NodeFlags.BlockScoped)) {
      for (const name of child.declarations.flatMap((d) => bindingNames(d.name))) names.set(name, 'variable');
    }
    collectVars(child, names);
  });
}

function hasExport(node: ts.Statement): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
}

function identifiersOf(file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
