import {join} from 'node:path';
import ts from 'typescript';
import {type CellModule, CellModules} from './cellModules';
import {completePath, type Completions, proposalOf, wordStart} from './completions';
import {declarationsOf} from './declarations';
import {judge, type Judgement} from './diagnostics';
import {FileCache} from './fileCache';
import type {CellDiagnostic} from './format';
import {projectOptions} from './options';

/** Number of the cell that is being checked or written. */
const CURRENT = 0;

/** Most completions whose types are looked up. */
const DETAILED = 40;

/** Texts so far: services that share parsed files never give two texts of one path the same version. */
let versions = 0;

/** What TypeScript knows about the cells of one running notebook: errors, completions, documentation. */
export class CellLanguage {
  private modules: CellModules;
  private readonly texts = new Map<string, {text: string; version: number}>();
  private readonly files = new FileCache();
  private readonly service: ts.LanguageService;
  /** Knows nothing of earlier cells and their libraries: its program is a small part of the other one. */
  private readonly alone: ts.LanguageService;
  private readonly aloneModules: CellModules;
  private readonly globals: string;
  private readonly root: string;
  private followed: readonly string[] = [];

  /**
   * @param root project root, whose tsconfig.json counts
   * @param directory folder of the notebook
   * @param registry parsed files, which several services may share
   */
  constructor(
    root: string, readonly directory: string,
    registry: ts.DocumentRegistry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames),
  ) {
    this.globals = join(root, 'kernels/executor/globals.d.ts');
    this.modules = new CellModules(directory, 'notebook', true);
    this.aloneModules = new CellModules(directory, 'alone');
    this.root = this.modules.create(CURRENT, '').path;
    const options = projectOptions(root);
    this.service = ts.createLanguageService(this.host(root, options, this.root), registry);
    this.alone = ts.createLanguageService(
      this.host(root, options, this.aloneModules.create(CURRENT, '').path), registry,
    );
  }

  /**
   * Checks a cell and, when there is nothing wrong with it, makes its names known to later ones.
   *
   * The program always has the same root, the cell at hand, which imports the earlier ones: so TypeScript keeps what it
   * knows of all other files. A cell that needs nothing of them is checked alone first; what is wrong with it then may
   * still be right beside them, where a library adds global names.
   */
  check(count: number, source: string): Judgement {
    const module = this.modules.create(CURRENT, source);
    const isAlone = this.needsNothing(module, source)
      && this.diagnose(this.alone, this.aloneModules.create(CURRENT, source)).length === 0;
    const judgement = judge(isAlone ? [] : this.diagnose(this.service, module), module, (name) =>
      this.modules.wasDisposed(name));
    if (judgement.errors.length === 0 && module.declarations.names.size > 0) this.keep(count, source);
    return judgement;
  }

  private needsNothing({declarations}: CellModule, source: string): boolean {
    return !/\b(import|require|reference)\b/.test(source) && !this.modules.mentions(declarations);
  }

  private diagnose(service: ts.LanguageService, module: CellModule): readonly ts.Diagnostic[] {
    this.put(module);
    const syntactic = service.getSyntacticDiagnostics(module.path);
    return syntactic.length > 0 ? syntactic : service.getSemanticDiagnostics(module.path);
  }

  /** Forgets all cells: their variables are gone. */
  forget(): void {
    this.modules = new CellModules(this.directory, 'notebook', true);
    this.forgetDead();
  }

  /**
   * Takes these for the earlier cells, unchecked: in a page that is being read, cells have a meaning before any was
   * run.
   */
  follow(sources: readonly string[]): void {
    if (sources.length === this.followed.length && sources.every((text, k) => text === this.followed[k])) return;
    this.modules = new CellModules(this.directory, 'notebook', true);
    sources.forEach((source, k) => declarationsOf(source).names.size > 0 && this.keep(k + 1, source));
    this.forgetDead();
    this.followed = [...sources];
  }

  /** What is wrong with a cell that is still being written; nothing of it is kept. */
  errors(source: string): readonly CellDiagnostic[] {
    const module = this.modules.create(CURRENT, source);
    return judge(this.diagnose(this.service, module), module, (name) => this.modules.wasDisposed(name)).errors;
  }

  /** Reads what cells are going to import; nothing of it is kept as a cell's. */
  readAhead(imports: readonly string[]): void {
    if (imports.length > 0) this.errors(imports.map((specifier) => `import ${JSON.stringify(specifier)};`).join('\n'));
  }

  /** Forgets what the disk said, for a service that was kept while packages may have changed. */
  wake(): void {
    this.files.forget();
  }

  private keep(count: number, source: string): void {
    const module = this.modules.create(count, source);
    this.put(module);
    this.modules.keep(count, module);
    this.forgetDead();
  }

  /** What can stand at an offset of a cell. */
  complete(source: string, offset: number): Completions {
    const {module, position} = this.draft(source, offset);
    const found =
      this.service.getCompletionsAtPosition(module.path, position, {includeCompletionsWithInsertText: true});
    const entries = (found?.entries ?? []).map((entry) => proposalOf(entry, source, offset, module.headLength))
      .filter(({fits}) => fits);
    if (entries.length === 0) {
      return completePath(source, offset, this.directory) ?? {start: wordStart(source, offset), end: offset, items: []};
    }
    const sorted = entries.sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name)).slice(0, 500);
    // All are put in the same place, the one that reaches back furthest: `o.` becomes `o["my key"]`, and `o.plain` with
    // it.
    const start = Math.min(...sorted.map((entry) => entry.start));
    const items = sorted.map(({name, kind, text, start: from}, index) => ({
      text: source.slice(start, from) + text,
      kind,
      signature: index < DETAILED ? this.signature(module, position, name) : '',
    }));
    return {start, end: offset, items};
  }

  private signature(module: CellModule, position: number, name: string): string {
    const details =
      this.service.getCompletionEntryDetails(module.path, position, name, undefined, undefined, undefined, undefined);
    return details ? ts.displayPartsToString(details.displayParts) : '';
  }

  /** Type and documentation of what stands at an offset, as plain text; null when there is nothing. */
  inspect(source: string, offset: number): string | null {
    for (const at of [offset, offset - 1]) {
      if (at < 0) continue;
      const {module, position} = this.draft(source, at);
      const info = this.service.getQuickInfoAtPosition(module.path, position);
      if (info) return [
        ts.displayPartsToString(info.displayParts), ts.displayPartsToString(info.documentation), tagsText(info.tags),
      ].filter(Boolean).join('\n\n');
    }
    return null;
  }

  /** Puts a cell that is still being written under a name of its own. */
  private draft(source: string, offset: number): {module: CellModule; position: number} {
    const module = this.modules.create(CURRENT, source, true);
    this.put(module);
    return {module, position: module.headLength + offset};
  }

  private put({path, text}: CellModule): void {
    this.files.renew();
    if (this.texts.get(path)?.text === text) return;
    this.texts.set(path, {text, version: ++versions});
  }

  private forgetDead(): void {
    const live = this.modules.live().add(this.root).add(this.aloneModules.create(CURRENT, '').path);
    for (const path of this.texts.keys()) if (!live.has(path)) this.texts.delete(path);
  }

  private host(root: string, options: ts.CompilerOptions, cell: string): ts.LanguageServiceHost {
    const {files, texts} = this;
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.globals, cell],
      getScriptVersion: (path) => String(texts.get(path)?.version ?? files.version(path)),
      getScriptSnapshot: (path) => {
        const own = texts.get(path);
        return own ? ts.ScriptSnapshot.fromString(own.text) : files.snapshot(path);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: (settings) =>
        join(root, 'node_modules/typescript/lib', ts.getDefaultLibFileName(settings)),
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      fileExists: (path) => texts.has(path) || files.exists(path),
      readFile: (path) => texts.get(path)?.text ?? files.read(path),
      directoryExists: (path) => path === this.directory || files.folderExists(path),
      getDirectories: ts.sys.getDirectories,
      readDirectory: ts.sys.readDirectory,
    };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tagsText(tags: readonly ts.JSDocTagInfo[] | undefined): string {
  return (tags ?? []).map(({name, text}) => `@${name} ${ts.displayPartsToString(text as ts.SymbolDisplayPart[])}`)
    .join('\n');
}
