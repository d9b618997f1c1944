import ts from 'typescript';
import type {CellImport, ImportBinding} from './cell';
import {importBindings} from './importBindings';
import {ALIVE, IMPORT, META, NAMESPACE} from './namespace';
import {at, isAmbient, isAnonymous, member, sequence, stripExport, withName} from './nodes';
import {isNamespaced, isReference, isTopLevel} from './scopes';

const f = ts.factory;

/** What the rewriting learns about a cell besides its new code. */
export interface CellFacts {
  readonly imports: CellImport[];
  readonly declared: Set<string>;
  /** Whether the last statement is an expression, whose value is the result of the cell. */
  hasResult: boolean;
  /** Whether the cell calls `eval`, whose text sees the names around it. */
  hasEval: boolean;
}

/**
 * A transformer that moves the top-level names of a cell into the namespace: `let n = 1; n++` becomes
 * `$cell.n = 1; $cell.n++`, so that closures of one cell see what a later cell assigns. Scopes come from the type
 * checker, hence shadowing is respected.
 */
export function namespaceTransformer(
  checker: ts.TypeChecker, known: ReadonlySet<string>, facts: CellFacts,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => new CellRewriter({checker, known, facts}, context, file).run();
}

/** What names mean around a cell, and where to put what is learned about it. */
interface CellScope {
  readonly checker: ts.TypeChecker;
  /** Names that earlier cells declared. */
  readonly known: ReadonlySet<string>;
  readonly facts: CellFacts;
}

class CellRewriter {
  private readonly hoisted: ts.Statement[] = [];
  private readonly valueless = new Set<string>();

  private readonly checker: ts.TypeChecker;
  private readonly known: ReadonlySet<string>;
  private readonly facts: CellFacts;

  constructor(
    {checker, known, facts}: CellScope, private readonly context: ts.TransformationContext,
    private readonly file: ts.SourceFile,
  ) {
    this.checker = checker;
    this.known = known;
    this.facts = facts;
  }

  run(): ts.SourceFile {
    const last = this.file.statements[this.file.statements.length - 1];
    const body = this.file.statements.flatMap((statement) => this.topLevel(statement, statement === last));
    return f.updateSourceFile(this.file, f.createNodeArray([...this.vars(), ...this.hoisted, ...body]));
  }

  /** `var x;` gives no value: the name keeps the one it has. */
  private vars(): ts.Statement[] {
    return [...this.valueless].map((name) => {
      const exists =
        f.createBinaryExpression(f.createStringLiteral(name), ts.SyntaxKind.InKeyword, f.createIdentifier(NAMESPACE));
      return f.createExpressionStatement(f.createLogicalOr(
        exists, f.createParenthesizedExpression(f.createAssignment(member(name), f.createVoidZero())),
      ));
    });
  }

  private topLevel(node: ts.Statement, isLast: boolean): ts.Statement[] {
    if (ts.isImportDeclaration(node)) return this.importDeclaration(node);
    if (ts.isImportEqualsDeclaration(node)) return this.importEquals(node);
    if (ts.isExportDeclaration(node)) return this.exportDeclaration(node);
    if (ts.isExportAssignment(node)) return this.expression(node, node.expression, isLast);
    if (ts.isExpressionStatement(node)) return this.expression(node, node.expression, isLast);
    if (ts.isFunctionDeclaration(node)) return this.functionDeclaration(node);
    if (ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) {
      return this.namedDeclaration(node);
    }
    const visited = this.visit(node);
    return visited === undefined ? [] : [visited as ts.Statement];
  }

  private importDeclaration(node: ts.ImportDeclaration): ts.Statement[] {
    const bindings = importBindings(node);
    if (bindings) this.addImport(node, (node.moduleSpecifier as ts.StringLiteral).text, bindings);
    return [];
  }

  private importEquals(node: ts.ImportEqualsDeclaration): ts.Statement[] {
    if (node.isTypeOnly) return [];
    if (ts.isExternalModuleReference(node.moduleReference)) {
      const bindings = [{local: node.name.text, imported: '='}];
      this.addImport(node, (node.moduleReference.expression as ts.StringLiteral).text, bindings);
      return [];
    }
    this.facts.declared.add(node.name.text);
    return [this.assign(node.name.text, this.entityName(node.moduleReference))];
  }

  private entityName(name: ts.EntityName): ts.Expression {
    if (ts.isIdentifier(name)) return this.identifier(name);
    return f.createPropertyAccessExpression(this.entityName(name.left), name.right);
  }

  private addImport(node: ts.Node, specifier: string, bindings: ImportBinding[]): void {
    for (const {local} of bindings) this.facts.declared.add(local);
    this.facts.imports.push({
      specifier, bindings, line: this.file.getLineAndCharacterOfPosition(node.getStart(this.file)).line,
    });
  }

  private exportDeclaration(node: ts.ExportDeclaration): ts.Statement[] {
    if (node.moduleSpecifier && !node.isTypeOnly) {
      throw new SyntaxError('a cell cannot re-export from a module; import the names and use them');
    }
    return [];
  }

