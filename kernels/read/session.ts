import type {Message} from '../jupyter/wire';
import {joined, type Notebook, type Output} from '../nbformat/notebook';
import {named, type NamedCell, staleCells} from './dependence';
import type {RunningKernel} from './kernelProcess';
import {Controls} from './controls';
import {type CellOutputs, displayOf, NO_OUTPUTS, withDisplay, withMessage} from './outputs';
import {OutputFeed} from './outputFeed';
import type {CellPhase, CellView, Edits, KernelState, PageRequest, Question, ServerMessage} from './protocol';

/** A page that is open somewhere. */
export interface Reader {
  send(message: ServerMessage): void;
}

/** What a session needs of the server. */
export interface SessionOptions {
  readonly notebook: Notebook;
  readonly profile: string;
  /** A kernel that nobody uses. */
  readonly kernel: () => Promise<RunningKernel>;
  /** An output as markup that is safe to show. */
  readonly render: (output: Output, cell: string) => string;
  readonly log: (line: string) => void;
}

interface LiveCell {
  phase: CellPhase;
  /** Where it stood before it was asked to run. */
  was: CellPhase;
  count: number | null;
  ran: string | null;
  took: number | null;
  since: number;
  outputs: CellOutputs;
}

const BLANK: LiveCell = {
  phase: 'fresh', was: 'fresh', count: null, ran: null, took: null, since: 0, outputs: NO_OUTPUTS,
};

/** A request on its way: the cell that it runs, or whose control was moved. */
interface Pending {
  readonly cell: string;
  readonly code?: string;
  readonly model?: string;
  reply?: string;
  isIdle?: boolean;
}

/** Most runs that are remembered to say which cells are out of date. */
const MOST_RUNS = 2000;

/**
 * One notebook page, live: its kernel and what its cells have shown. It stays when pages close, reload or lose their
 * connection: a page that comes back is told everything, and two pages see the same.
 */
export class Session {
  /** Sources of the code cells as the notebook has them. */
  readonly originals: ReadonlyMap<string, string>;
  private readonly readers = new Set<Reader>();
  private readonly cells = new Map<string, LiveCell>();
  private readonly requests = new Map<string, Pending>();
  private readonly controls: Controls;
  private readonly feed: OutputFeed;
  private runs: readonly NamedCell[] = [];
  private stale: ReadonlySet<string> = new Set();
  private kernel: RunningKernel | null = null;
  private starting: Promise<RunningKernel> | null = null;
  private state: KernelState = 'none';
  private question: (Question & {readonly header: object}) | null = null;

  constructor(private readonly options: SessionOptions) {
    this.originals = new Map(options.notebook.cells.filter(({cell_type}) => cell_type === 'code').map(({id, source}) =>
      [id!, joined(source)]));
    this.feed = new OutputFeed(options.render, (message) => this.tell(message));
    this.controls = new Controls((model, data) => this.sendToControl(model, data));
  }

  /** Whether a kernel is there for it, or on its way. */
  get hasKernel(): boolean {
    return this.kernel !== null || this.starting !== null;
  }

  /** A page opens: it is told where everything stands, then what changes. @returns to be called when it closes */
  open(reader: Reader): () => void {
    reader.send({
      type: 'snapshot', kernel: this.state, profile: this.options.profile,
      sources: [...this.originals],
      cells: [...this.cells.keys()].map((cell) => this.view(cell)),
      outputs: [...this.cells].map(([cell, {outputs}]) => this.feed.whole(cell, outputs)),
      models: this.controls.states(), question: this.asked(),
    });
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }

  /** Cells that have run in this kernel. */
  get ran(): ReadonlySet<string> {
    const live: readonly CellPhase[] = ['done', 'running', 'waiting'];
    return new Set([...this.cells].filter(([, {phase}]) => live.includes(phase)).map(([cell]) => cell));
  }

  /** What a cell has shown since the page became live; undefined when it has not run. */
  shown(cell: string): {readonly count: number | null; readonly outputs: readonly Output[]} | undefined {
    const found = this.cells.get(cell);
    return found && found.ran !== null
      ? {count: found.count, outputs: found.outputs.items.map(({output}) => output)}
      : undefined;
  }

