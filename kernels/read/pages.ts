import {Language} from '../jupyter/language';
import type {Notebook, Output} from '../nbformat/notebook';
import {named, neededCells} from './dependence';
import type {KernelPool} from './kernelPool';
import type {Answers, Edits, PageRequest} from './protocol';
import {savedNotebook} from './saved';
import {Session} from './session';

/** What the pages of a server share. */
export interface PagesOptions {
  readonly root: string;
  /** Folder of the notebooks. */
  readonly directory: string;
  readonly notebooks: ReadonlyMap<string, Notebook>;
  readonly profile: string;
  /** Where kernels come from; closed with the pages. */
  readonly pool: KernelPool;
  readonly render: (notebook: Notebook, name: string) => (output: Output, cell: string) => string;
  readonly log: (line: string) => void;
}

type Ask = Extract<PageRequest, {type: 'ask'}>;

/** What the server needs of the live pages. */
export interface LivePages {
  /** In which the cells run. */
  readonly profile: string;
  has(name: string): boolean;
  /** The session of a page; undefined for an unknown name. */
  session(name: string): Session | undefined;
  answer(name: string, request: Ask): Promise<Answers[Ask['what']]>;
  close(): Promise<void>;
}

/** The live pages: a session for each that has been opened, one process that knows TypeScript. */
export class Pages implements LivePages {
  readonly profile: string;
  private readonly sessions = new Map<string, Session>();
  private language: Language | null = null;

  constructor(private readonly options: PagesOptions) {
    this.profile = options.profile;
  }

  has(name: string): boolean {
    return this.options.notebooks.has(name);
  }

  /** The session of a page; undefined for an unknown name. */
  session(name: string): Session | undefined {
    const {notebooks, profile, render, log, pool} = this.options, notebook = notebooks.get(name);
    if (!notebook) return undefined;
    const session = this.sessions.get(name) ?? new Session({
      notebook, profile, log, render: render(notebook, name), kernel: () => pool.take(),
    });
    this.sessions.set(name, session);
    if (!session.hasKernel) pool.prepare(localImports(session.originals.values()));
    return session;
  }

  /** Answers a question about a cell of a page. */
  answer(name: string, request: Ask): Promise<Answers[Ask['what']]> {
    const session = this.session(name)!, {cell, offset, edits} = request;
    if (request.what === 'save') {
      return Promise.resolve(savedNotebook(this.options.notebooks.get(name)!, session, edits));
    }
    if (request.what === 'needs') return Promise.resolve(this.needs(session, cell, edits));
    const language = this.typescript(), cells = [...session.originals.keys()];
    const code = textOf(session, cell, edits);
    // Both questions leave in one turn: no other page comes between.
    void language.follow(cells.slice(0, cells.indexOf(cell)).map((each) => textOf(session, each, edits)))
      .catch((error: Error) => this.options.log(error.message));
    if (request.what === 'errors') return language.errors(code);
    return request.what === 'inspect' ? language.inspect(code, offset) : language.complete(code, offset);
  }

  private needs(session: Session, cell: string, edits: Edits): readonly string[] {
    const page = [...session.originals.keys()].map((each) => named(each, textOf(session, each, edits)));
    return neededCells(page, cell, session.ran);
  }

  private typescript(): Language {
    this.language ??= new Language(this.options.root, this.options.directory, this.options.log);
    return this.language;
  }

  /** Ends all kernels. */
  async close(): Promise<void> {
    this.language?.close();
    await Promise.all([this.options.pool.close(), ...[...this.sessions.values()].map((session) => session.close())]);
  }
}

function textOf(session: Session, cell: string, edits: Edits): string {
  return edits[cell] ?? session.originals.get(cell)!;
}

/** Files beside the notebooks that cells import. */
function localImports(sources: Iterable<string>): string[] {
  const found = [...sources].flatMap((code) => [...code.matchAll(/^import\b[^;]*\bfrom\s+'(\.{1,2}\/[\w./-]+)'/gm)]);
  return [...new Set(found.map(([, name]) => name))];
}
