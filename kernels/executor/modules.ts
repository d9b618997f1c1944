import {createHash} from 'node:crypto';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {createRequire, isBuiltin} from 'node:module';
import {join, sep} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {CellImport, ImportBinding} from './cell';
import type {Namespace} from './namespace';

/** A loaded module: plain exports of CommonJS or the namespace of an ES module. */
type Loaded = Record<string, unknown>;

/** A module as cells see it: loaded, or failing since an edit. */
interface Source {
  readonly specifier: string;
  loaded: Loaded;
  /** Whether it must be loaded anew. */
  stale: boolean;
  failure?: Error;
}

interface Stamp {
  readonly mtime: number;
  readonly size: number;
  readonly hash: string;
}

const WAITING_FOR_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);

const NO_SUCH_IMPORT = 'ERR_MODULE_NOT_FOUND';

/**
 * Loads what cells import. Modules are required first, so that a cell and the library share one instance of a package;
 * ES modules that cannot be required are imported. Local files that change on disk are loaded anew, with everything
 * that depends on them, before the next cell.
 */
export class ModuleLoader {
  readonly require: NodeJS.Require;
  private readonly sources = new Map<string, Source>();
  /** Modules of imported names. */
  private readonly bound = new Map<string, Source>();
  private readonly base: string;
  private readonly stamps = new Map<string, Stamp>();

  /** @param directory folder that relative imports start from */
  constructor(readonly directory: string, private readonly namespace: Namespace) {
    this.require = createRequire(join(directory, 'cell.ts'));
    this.base = pathToFileURL(join(directory, 'cell.ts')).href;
  }

  /** Carries out the import statements of a cell, in order. */
  async bind(imports: readonly CellImport[]): Promise<void> {
    for (const {specifier, bindings} of imports) {
      const source = this.sources.get(specifier) ?? {specifier, loaded: {}, stale: false};
      source.loaded = await this.loadFor(specifier, bindings);
      Object.assign(source, {failure: undefined, stale: false});
      this.sources.set(specifier, source);
      for (const binding of bindings) this.expose(binding, source);
    }
    this.remember();
  }

  /** What a module of types alone exports at run time is nothing. */
  private async loadFor(specifier: string, bindings: readonly ImportBinding[]): Promise<Loaded> {
    try {
      return await this.load(specifier);
    } catch (error) {
      if (bindings.length > 0 && this.isMissing(error) && hasTypesOnly(specifier, this.directory)) {
        return {__esModule: true};
      }
      throw error;
    }
  }

  /** Whether an error says that the imported module itself cannot be found, rather than one that it imports. */
  private isMissing(error: unknown): boolean {
    const {code, requireStack = []} = error as NodeJS.ErrnoException & {requireStack?: string[]};
    return code === NO_SUCH_IMPORT || (code === 'MODULE_NOT_FOUND' && (requireStack[0] ?? this.cell) === this.cell);
  }

  private get cell(): string {
    return join(this.directory, 'cell.ts');
  }

  /**
   * Loads what a cell is going to import, while that cell is still being checked or written. What fails here fails
   * again, and is reported, when the cell runs; a file that is edited before that is loaded anew.
   */
  foresee(specifier: string): void {
    try {
      this.require(specifier);
    } catch {
      // The cell itself will say so.
    }
    this.remember();
  }

  /** What `import(specifier)` in a cell resolves to. */
  readonly import = async (specifier: string): Promise<Loaded> => {
    const loaded = await this.load(String(specifier));
    this.remember();
    return asNamespace(loaded);
  };

  /** What `import.meta.resolve(specifier)` in a cell gives. */
  readonly resolve = (specifier: string): string => {
    if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    return /^(\.{0,2}\/|[a-z][a-z0-9+.-]+:)/i.test(specifier)
      ? new URL(specifier, this.base).href
      : this.url(specifier);
  };