  /** Carries out what a page asks. @param from the page itself */
  handle(request: Exclude<PageRequest, {type: 'ask'}>, from: Reader): void {
    if (request.type === 'run') this.run(request.cells, request.edits);
    if (request.type === 'interrupt') this.kernel?.send('control', 'interrupt_request', {});
    if (request.type === 'restart') this.restart();
    if (request.type === 'input') this.answer(request.value);
    if (request.type === 'widget') {
      this.tell({type: 'model', model: request.model, state: request.state}, from);
      this.controls.move(request.model, request.state);
    }
    if (request.type === 'click') this.controls.click(request.model);
  }

  private run(cells: readonly string[], edits: Edits): void {
    for (const cell of cells) this.change(cell, {phase: 'waiting', was: this.cells.get(cell)?.phase ?? 'fresh'});
    this.tellCells(cells);
    const codes = cells.map((cell) => edits[cell] ?? this.originals.get(cell)!);
    this.ready().then(
      (kernel) => cells.forEach((cell, k) => this.execute(kernel, cell, codes[k])),
      (error: Error) => this.lose(error.message),
    );
  }

  private ready(): Promise<RunningKernel> {
    if (this.kernel) return Promise.resolve(this.kernel);
    if (!this.starting) this.tellKernel('starting');
    this.starting ??= this.options.kernel().then((kernel) => {
      this.kernel = kernel;
      this.starting = null;
      this.tellKernel('idle');
      kernel.hear({receive: (message) => this.receive(kernel, message), died: (how) => this.lose(how, kernel)});
      return kernel;
    });
    return this.starting;
  }

  private execute(kernel: RunningKernel, cell: string, code: string): void {
    const id = kernel.send('shell', 'execute_request', {
      code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true,
    });
    this.requests.set(id, {cell, code});
    this.tellKernel('busy');
  }

  private receive(kernel: RunningKernel, {header: {msg_type: type, ...header}, parent, content}: Message): void {
    if (kernel !== this.kernel) return;
    const request = this.requests.get(String(parent.msg_id));
    if (type.startsWith('comm_')) return this.comm(type, content, request);
    if (type === 'update_display_data') return this.replace(content);
    if (!request) return;
    if (type === 'input_request') return this.ask(request.cell, content, {...header, msg_type: type});
    if (type === 'execute_input') return this.begin(request, Number(content.execution_count));
    if (type === 'execute_reply') request.reply = String(content.status);
    if (type === 'status' && content.execution_state === 'idle') request.isIdle = true;
    if (type === 'error' && content.ename === 'DeadKernel') this.forget(request.cell);
    this.show(request.cell, (before) => withMessage(before, {type, content}));
    this.settle(String(parent.msg_id), request);
  }

  private begin({cell, code = ''}: Pending, count: number): void {
    this.controls.drop(cell);
    const outputs = {items: this.cells.get(cell)?.outputs.items ?? [], clearing: true};
    this.change(cell, {phase: 'running', count, ran: code, outputs, since: performance.now()});
    this.tellCells([cell]);
  }

  /** A request is done with when its reply has come and everything that was shown under it. */
  private settle(id: string, {cell, model, reply, isIdle}: Pending): void {
    if (!isIdle || (!model && !reply)) return;
    this.requests.delete(id);
    if (model) return this.controls.handled(model);
    this.show(cell, (before) => (before.clearing ? NO_OUTPUTS : before));
    this.feed.flush(cell);
    if (reply === 'aborted') this.change(cell, {phase: this.cells.get(cell)!.was});
    else this.finish(cell, reply === 'ok' ? 'done' : 'failed');
    if (![...this.requests.values()].some((request) => !request.model)) this.tellKernel('idle');
    this.tellCells([cell]);
  }

  private finish(cell: string, phase: CellPhase): void {
    const {since, ran} = this.cells.get(cell)!;
    this.question = null;
    this.change(cell, {phase, took: performance.now() - since});
    this.runs = [...this.runs.slice(-MOST_RUNS), named(cell, ran ?? '')];
    this.mark();
  }