  private expression(node: ts.Statement, expression: ts.Expression, isLast: boolean): ts.Statement[] {
    const visited = ts.visitNode(expression, this.visit) as ts.Expression;
    if (!isLast) return [at(f.createExpressionStatement(visited), node)];
    this.facts.hasResult = true;
    // In a list: returned bare, a value with a method `then` would be taken for a promise.
    return [at(f.createReturnStatement(f.createArrayLiteralExpression([visited])), node)];
  }

  private functionDeclaration(node: ts.FunctionDeclaration): ts.Statement[] {
    if (!node.name || !node.body || isAmbient(node)) return node.body ? this.anonymousDefault(node) : [node];
    this.facts.declared.add(node.name.text);
    this.hoisted.push(this.assign(node.name.text, node.name));
    return [stripExport(ts.visitEachChild(node, this.visit, this.context))];
  }

  private anonymousDefault(node: ts.Declaration): ts.Statement[] {
    throw new SyntaxError(
      `a cell cannot have an anonymous default export (${ts.SyntaxKind[node.kind]}); give it a name`,
    );
  }

  /** Classes, enums and namespaces stay as they are; the value goes to the namespace right after them. */
  private namedDeclaration(node: ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration): ts.Statement[] {
    if (isAmbient(node)) return [node];
    if (!node.name) return this.anonymousDefault(node);
    if (!ts.isIdentifier(node.name)) return [node];
    const name = node.name.text;
    this.facts.declared.add(name);
    const exists =
      f.createStrictInequality(f.createTypeOfExpression(f.createIdentifier(name)), f.createStringLiteral('undefined'));
    const declaration = stripExport(ts.visitEachChild(node, this.visit, this.context));
    return [declaration, f.createIfStatement(exists, this.assign(name, f.createIdentifier(name)))];
  }

  private assign(name: string, value: ts.Expression): ts.Statement {
    return f.createExpressionStatement(f.createAssignment(member(name), value));
  }

