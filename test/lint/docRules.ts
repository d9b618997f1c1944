import ts from 'typescript';

/** A function that a file hands out, with the comment above it. */
interface Documented {
  readonly name: string;
  readonly doc: string;
  readonly fn: ts.SignatureDeclaration;
  readonly place: string;
}

/**
 * What doc comments of a file leave unsaid, one sentence each: errors that an exported function throws (`@throws`),
 * where a model or simulator comes from (`@reference`, `@paper`), and shapes of the tensors and arrays that something
 * takes.
 */
export function docProblems(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const functions = exportedFunctions(path, file), throwing = throwingHelpers(file);
  return [
    ...functions.filter(f => throwsFrom(f.fn, throwing) && !/@throws\b|^\/\*\*[\s*]*Throws\b/.test(f.doc))
      .map(({place, name}) => `${place}: ${name} throws; say when: @throws`),
    ...functions.filter(f => isSource(path, f.fn) && !/@(reference|paper)\b/.test(f.doc))
      .map(({place, name}) => `${place}: ${name} makes a model or data; say where it comes from: @reference or @paper`),
    ...[...functions, ...exportedFields(path, file)].filter(f => takesArray(f.fn) && !SHAPE.test(f.doc))
      .map(({place, name}) => `${place}: ${name} takes a tensor or array; give its shape, such as \`[batch, time]\``),
  ];
}

/** A shape: sizes in brackets, at least one of them a name. Intervals such as [0, 1] are none. */
const SHAPE = /\[(?=[^\]]*[A-Za-z.])[^\]]+\]|`\[\d*\]`/;

/** Tensors of ONNX Runtime carry their shapes with them, in handles that no reader meets. */
const ARRAY_TYPE = /(?<!ort\.)\b(Tensor([1-6]D)?|NdArray)\b/;

function takesArray(fn: ts.SignatureDeclaration | ts.PropertySignature): boolean {
  const types = ts.isPropertySignature(fn) ? [fn.type] : fn.parameters.map(p => p.type);
  return types.some(type => type && !ts.isFunctionTypeNode(type) && ARRAY_TYPE.test(type.getText()));
}

/** Networks and forecasters of `models/`, cohorts and trajectories of `studies/`. */
function isSource(path: string, {type}: ts.SignatureDeclaration): boolean {
  const made = type?.getText() ?? '';
  return (/^lib\/models\//.test(path) && /^(Network<|Forecaster\b)/.test(made))
    || (/^lib\/studies\//.test(path) && /^(\w*Cohort\b|Trajectories$)/.test(made));
}

const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(m => m.kind === ts.SyntaxKind.ExportKeyword);

const isHidden = (node: ts.ClassElement) =>
  (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(m => m.kind === ts.SyntaxKind.PrivateKeyword))
  || (node.name !== undefined && ts.isPrivateIdentifier(node.name));

/** The last doc comment before a node. */
function docOf(node: ts.Node): string {
  const text = node.getSourceFile().text, ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  return ranges.map(({pos, end}) => text.slice(pos, end)).filter(comment => comment.startsWith('/**')).at(-1) ?? '';
}

function placeOf(path: string, node: ts.Node): string {
  return `${path}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** The comments of all declarations of a function: what one overload says need not be said of the next. */
function docOfOverloads(fn: ts.FunctionDeclaration): string {
  const same = (node: ts.Statement) => ts.isFunctionDeclaration(node) && node.name?.text === fn.name?.text;
  return fn.getSourceFile().statements.filter(same).map(docOf).join('\n');
}

/** Functions, arrow functions in constants, and what classes show. */
function exportedFunctions(path: string, file: ts.SourceFile): Documented[] {
  return file.statements.filter(isExported).flatMap(statement => {
    const at = (name: string, fn: ts.SignatureDeclaration, node: ts.Node = statement): Documented =>
      ({name, fn, doc: docOf(node), place: placeOf(path, node)});
    if (ts.isFunctionDeclaration(statement)) {
      return [{...at(statement.name?.text ?? 'default', statement), doc: docOfOverloads(statement)}];
    }
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({name, initializer}) =>
        (initializer && ts.isArrowFunction(initializer) ? [at(name.getText(), initializer)] : []));
    }
    if (!ts.isClassDeclaration(statement)) return [];
    return statement.members.flatMap(member => {
      if (isHidden(member)) return [];
      if (ts.isConstructorDeclaration(member)) {
        return [at(`new ${statement.name?.text}`, member, docOf(member) ? member : statement)];
      }
      return ts.isMethodDeclaration(member)
        ? [at(`${statement.name?.text}.${member.name.getText()}`, member, member)]
        : [];
    });
  });
}

/** Fields of exported interfaces; a shape may stand beside the field or in the interface's own comment. */
function exportedFields(path: string, file: ts.SourceFile) {
  return file.statements.filter(ts.isInterfaceDeclaration).filter(isExported).flatMap(owner =>
    owner.members.filter(ts.isPropertySignature).map(field => ({
      name: `${owner.name.text}.${field.name.getText()}`, fn: field as ts.PropertySignature & ts.SignatureDeclaration,
      doc: docOf(field) + docOf(owner), place: placeOf(path, field),
    })));
}

/** Names of functions of this file that are not handed out and throw, themselves or by each other. */
function throwingHelpers(file: ts.SourceFile): ReadonlySet<string> {
  const helpers = new Map<string, ts.Node>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) helpers.set(statement.name.text, statement);
    if (ts.isVariableStatement(statement)) for (const {name, initializer} of statement.declarationList.declarations) {
      if (initializer && ts.isArrowFunction(initializer)) helpers.set(name.getText(), initializer);
    }
  }
  const throwing = new Set<string>();
  for (let before = -1; before < throwing.size;) {
    before = throwing.size;
    for (const [name, node] of helpers) if (throwsFrom(node, throwing, true)) throwing.add(name);
  }
  return throwing;
}

/** `promise.catch(...)`, or `promise.then(..., ...)`. */
function catchesRejection({expression, arguments: {length}}: ts.CallExpression): boolean {
  const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  return method === 'catch' || (method === 'then' && length === 2);
}

/**
 * Whether an error can leave a function: by `throw`, by `expect` and its like, or by a helper that throws.
 * @param helper whether it is one: what a function throws that a helper returns, it does not throw itself
 */
function throwsFrom(node: ts.Node, throwing: ReadonlySet<string>, helper = false): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (helper && ts.isReturnStatement(node) && node.expression && ts.isArrowFunction(node.expression)) return false;
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    const called = node.expression.text;
    if (/^expect([A-Z]|$)/.test(called) || throwing.has(called)) return true;
  }
  const throws = (part: ts.Node | undefined) => part !== undefined && throwsFrom(part, throwing, helper);
  if (ts.isTryStatement(node) && node.catchClause) return throws(node.catchClause) || throws(node.finallyBlock);
  if (ts.isCallExpression(node) && catchesRejection(node)) return node.arguments.some(throws);
  return ts.forEachChild(node, child => throws(child) || undefined) ?? false;
}