  /** Marks the cells whose inputs have changed. */
  private mark(): void {
    const before = this.stale;
    this.stale = staleCells(this.runs);
    this.tellCells([...this.cells.keys()].filter((cell) => before.has(cell) !== this.stale.has(cell)));
  }

  private show(cell: string, change: (before: CellOutputs) => CellOutputs): void {
    const before = this.cells.get(cell)?.outputs ?? NO_OUTPUTS, outputs = change(before);
    if (outputs === before) return;
    this.change(cell, {outputs});
    this.feed.changed(cell, outputs);
  }

  private replace(content: Message['content']): void {
    const display = displayOf(content);
    if (display === undefined) return;
    for (const cell of this.cells.keys()) this.show(cell, (before) => withDisplay(before, display, content));
  }

  private comm(type: string, content: Message['content'], request: Pending | undefined): void {
    const changed = this.controls.hear(type, content, request?.cell);
    if (changed) this.tell({type: 'model', ...changed});
  }

  private sendToControl(model: string, data: object): boolean {
    const cell = this.controls.ownerOf(model);
    if (!this.kernel || cell === undefined) return false;
    this.requests.set(this.kernel.send('shell', 'comm_msg', {comm_id: model, data}), {cell, model});
    return true;
  }

  private ask(cell: string, {prompt, password}: Message['content'], header: object): void {
    this.question = {cell, prompt: String(prompt), password: Boolean(password), header};
    this.tell({type: 'question', question: this.asked()});
  }

  private asked(): Question | null {
    const {question} = this;
    return question && {cell: question.cell, prompt: question.prompt, password: question.password};
  }

  private answer(value: string): void {
    if (!this.question) return;
    this.kernel?.send('stdin', 'input_reply', {value}, this.question.header);
    this.question = null;
    this.tell({type: 'question', question: null});
  }

  private restart(): void {
    const {kernel} = this;
    this.kernel = null;
    this.forget();
    this.tellKernel('starting');
    this.ready().catch((error: Error) => this.lose(error.message));
    void kernel?.close();
  }

  /** The kernel has gone without being asked. */
  private lose(how: string, kernel: RunningKernel | null = null): void {
    if (kernel !== this.kernel) return;
    this.kernel = null;
    this.starting = null;
    this.options.log(`a kernel ${how}`);
    this.forget();
    this.tellKernel('dead', how);
  }

  /** All variables are gone. @param but the cell that says so */
  private forget(but?: string): void {
    for (const [id, {cell}] of this.requests) if (cell !== but) this.requests.delete(id);
    for (const cell of this.cells.keys()) if (cell !== but) this.change(cell, {phase: this.after(cell)});
    this.controls.clear();
    [this.runs, this.stale, this.question] = [[], new Set(), null];
    this.tellCells([...this.cells.keys()]);
  }

  private after(cell: string): CellPhase {
    return this.cells.get(cell)!.ran === null ? 'fresh' : 'lost';
  }

  private change(cell: string, part: Partial<LiveCell>): void {
    this.cells.set(cell, {...BLANK, ...this.cells.get(cell), ...part});
  }

  private view(cell: string): CellView {
    const {phase, count, ran, took} = this.cells.get(cell)!;
    return {cell, phase, count, ran, took, stale: this.stale.has(cell)};
  }

  private tellCells(cells: readonly string[]): void {
    if (cells.length > 0) this.tell({type: 'cells', cells: cells.map((cell) => this.view(cell))});
  }

  private tellKernel(kernel: KernelState, how?: string): void {
    if (this.state === kernel) return;
    this.state = kernel;
    this.tell({type: 'kernel', kernel, ...(how ? {how} : {})});
  }

  private tell(message: ServerMessage, but?: Reader): void {
    for (const reader of this.readers) if (reader !== but) reader.send(message);
  }

  /** Ends the kernel. */
  async close(): Promise<void> {
    const kernel = this.kernel ?? (await this.starting?.catch(() => null));
    this.kernel = null;
    await kernel?.close();
  }
}
