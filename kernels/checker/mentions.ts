import ts from 'typescript';

/** Names that a statement declares, and those of `var` in a function, as the finder of declarations knows them. */
export interface Scopes {
  readonly namesIn: (statement: ts.Statement) => readonly string[];
  readonly varsIn: (body: ts.Node) => readonly string[];
}

/**
 * The names that a cell uses: identifiers that stand for a variable or a type, but for those of parameters and of
 * declarations in its functions and blocks. Names of members (`a.name`, `{name: 1}`) are nobody's variables.
 */
export function mentionsOf(file: ts.SourceFile, scopes: Scopes): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node, bound: ReadonlySet<string>): void => {
    if (ts.isIdentifier(node) && !isOnlyName(node) && !bound.has(node.text)) found.add(node.text);
    const own = ts.isSourceFile(node) ? [] : declaredBy(node, scopes);
    const inside = own.length > 0 ? new Set([...bound, ...own]) : bound;
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, new Set());
  return found;
}

/** What is known inside a node and not outside. */
function declaredBy(node: ts.Node, {namesIn, varsIn}: Scopes): string[] {
  if (ts.isFunctionLike(node)) {
    const body = 'body' in node ? node.body as ts.Node | undefined : undefined;
    const self = ts.isFunctionExpression(node) && node.name ? [node.name.text] : [];
    return [
      ...self, ...typeParameters(node.typeParameters), ...node.parameters.flatMap(({name}) => bindingNames(name)),
      ...(body ? varsIn(body) : []),
    ];
  }
  if (ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node)) {
    return node.statements.flatMap((statement) => namesIn(statement));
  }
  if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) return loopNames(node);
  if (ts.isCatchClause(node)) return node.variableDeclaration ? bindingNames(node.variableDeclaration.name) : [];
  if (ts.isMappedTypeNode(node)) return [node.typeParameter.name.text];
  const isNamed = ts.isClassLike(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return isNamed ? typeParameters(node.typeParameters) : [];
}

function loopNames({initializer}: ts.ForStatement | ts.ForInOrOfStatement): string[] {
  const isBlock = initializer && ts.isVariableDeclarationList(initializer)
    && (initializer.flags & ts.NodeFlags.BlockScoped) !== 0;
  return isBlock ? initializer.declarations.flatMap(({name}) => bindingNames(name)) : [];
}

function typeParameters(list: ts.NodeArray<ts.TypeParameterDeclaration> | undefined): string[] {
  return (list ?? []).map(({name}) => name.text);
}

/** The names of a pattern. */
export function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bindingNames(element.name)));
}

/** Whether an identifier declares something or names a member: it stands for nothing that is known already. */
function isOnlyName(node: ts.Identifier): boolean {
  const {parent} = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node || parent.name === node;
  const isNamed = ts.isInterfaceDeclaration(parent) || ts.isTypeAliasDeclaration(parent)
    || ts.isVariableDeclaration(parent) || ts.isFunctionDeclaration(parent) || ts.isFunctionExpression(parent)
    || ts.isParameter(parent) || ts.isTypeParameterDeclaration(parent) || ts.isPropertyAssignment(parent)
    || ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isEnumMember(parent)
    || ts.isNamedTupleMember(parent) || ts.isMetaProperty(parent);
  return isNamed ? parent.name === node : isLabel(parent, node);
}

function isLabel(parent: ts.Node, node: ts.Identifier): boolean {
  return (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) && parent.label === node;
}
