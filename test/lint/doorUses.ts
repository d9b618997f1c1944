import ts from 'typescript';

/** Paths from which a reader's code imports the library's door. */
const DOOR = /(^|\/)lib(\/index)?$/;

/** Paths from which a study imports the folders behind the door. */
const FOLDER = /^(\.\.\/)+(?!studies)[a-z]+(\/|$)/;

/**
 * The names that code takes from the door: those that it imports, members of the whole door (`lib.rng`), and names in
 * quotes beside that (`lib[name]`).
 * @param path which imports count; default: those of the door
 */
export function namesTaken(code: string, path: RegExp = DOOR): Set<string> {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const taken = new Set<string>(), wholes = new Set<string>();
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !path.test((statement.moduleSpecifier as ts.StringLiteral).text)) continue;
    if (ts.isNamespaceImport(bindings)) wholes.add(bindings.name.text);
    else bindings.elements.forEach(({propertyName, name}) => taken.add((propertyName ?? name).text));
  }
  const isWhole = (node: ts.Node) => ts.isIdentifier(node) && wholes.has(node.text);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node) && isWhole(node.expression)) taken.add(node.name.text);
    if (ts.isQualifiedName(node) && isWhole(node.left)) taken.add(node.right.text);
    if (ts.isStringLiteral(node) && wholes.size > 0) taken.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return taken;
}

/** The names that a study takes from the folders behind the door. */
export const namesOfStudy = (code: string): Set<string> => namesTaken(code, FOLDER);

/** Identifiers in a declaration, but for the bodies of its functions: what a reader of its page meets. */
export function namesShown(declaration: ts.Node): Set<string> {
  const shown = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    if (ts.isIdentifier(node)) shown.add(node.text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(declaration, visit);
  return shown;
}
