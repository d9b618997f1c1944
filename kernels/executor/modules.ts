import {createHash} from 'node:crypto';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, sep} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {CellImport, ImportBinding} from './cell';
import type {Namespace} from './namespace';

/** A loaded module: plain exports of CommonJS or the namespace of an ES module. */
type Loaded = Record<string, unknown>;

interface Bound extends ImportBinding {
  readonly specifier: string;
  stale: boolean;
}

interface Stamp {
  readonly mtime: number;
  readonly size: number;
  readonly hash: string;
}

const WAITING_FOR_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);

/**
 * Loads what cells import. Modules are required first, so that a cell and the library share one instance of a package; ES modules that cannot be
 * required are imported. Local files that change on disk are loaded anew, with everything that depends on them, before the next cell.
 */
export class ModuleLoader {
  readonly require: NodeJS.Require;
  private readonly bound = new Map<string, Bound>();
  private readonly stamps = new Map<string, Stamp>();

  /** @param directory folder that relative imports start from */
  constructor(readonly directory: string, private readonly namespace: Namespace) {
    this.require = createRequire(join(directory, 'cell.ts'));
  }

  /** Carries out the import statements of a cell, in order. */
  async bind(imports: readonly CellImport[]): Promise<void> {
    for (const {specifier, bindings} of imports) {
      const loaded = await this.load(specifier);
      for (const binding of bindings) this.assign(binding, specifier, loaded);
    }
    this.remember();
  }

  /** Loads what a cell is about to import, while that cell is still being checked. What fails here fails again, and is reported, when the cell runs. */
  foresee(specifiers: readonly string[]): void {
    for (const specifier of specifiers) {
      try {
        this.require(specifier);
      } catch {
        // The cell itself will say so.
      }
    }
  }

  /** What `import(specifier)` in a cell resolves to. */
  readonly import = async (specifier: string): Promise<Loaded> => {
    const loaded = await this.load(specifier);
    this.remember();
    return asNamespace(loaded);
  };

  private async load(specifier: string): Promise<Loaded> {
    try {
      return this.require(specifier) as Loaded;
    } catch (error) {
      if (!WAITING_FOR_IMPORT.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
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

  private assign(binding: ImportBinding, specifier: string, loaded: Loaded): void {
    this.namespace[binding.local] = pick(binding.imported, loaded);
    this.bound.set(binding.local, {...binding, specifier, stale: false});
  }

  /** Forgets that a name was imported, once a cell has declared it otherwise. */
  release(names: Iterable<string>): void {
    for (const name of names) this.bound.delete(name);
  }

  /**
   * Drops changed local files and their dependents, and binds the imported names to the new versions.
   *
   * @returns paths of the changed files
   */
  async refresh(): Promise<string[]> {
    const changed = [...this.stamps.keys()].filter((path) => this.hasChanged(path));
    if (changed.length > 0) this.drop(withDependents(changed));
    for (const binding of [...this.bound.values()].filter((b) => b.stale)) {
      this.assign(binding, binding.specifier, await this.load(binding.specifier));
    }
    this.remember();
    return changed;
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
    for (const binding of this.bound.values()) {
      if (paths.has(this.resolved(binding.specifier))) binding.stale = true;
    }
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
  return !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(ownFolder) && /\.([cm]?[jt]s|tsx|jsx|json)$/.test(path);
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

function pick(imported: string, loaded: Loaded): unknown {
  if (imported === '=') return loaded;
  if (imported === '*') return asNamespace(loaded);
  if (imported === 'default' && !isEsModule(loaded)) return loaded;
  return loaded[imported];
}

function isEsModule(loaded: Loaded): boolean {
  return Boolean(loaded?.__esModule) || loaded?.[Symbol.toStringTag as unknown as string] === 'Module';
}

function asNamespace(loaded: Loaded): Loaded {
  if (isEsModule(loaded)) return loaded;
  const members = Object.assign(Object.create(null) as Loaded, typeof loaded === 'object' || typeof loaded === 'function' ? loaded : {});
  return Object.assign(members, {default: loaded});
}

/** Resolves a package whose `exports` offer only the `import` condition, which `require.resolve` cannot see. */
function resolveForImport(specifier: string, directory: string): string {
  const ts = require('typescript') as typeof import('typescript');
  const options = {moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext, allowJs: true, noDtsResolution: true};
  const found = ts.resolveModuleName(specifier, join(directory, 'cell.mts'), options as import('typescript').CompilerOptions, ts.sys);
  if (!found.resolvedModule) throw new Error(`Cannot find package '${specifier}' imported from ${directory}`);
  return pathToFileURL(found.resolvedModule.resolvedFileName).href;
}
