import ts from 'typescript';
import {contains, isAmbient, isImport} from './nodes';

/** Whether an identifier stands for a value, rather than being the name of a member, a declaration or a label. */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent as ts.Node & {name?: ts.Node; propertyName?: ts.Node; label?: ts.Node};
  return parent !== undefined && parent.name !== node && parent.propertyName !== node && parent.label !== node;
}

/** Whether a name, as used at `from`, is one that the cell declares at its top level. */
export function isTopLevel(symbol: ts.Symbol, from: ts.Node, file: ts.SourceFile): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    if (isAmbient(declaration)) return false;
    if (ts.isClassDeclaration(declaration) || ts.isEnumDeclaration(declaration)
        || ts.isModuleDeclaration(declaration)) {
      // Inside its own body the name is the local binding: static blocks run before the namespace has it.
      return declaration.parent === file && !contains(declaration, from);
    }
    if (ts.isFunctionDeclaration(declaration)) return declaration.parent === file;
    if (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration)) {
      return isTopLevelVariable(declaration, file);
    }
    return isImport(declaration);
  });
}

function isTopLevelVariable(declaration: ts.Declaration, file: ts.SourceFile): boolean {
  let node: ts.Node = declaration;
  while (!ts.isVariableDeclarationList(node)) {
    if (ts.isParameter(node) || ts.isCatchClause(node) || ts.isSourceFile(node)) return false;
    node = node.parent;
  }
  return isNamespaced(node, file);
}

/**
 * Whether the variables of the list belong to the cell: `let` and `const` at its top level, `var` outside functions.
 */
export function isNamespaced(list: ts.VariableDeclarationList, file: ts.SourceFile): boolean {
  if (list.flags & ts.NodeFlags.Using & ~ts.NodeFlags.Const) return false;
  const inFile = list.parent.parent === file && ts.isVariableStatement(list.parent);
  if (list.flags & ts.NodeFlags.BlockScoped) return inFile && !isAmbient(list.parent);
  return !ts.findAncestor(list, (n) =>
    ts.isFunctionLike(n) || ts.isClassStaticBlockDeclaration(n) || ts.isModuleBlock(n)) && !isAmbient(list.parent);
}
