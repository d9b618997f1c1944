import {sep} from 'node:path';
import ts from 'typescript';

interface Kept {
  readonly version: string;
  readonly snapshot: ts.IScriptSnapshot | undefined;
}

/**
 * What the disk says, remembered: a language service asks for the same few thousand facts before each check. Packages
 * are taken to stay as they are; files of the project are looked at anew after {@link renew} .
 */
export class FileCache {
  private packages = new Facts();
  private project = new Facts();
  private readonly kept = new Map<string, Kept>();

  /** Forgets what may have changed: to be called before each check. */
  renew(): void {
    this.project = new Facts();
  }

  /** Forgets all but the texts of packages. */
  forget(): void {
    this.packages = new Facts();
    this.renew();
  }

  exists(path: string): boolean {
    return recall(this.facts(path).exists, path, ts.sys.fileExists);
  }

  folderExists(path: string): boolean {
    return recall(this.facts(path).folders, path, ts.sys.directoryExists);
  }

  read(path: string): string | undefined {
    return recall(this.facts(path).texts, path, (name) => ts.sys.readFile(name));
  }

  /** Changes when the file does. */
  version(path: string): string {
    if (isInstalled(path)) return 'installed';
    return recall(this.project.versions, path, (name) => String(ts.sys.getModifiedTime?.(name)?.getTime() ?? 0));
  }

  /** Text of a file in the form of the language service, read once for each version. */
  snapshot(path: string): ts.IScriptSnapshot | undefined {
    const version = this.version(path);
    const before = this.kept.get(path);
    if (before?.version === version) return before.snapshot;
    const text = ts.sys.readFile(path);
    const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    this.kept.set(path, {version, snapshot});
    return snapshot;
  }

  private facts(path: string): Facts {
    return isInstalled(path) ? this.packages : this.project;
  }
}

class Facts {
  readonly exists = new Map<string, boolean>();
  readonly folders = new Map<string, boolean>();
  readonly texts = new Map<string, string | undefined>();
  readonly versions = new Map<string, string>();
}

function isInstalled(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`) || path.includes('/node_modules/');
}

function recall<T>(known: Map<string, T>, path: string, find: (path: string) => T): T {
  const before = known.get(path);
  if (before !== undefined || known.has(path)) return before as T;
  const found = find(path);
  known.set(path, found);
  return found;
}
