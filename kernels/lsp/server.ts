import {dirname} from 'node:path';
import type {Readable, Writable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import type {CellDiagnostic} from '../checker/format';
import {placedCells} from './cells';
import {readFrames, type RpcMessage, writeFrame} from './frames';

/** What the server asks about cells; see `Language`. */
export interface CellKnowledge {
  follow(sources: readonly string[]): Promise<void>;
  errors(code: string): Promise<readonly CellDiagnostic[]>;
  inspect(code: string, offset: number): Promise<string | null>;
}

/** A server on two streams. */
export interface LspOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Knows the cells of notebooks in a folder. */
  readonly languageIn: (directory: string) => CellKnowledge;
  readonly exit: (code: number) => void;
  readonly log: (line: string) => void;
}

/** Time in ms without a change after which a text is judged. */
const PAUSE = 300;

const NO_SUCH_METHOD = -32601, FAILED = -32603;

interface Place {
  readonly line: number;
  readonly character: number;
}

interface TextDocument {
  readonly uri: string;
  readonly text: string;
}

interface Params {
  readonly textDocument: TextDocument;
  readonly contentChanges: readonly {readonly text: string}[];
  readonly position: Place;
}

/**
 * What is wrong with the cells of a notebook while they are written, and what a name stands for, in the language server
 * protocol: so JupyterLab shows it, with the extension `jupyterlab-lsp`, before anything was run.
 */
export class LspServer {
  private readonly texts = new Map<string, string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** Questions about one notebook after the other: what is asked in between would change what the next is about. */
  private queue: Promise<unknown> = Promise.resolve();
  private isShut = false;

  constructor(private readonly options: LspOptions) {
    readFrames(options.input, (message) => this.hear(message), (why) => {
      options.log(why);
      options.exit(1);
    });
    options.input.on('end', () => options.exit(this.isShut ? 0 : 1));
  }

  private hear({id, method = '', params}: RpcMessage): void {
    if (method === 'exit') return this.options.exit(this.isShut ? 0 : 1);
    if (id === undefined) return this.note(method, params as Params);
    this.answer(method, params as Params).then(
      (result) => this.say({id, result}),
      (error: Error) => this.say({
        id, error: {code: error instanceof UnknownMethod ? NO_SUCH_METHOD : FAILED, message: error.message},
      }),
    );
  }

  private note(method: string, params: Params): void {
    if (method === 'textDocument/didOpen') this.take(params.textDocument);
    if (method === 'textDocument/didChange') {
      this.take({uri: params.textDocument.uri, text: params.contentChanges.at(-1)?.text ?? ''});
    }
    if (method === 'textDocument/didClose') this.forget(params.textDocument.uri);
  }

  private async answer(method: string, params: Params): Promise<unknown> {
    if (method === 'initialize') return {
      capabilities: {textDocumentSync: 1, hoverProvider: true}, serverInfo: {name: 'obsnode'},
    };
    if (method === 'textDocument/hover') return this.hover(params.textDocument.uri, params.position);
    if (method !== 'shutdown') throw new UnknownMethod(method);
    this.isShut = true;
    return null;
  }

  private take({uri, text}: TextDocument): void {
    this.texts.set(uri, text);
    clearTimeout(this.timers.get(uri));
    this.timers.set(uri, setTimeout(() => this.inTurn(() => this.judge(uri, text)).catch((error: Error) =>
      this.options.log(error.message)), PAUSE));
  }

  private forget(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.texts.delete(uri);
    this.timers.delete(uri);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async judge(uri: string, text: string): Promise<void> {
    const language = this.options.languageIn(folderOf(uri)), cells = placedCells(text), found: object[] = [];
    for (const [k, {source, line}] of cells.entries()) {
      if (this.texts.get(uri) !== text) return; // it has changed meanwhile
      const [, errors] = await Promise.all([follow(language, cells.slice(0, k)), language.errors(source)]);
      found.push(...errors.map((error) => diagnosticOf(error, line)));
    }
    this.say({method: 'textDocument/publishDiagnostics', params: {uri, diagnostics: found}});
  }

  private hover(uri: string, {line, character}: Place): Promise<object | null> {
    return this.inTurn(async () => {
      const cells = placedCells(this.texts.get(uri) ?? ''), k = cells.findLastIndex((cell) => cell.line <= line);
      if (k < 0) return null;
      const language = this.options.languageIn(folderOf(uri)), lines = cells[k].source.split('\n');
      const before = lines.slice(0, line - cells[k].line).reduce((sum, each) => sum + each.length + 1, 0);
      const [, found] = await Promise.all([
        follow(language, cells.slice(0, k)), language.inspect(cells[k].source, before + character),
      ]);
      return found ? {contents: {kind: 'markdown', value: `\`\`\`typescript\n${found}\n\`\`\``}} : null;
    });
  }

  private say(message: RpcMessage): void {
    writeFrame(this.options.output, message);
  }
}

class UnknownMethod extends Error {}

function follow(language: CellKnowledge, cells: readonly {readonly source: string}[]): Promise<void> {
  return language.follow(cells.map(({source}) => source));
}

/** Where the imports of a notebook start from: JupyterLab puts its text into a folder of its own below the root. */
function folderOf(uri: string): string {
  return dirname(fileURLToPath(uri)).replace(/[\\/]\.virtual_documents(?=[\\/]|$)/, '');
}

function diagnosticOf({line, column, endLine, endColumn, code, message}: CellDiagnostic, first: number): object {
  const at = (l: number, c: number): Place => ({line: first + l - 1, character: c - 1});
  return {
    range: {start: at(line, column), end: at(endLine, endColumn)}, severity: 1, code, source: 'TypeScript', message,
  };
}
