import {join} from 'node:path';
import ts from 'typescript';

/**
 * The compiler options of the project for cells: as strict as its tsconfig.json, but a cell may leave a name unused for
 * the next one.
 *
 * @throws Error when tsconfig.json is missing or wrong
 */
export function projectOptions(root: string): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json');
  const {config, error} = ts.readConfigFile(path, ts.sys.readFile) as {config?: unknown; error?: ts.Diagnostic};
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const {options} = ts.parseJsonConfigFileContent(config, {...ts.sys, readDirectory: () => []}, root);
  return {
    ...options,
    noEmit: true,
    isolatedModules: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}
