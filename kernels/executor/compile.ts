import ts from 'typescript';
import {type CompiledCell, CellSyntaxError} from './cell';
import {hintFor} from './hints';
import {CELL_PARAMETERS, NAMESPACE} from './namespace';
import {type CellFacts, namespaceTransformer} from './rewrite';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noLib: true,
  noResolve: true,
  types: [],
  isolatedModules: true,
  sourceMap: true,
  removeComments: false,
  suppressOutputPathCheck: true,
};

/**
 * Compiles one cell without looking at types (a few milliseconds).
 *
 * @param source TypeScript as the user wrote it
 * @param fileName name for stack traces
 * @param known names that earlier cells left in the namespace
 * @throws CellSyntaxError with the position of the first syntax error
 */
export function compileCell(source: string, fileName: string, known: ReadonlySet<string>): CompiledCell {
  const file = ts.createSourceFile(
    fileName, source, {languageVersion: ts.ScriptTarget.ES2023, setExternalModuleIndicator: markAsModule}, true,
    ts.ScriptKind.TS,
  );
  const program = ts.createProgram([fileName], OPTIONS, hostOf(file));
  throwOnSyntaxError(program, file);
  const facts: CellFacts = {imports: [], declared: new Set(), hasResult: false, hasEval: false};
  const outputs = emit(program, file, known, facts);
  const {imports, declared, hasResult} = facts;
  return {
    fileName, source, script: wrap(outputs.code, facts.hasEval), sourceMap: outputs.map, imports,
    declared: [...declared], hasResult,
  };
}

// Every cell is a module, with or without imports: only so is `await` at its top level a keyword.
function markAsModule(file: ts.SourceFile): void {
  (file as unknown as {externalModuleIndicator: unknown}).externalModuleIndicator = true;
}

function hostOf(file: ts.SourceFile): ts.CompilerHost {
  return {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => undefined,
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
}

function throwOnSyntaxError(program: ts.Program, file: ts.SourceFile): void {
  const [first] = program.getSyntacticDiagnostics(file);
  if (!first) return;
  const {line, character} = file.getLineAndCharacterOfPosition(first.start ?? 0);
  throw new CellSyntaxError(
    ts.flattenDiagnosticMessageText(first.messageText, '\n') + hintFor(file.text, line + 1), line, character,
  );
}

function emit(
  program: ts.Program, file: ts.SourceFile, known: ReadonlySet<string>, facts: CellFacts,
): {code: string; map: string} {
  let code = '';
  let map = '';
  const write: ts.WriteFileCallback = (name, text) => {
    if (name.endsWith('.map')) map = text;
    else code = text;
  };
  program.emit(file, write, undefined, false, {before: [namespaceTransformer(program.getTypeChecker(), known, facts)]});
  return {code: code.replace(/^export \{\};\s*$/m, '').replace(/^\/\/# sourceMappingURL=.*$/m, ''), map};
}

/**
 * The text of `eval` finds the names of cells as those of an object around the code; elsewhere that would slow every
 * global name down.
 */
function wrap(code: string, hasEval: boolean): string {
  const parameters = CELL_PARAMETERS.join(', ');
  if (!hasEval) return `(async function (${parameters}) { "use strict";\n${code}\n})`;
  return `(function (${parameters}) { with (${NAMESPACE}) return (async function () { "use strict";\n${code}\n})(); })`;
}
