import {dirname, join, parse} from 'node:path';
import ts from 'typescript';
import {joined, type Notebook} from '../nbformat/notebook';
import {type CellModule, CellModules} from './cellModules';
import {judge} from './diagnostics';
import type {CellDiagnostic} from './format';
import {projectOptions} from './options';

/** A cell with type errors or with something to be noted. */
export interface CheckedCell {
  readonly path: string;
  /** Position among all cells of the notebook, from 1. */
  readonly cell: number;
  readonly source: string;
  readonly diagnostics: readonly CellDiagnostic[];
  /** What the reader should know, e.g. that a package has no types. */
  readonly notes: readonly string[];
}

/**
 * Type-checks whole notebooks against the library, all in one program and without running anything.
 *
 * @param root project root, whose tsconfig.json counts
 * @returns the cells with errors or notes, in order; empty when all is well
 */
export function checkNotebooks(root: string, notebooks: ReadonlyMap<string, Notebook>): CheckedCell[] {
  const cells = [...notebooks].flatMap(([path, notebook]) => modulesOf(path, notebook));
  const texts = new Map(cells.map(({module}) => [module.path, module.text]));
  const options = projectOptions(root);
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  return cells
    .map(({path, cell, source, module, modules}) => ({path, cell, source, ...judged(program, module, modules)}))
    .filter(({diagnostics, notes}) => diagnostics.length > 0 || notes.length > 0);
}

interface CellToCheck {
  readonly path: string;
  readonly cell: number;
  readonly source: string;
  readonly module: CellModule;
  /** All cells of its notebook. */
  readonly modules: CellModules;
}

function modulesOf(path: string, notebook: Notebook): CellToCheck[] {
  const modules = new CellModules(dirname(path), parse(path).name);
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== 'code') return [];
    const source = joined(cell.source);
    const module = modules.create(index + 1, source);
    modules.keep(index + 1, module);
    return [{path, cell: index + 1, source, module, modules}];
  });
}

function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(join(path), text, languageVersion, true);
    },
  };
}

function judged(
  program: ts.Program, module: CellModule, modules: CellModules,
): Pick<CheckedCell, 'diagnostics' | 'notes'> {
  const file = program.getSourceFile(module.path);
  const syntactic = program.getSyntacticDiagnostics(file);
  const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
  const {errors, notes} = judge(found, module, (name) => modules.wasDisposed(name));
  return {diagnostics: errors, notes};
}
