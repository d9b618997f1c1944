import ts from 'typescript';
import {NAMESPACE} from './namespace';

const f = ts.factory;

/** `$cell.name`. */
export function member(name: string): ts.PropertyAccessExpression {
  return f.createPropertyAccessExpression(f.createIdentifier(NAMESPACE), name);
}

/** Gives an anonymous function the name it would have had as a variable: assignment to a property does not. */
export function withName(name: string, value: ts.Expression): ts.Expression {
  const holder = f.createObjectLiteralExpression([f.createPropertyAssignment(name, value)]);
  return f.createPropertyAccessExpression(f.createParenthesizedExpression(holder), name);
}

/** Whether a function or class takes its name from the variable. */
export function isAnonymous(node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && !node.name);
}

/** `a, b, c`. */
export function sequence(expressions: ts.Expression[]): ts.Expression {
  return expressions.reduce((left, right) => f.createComma(left, right));
}

/** Lets a new node speak of the place of an old one. */
export function at<T extends ts.Node>(node: T, original: ts.Node): T {
  return ts.setTextRange(node, original);
}

/** Whether a node lies within another. */
export function contains(outer: ts.Node, inner: ts.Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end;
}

/** Whether a declaration is (part of) an import. */
export function isImport(node: ts.Node): boolean {
  return ts.isImportClause(node) || ts.isImportSpecifier(node) || ts.isNamespaceImport(node)
    || ts.isImportEqualsDeclaration(node);
}

/** Whether a declaration, or one around it, says `declare`. */
export function isAmbient(node: ts.Node): boolean {
  return ts.findAncestor(node, (n) => ts.canHaveModifiers(n)
    && (ts.getModifiers(n) ?? []).some((m) => m.kind === ts.SyntaxKind.DeclareKeyword)) !== undefined;
}

/** The declaration without `export` and `default`. */
export function stripExport<T extends ts.Node>(node: T): T {
  const modifiers = (node as ts.Node as {modifiers?: ts.NodeArray<ts.ModifierLike>}).modifiers;
  if (!modifiers) return node;
  const kept = modifiers.filter((m) =>
    m.kind !== ts.SyntaxKind.ExportKeyword && m.kind !== ts.SyntaxKind.DefaultKeyword);
  return withModifiers(node, kept) as T;
}

function withModifiers(node: ts.Node, modifiers: ts.ModifierLike[]): ts.Node {
  if (ts.isFunctionDeclaration(node)) {
    return f.updateFunctionDeclaration(
      node, modifiers, node.asteriskToken, node.name, node.typeParameters, node.parameters, node.type, node.body,
    );
  }
  if (ts.isClassDeclaration(node)) return f.updateClassDeclaration(
    node, modifiers, node.name, node.typeParameters, node.heritageClauses, node.members,
  );
  if (ts.isEnumDeclaration(node)) {
    return f.updateEnumDeclaration(node, modifiers as ts.Modifier[], node.name, node.members);
  }
  if (ts.isModuleDeclaration(node)) return f.updateModuleDeclaration(node, modifiers, node.name, node.body);
  return node;
}