  private readonly visit = (node: ts.Node): ts.Node | undefined => {
    if (ts.isExpressionWithTypeArguments(node)) return ts.visitEachChild(node, this.visit, this.context);
    if (ts.isTypeNode(node)) return node;
    if (ts.isIdentifier(node)) return isReference(node) ? this.identifier(node) : node;
    if (ts.isShorthandPropertyAssignment(node)) return this.shorthand(node);
    if (ts.isCallExpression(node)) return this.call(node);
    if (ts.isTaggedTemplateExpression(node)) return this.taggedTemplate(node);
    if (ts.isAwaitExpression(node)) return f.updateAwaitExpression(
      node, this.alive(f.createIdentifier(ALIVE), ts.visitNode(node.expression, this.visit) as ts.Expression),
    );
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return at(f.createIdentifier(META), node);
    }
    if (ts.isVariableStatement(node) && isNamespaced(node.declarationList, this.file)) return this.variables(node);
    if (ts.isForStatement(node)) return this.forLoop(node);
    if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return this.forEach(node);
    return ts.visitEachChild(node, this.visit, this.context);
  };

  private identifier(node: ts.Identifier): ts.Expression {
    return this.reference(node, this.checker.getSymbolAtLocation(node)) ?? node;
  }

  /** `$cell.x` for a name that lives in the namespace; undefined for local and global names. */
  private reference(node: ts.Identifier, symbol: ts.Symbol | undefined): ts.Expression | undefined {
    const lives = symbol?.declarations?.length ? isTopLevel(symbol, node, this.file) : this.known.has(node.text);
    return lives ? at(member(node.text), node) : undefined;
  }

  private shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const value = this.reference(node.name, this.checker.getShorthandAssignmentValueSymbol(node));
    const initial = node.objectAssignmentInitializer
      && (ts.visitNode(node.objectAssignmentInitializer, this.visit) as ts.Expression);
    if (!value) return f.updateShorthandPropertyAssignment(node, node.name, initial);
    return at(f.createPropertyAssignment(
      f.createIdentifier(node.name.text), initial ? f.createAssignment(value, initial) : value,
    ), node);
  }

  private call(node: ts.CallExpression): ts.Node {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const args = node.arguments.map((a) => ts.visitNode(a, this.visit) as ts.Expression);
      return at(f.createCallExpression(f.createIdentifier(IMPORT), undefined, args), node);
    }
    if (ts.isIdentifier(node.expression) && node.expression.text === 'eval') this.facts.hasEval = true;
    const visited = ts.visitEachChild(node, this.visit, this.context);
    if (!ts.isIdentifier(node.expression) || visited.expression === node.expression) return visited;
    return f.updateCallExpression(
      visited, this.detached(visited.expression, node.expression), visited.typeArguments, visited.arguments,
    );
  }

  private taggedTemplate(node: ts.TaggedTemplateExpression): ts.Node {
    const visited = ts.visitEachChild(node, this.visit, this.context);
    if (!ts.isIdentifier(node.tag) || visited.tag === node.tag) return visited;
    return f.updateTaggedTemplateExpression(
      visited, this.detached(visited.tag, node.tag), visited.typeArguments, visited.template,
    );
  }

  /** `(0, callee)`: called without the namespace as `this`. */
  private detached(callee: ts.Expression, original: ts.Node): ts.Expression {
    const whole = at(f.createParenthesizedExpression(f.createComma(f.createNumericLiteral(0), callee)), original);
    // V8 places the call at its closing parenthesis: let that speak of the start of the name.
    return ts.setSourceMapRange(whole, {pos: original.pos, end: original.getStart(this.file)});
  }

  private variables(node: ts.VariableStatement): ts.Statement | undefined {
    const assignments = this.declarations(node.declarationList);
    return assignments.length > 0 ? at(f.createExpressionStatement(sequence(assignments)), node) : undefined;
  }

  private declarations(list: ts.VariableDeclarationList): ts.Expression[] {
    return list.declarations.flatMap((node) => {
      if (node.initializer || list.flags & ts.NodeFlags.BlockScoped || !ts.isIdentifier(node.name)) {
        return [this.declaration(node)];
      }
      this.facts.declared.add(node.name.text);
      this.valueless.add(node.name.text);
      return [];
    });
  }

  private declaration(node: ts.VariableDeclaration): ts.Expression {
    const value = node.initializer ? (ts.visitNode(node.initializer, this.visit) as ts.Expression) : f.createVoidZero();
    const target = this.target(node.name);
    const named = ts.isIdentifier(node.name) && node.initializer && isAnonymous(node.initializer)
      ? withName(node.name.text, value)
      : value;
    const assignment = at(f.createAssignment(target, named), node);
    return ts.isObjectBindingPattern(node.name) ? f.createParenthesizedExpression(assignment) : assignment;
  }

  /** A binding name or pattern as the target of an assignment. */
  private target(name: ts.BindingName): ts.Expression {
    if (ts.isIdentifier(name)) {
      this.facts.declared.add(name.text);
      return at(member(name.text), name);
    }
    if (ts.isArrayBindingPattern(name)) {
      return f.createArrayLiteralExpression(name.elements.map((e) => this.arrayElement(e)));
    }
    return f.createObjectLiteralExpression(name.elements.map((e) => this.objectElement(e)));
  }

  private arrayElement(node: ts.ArrayBindingElement): ts.Expression {
    if (ts.isOmittedExpression(node)) return node;
    return node.dotDotDotToken ? f.createSpreadElement(this.target(node.name)) : this.withDefault(node);
  }

  private objectElement(node: ts.BindingElement): ts.ObjectLiteralElementLike {
    if (node.dotDotDotToken) return f.createSpreadAssignment(this.target(node.name));
    const key = node.propertyName ?? f.createIdentifier((node.name as ts.Identifier).text);
    return f.createPropertyAssignment(ts.visitNode(key, this.visit) as ts.PropertyName, this.withDefault(node));
  }

  private withDefault(node: ts.BindingElement): ts.Expression {
    const target = this.target(node.name);
    return node.initializer
      ? f.createAssignment(target, ts.visitNode(node.initializer, this.visit) as ts.Expression)
      : target;
  }

  private forLoop(node: ts.ForStatement): ts.Node {
    const visited = ts.visitEachChild(node, this.visit, this.context);
    const list = node.initializer;
    if (!list || !ts.isVariableDeclarationList(list) || !isNamespaced(list, this.file)) return visited;
    const starts = this.declarations(list);
    return f.updateForStatement(
      visited, starts.length > 0 ? sequence(starts) : undefined, visited.condition, visited.incrementor,
      visited.statement,
    );
  }

  private interruptible(node: ts.ForInStatement | ts.ForOfStatement): ts.ForInStatement | ts.ForOfStatement {
    if (!ts.isForOfStatement(node) || !node.awaitModifier) return node;
    const each = f.createPropertyAccessExpression(f.createIdentifier(ALIVE), 'each');
    return f.updateForOfStatement(
      node, node.awaitModifier, node.initializer, this.alive(each, node.expression), node.statement,
    );
  }

  private alive(guard: ts.Expression, value: ts.Expression): ts.Expression {
    return at(f.createCallExpression(guard, undefined, [value]), value);
  }

  private forEach(node: ts.ForInStatement | ts.ForOfStatement): ts.Node {
    const visited = this.interruptible(ts.visitEachChild(node, this.visit, this.context));
    const list = node.initializer;
    if (!ts.isVariableDeclarationList(list) || !isNamespaced(list, this.file)) return visited;
    const target = this.target(list.declarations[0].name);
    return ts.isForInStatement(visited)
      ? f.updateForInStatement(visited, target, visited.expression, visited.statement)
      : f.updateForOfStatement(visited, visited.awaitModifier, target, visited.expression, visited.statement);
  }
}