  private async load(specifier: string): Promise<Loaded> {
    if (specifier.startsWith('data:')) return (await import(specifier)) as Loaded;
    try {
      return this.require(specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier) as Loaded;
    } catch (error) {
      const {code = ''} = error as NodeJS.ErrnoException;
      if (this.directory.includes('?')) throw new Error(
        `files below a folder with ? in its name cannot be loaded (${this.directory}); rename it`, {cause: error},
      );
      // A query makes another module of a file, which only `import` knows.
      if (code === 'MODULE_NOT_FOUND' && /^(\.|file:).*[?#]/.test(specifier)) {
        return (await import(new URL(specifier, this.base).href)) as Loaded;
      }
      if (!WAITING_FOR_IMPORT.has(code)) throw error;
      return (await import(this.url(specifier))) as Loaded;
    }
  }

  private url(specifier: string): string {
    try {
      return pathToFileURL(this.require.resolve(specifier)).href;
    } catch {
      return resolveForImport(specifier, this.directory);
    }
  }

  /**
   * The name follows its module: what that assigns to it later, or after an edit, is seen, and what it lacks fails
   * where it is used.
   */
  private expose({local, imported}: ImportBinding, source: Source): void {
    const {namespace} = this;
    this.bound.set(local, source);
    Object.defineProperty(namespace, local, {
      get: () => pick(imported, source),
      set: (value: unknown) =>
        void Object.defineProperty(namespace, local, {value, writable: true, enumerable: true, configurable: true}),
      enumerable: true,
      configurable: true,
    });
  }

  /** Forgets that a name was imported, once a cell has declared it otherwise. */
  release(names: Iterable<string>): void {
    for (const name of names) this.bound.delete(name);
  }

  /**
   * Drops changed local files and their dependents, and loads the modules of imported names anew. One that cannot be
   * loaded fails where it is used.
   *
   * @returns what the reader should know: modules that an edit has broken
   */
  async refresh(): Promise<string[]> {
    const changed = [...this.stamps.keys()].filter((path) => this.hasChanged(path));
    if (changed.length > 0) this.drop(withDependents(changed));
    const used = new Set(this.bound.values());
    const warnings: string[] = [];
    for (const source of used) if (source.stale) warnings.push(...(await this.reload(source)));
    this.remember();
    return warnings;
  }

  /** A module that fails stays stale: it is tried again before each cell. */
  private async reload(source: Source): Promise<string[]> {
    const before = source.failure;
    try {
      source.loaded = await this.load(source.specifier);
      Object.assign(source, {failure: undefined, stale: false});
      return [];
    } catch (error) {
      source.failure = error as Error;
      return before ? [] : [`'${source.specifier}' was edited and cannot be loaded; cells that use it will fail: `
        + `${(error as Error)?.message}`];
    }
  }

  private hasChanged(path: string): boolean {
    const before = this.stamps.get(path)!;
    const now = statSync(path, {throwIfNoEntry: false});
    if (!now || (now.mtimeMs === before.mtime && now.size === before.size)) return false;
    const stamp = stampOf(path);
    this.stamps.set(path, stamp);
    return stamp.hash !== before.hash;
  }

  private drop(paths: ReadonlySet<string>): void {
    for (const path of paths) delete require.cache[path];
    for (const source of this.sources.values()) if (paths.has(this.resolved(source.specifier))) source.stale = true;
  }

  private resolved(specifier: string): string {
    try {
      return this.require.resolve(specifier);
    } catch {
      return specifier;
    }
  }

  private remember(): void {
    for (const path of Object.keys(require.cache)) {
      if (isLocal(path) && !this.stamps.has(path) && existsSync(path)) this.stamps.set(path, stampOf(path));
    }
  }
}

const ownFolder = join(__dirname, '..') + sep;

// The kernel's own modules run the cell and cannot be replaced under it.
function isLocal(path: string): boolean {
  return !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(ownFolder)
    && /\.([cm]?[jt]s|tsx|jsx|json)$/.test(path);
}

function stampOf(path: string): Stamp {
  const {mtimeMs, size} = statSync(path);
  return {mtime: mtimeMs, size, hash: createHash('sha256').update(readFileSync(path)).digest('hex')};
}

/** The given files and every loaded local file that requires one of them, directly or not. */
function withDependents(paths: readonly string[]): Set<string> {
  const dropped = new Set(paths);
  for (let size = -1; size !== dropped.size; ) {
    size = dropped.size;
    for (const [path, module] of Object.entries(require.cache)) {
      if (module && isLocal(path) && module.children.some((child) => dropped.has(child.id))) dropped.add(path);
    }
  }
  return dropped;
}

function pick(imported: string, {specifier, loaded, failure}: Source): unknown {
  if (failure) throw failure;
  if (imported === '=') return loaded;
  if (imported === '*') return asNamespace(loaded);
  if (imported === 'default' && !isEsModule(loaded)) return loaded;
  const value = loaded?.[imported];
  if (value === undefined && !(imported in Object(loaded))) {
    throw new ReferenceError(`'${specifier}' exports no value '${imported}': it is a type, or was removed`);
  }
  return value;
}

function isEsModule(loaded: Loaded): boolean {
  return Boolean(loaded?.__esModule) || loaded?.[Symbol.toStringTag as unknown as string] === 'Module';
}

function asNamespace(loaded: Loaded): Loaded {
  if (isEsModule(loaded)) return loaded;
  const known = namespaces.get(loaded);
  if (known) return known;
  const members = Object.assign(
    Object.create(null) as Loaded, typeof loaded === 'object' || typeof loaded === 'function' ? loaded : {},
  );
  Object.assign(members, {default: loaded});
  if (Object(loaded) === loaded) namespaces.set(loaded, members);
  return members;
}

/** Namespaces of modules that are none themselves, made once: a module has one identity. */
const namespaces = new WeakMap<object, Loaded>();

/** Whether TypeScript finds declarations where Node finds nothing to run. */
function hasTypesOnly(specifier: string, directory: string): boolean {
  const ts = require('typescript') as typeof import('typescript');
  const options = {moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext};
  const found = ts.resolveModuleName(specifier, join(directory, 'cell.ts'), options, ts.sys).resolvedModule;
  return found !== undefined && /\.d\.[cm]?ts$/.test(found.resolvedFileName);
}

/** Resolves a package whose `exports` offer only the `import` condition, which `require.resolve` cannot see. */
function resolveForImport(specifier: string, directory: string): string {
  const ts = require('typescript') as typeof import('typescript');
  const options = {
    moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext, allowJs: true,
    noDtsResolution: true,
  };
  const found = ts.resolveModuleName(
    specifier, join(directory, 'cell.mts'), options as import('typescript').CompilerOptions, ts.sys,
  );
  if (!found.resolvedModule) throw Object.assign(
    new Error(`Cannot find package '${specifier}' imported from ${directory}`), {code: NO_SUCH_IMPORT},
  );
  return pathToFileURL(found.resolvedModule.resolvedFileName).href;
}
