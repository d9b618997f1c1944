import {formatDiagnostic} from '../checker/format';
import type {CellEvent, CellOutcome} from '../executor';
import type {Connection} from './connection';
import {Engine} from './engine';
import {type HistoryRequest, History} from './history';
import {Language} from './language';
import type {EngineMessage} from './messages';
import {codePoints, utf16Offset} from './offsets';
import {OpenComms} from './openComms';
import {bundleContent, errorReply, kernelInfo, okReply} from './replies';
import {type RequestChannel, Transport} from './transport';
import type {Message} from './wire';

/** How the kernel is set up. */
export interface KernelOptions {
  readonly connection: Connection;
  /** Project root. */
  readonly root: string;
  /** Folder of the notebook. */
  readonly directory: string;
  readonly log: (line: string) => void;
  /** Called once everything is closed. */
  readonly onExit: () => void;
}

type Ended = Extract<EngineMessage, {type: 'done'}>;

interface Execution {
  readonly message: Message;
  readonly count: number;
  readonly silent: boolean;
  readonly finish: (ended: Ended) => void;
}

/** Requests that are answered at once, also while a cell runs. */
type Handler = (message: Message) => Promise<object> | object;

/** Longest time in ms that a reply waits for the type check. */
const CHECK_PATIENCE = 5000;

/** A Jupyter kernel for TypeScript: speaks the messaging protocol, and has cells run by another process so that it always answers. */
export class Kernel {
  private readonly transport: Transport;
  private readonly language: Language;
  private readonly history = new History();
  private readonly parents = new Map<string, Message>();
  private readonly comms = new OpenComms();
  private readonly waiting: Message[] = [];
  private engine: Engine;
  private running: Execution | null = null;
  private asking: Message | null = null;
  private latest: Message | null = null;
  private busy = false;
  private closing = false;
  private markReady: () => void = () => undefined;
  private readonly engineReady = new Promise<void>((resolve) => (this.markReady = resolve));
  private count = 0;

  constructor(private readonly options: KernelOptions) {
    this.transport = new Transport(options.connection, options.log);
    this.engine = this.startEngine();
    this.language = new Language(options.root, options.directory);
    void this.engineReady.then(() => this.language.warm());
  }

  /** Opens the sockets. */
  async start(): Promise<void> {
    await this.transport.open((channel, message) => void this.receive(channel, message).catch((error: Error) => this.options.log(String(error.stack))));
    this.transport.publish('status', {content: {execution_state: 'starting'}});
  }

  private startEngine(): Engine {
    return new Engine(this.options.root, this.options.directory, {
      receive: (message) => this.hear(message),
      write: (name, text) => this.publish(this.latest, 'stream', {name, text}),
      died: (how) => this.revive(how),
    });
  }

  private async receive(channel: RequestChannel, message: Message): Promise<void> {
    const type = message.header.msg_type;
    if (channel === 'stdin') return this.takeInput(message);
    if (type === 'execute_request') return this.enqueue(message);
    if (type.startsWith('comm_') && type !== 'comm_info_request') return this.commFromFront(message);
    const handler = this.handlers[type];
    if (!handler) return this.options.log(`dropped on ${channel}: unknown type ${type.slice(0, 60)}`);
    await this.answer(channel, message, handler);
  }

  private readonly handlers: Readonly<Record<string, Handler>> = {
    kernel_info_request: () => kernelInfo(),
    complete_request: (message) => this.complete(message),
    inspect_request: (message) => this.inspect(message),
    is_complete_request: ({content}) => this.language.isComplete(String(content.code ?? '')),
    history_request: ({content}) => ({status: 'ok', history: this.history.find(content as HistoryRequest)}),
    comm_info_request: ({content}) => this.comms.info(content.target_name),
    interrupt_request: () => this.interrupt(),
    shutdown_request: ({content}) => ({status: 'ok', restart: Boolean(content.restart)}),
  };

  private async answer(channel: RequestChannel, message: Message, handler: Handler): Promise<void> {
    this.status('busy', message);
    const content = await this.guarded(message, handler);
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    this.transport.send(channel, message.identities, type, {parent: message.header, content});
    this.status('idle', message);
    // A cell that runs meanwhile keeps the kernel busy.
    if (this.running) this.status('busy', this.running.message);
    if (type === 'shutdown_reply') await this.close();
  }

  private async guarded(message: Message, handler: Handler): Promise<object> {
    try {
      return {status: 'ok', ...(await handler(message))};
    } catch (error) {
      const {name, message: evalue} = error as Error;
      this.options.log(String((error as Error).stack));
      return {status: 'error', ename: name, evalue, traceback: []};
    }
  }

  private status(state: 'busy' | 'idle', parent: Message): void {
    this.transport.publish('status', {parent: parent.header, content: {execution_state: state}});
  }

  private publish(parent: Message | null, type: string, content: object, more: object = {}): void {
    this.transport.publish(type, {parent: parent?.header ?? {}, content, ...more});
  }

  // Execution.

  private async enqueue(message: Message): Promise<void> {
    this.waiting.push(message);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.waiting.shift(); next && !this.closing; next = this.waiting.shift()) await this.execute(next);
    this.busy = false;
  }

  private async execute(message: Message): Promise<void> {
    const {code = '', silent = false, store_history: keep = true, user_expressions: expressions, allow_stdin: allowInput = true} = message.content;
    const source = String(code);
    const counted = !silent && Boolean(keep);
    const count = counted ? ++this.count : this.count;
    this.status('busy', message);
    if (!silent) this.publish(message, 'execute_input', {code: source, execution_count: count});
    if (counted) this.history.add(count, source);
    // What is not counted is checked under a number of its own, for its names to be known as well.
    const checked = this.checked(counted ? count : -Date.now(), source);
    const ended = await this.run(message, count, Boolean(silent), source, textsOf(expressions), Boolean(allowInput));
    if (!silent) this.publishOutcome(message, count, ended.outcome);
    if (!silent) await this.showDiagnostics(message, checked);
    this.running = null;
    this.reply(message, count, ended);
    this.status('idle', message);
    if (ended.outcome.status === 'error' && message.content.stop_on_error !== false) this.abortWaiting();
  }

  private run(message: Message, count: number, silent: boolean, code: string, expressions: Record<string, string>, allowInput: boolean): Promise<Ended> {
    const id = message.header.msg_id;
    this.parents.set(id, message);
    this.latest = message;
    return new Promise((finish) => {
      this.running = {message, count, silent, finish};
      this.engine.send({type: 'execute', id, count, code, expressions, allowInput});
    });
  }

  private reply(message: Message, count: number, {outcome, expressions}: Ended): void {
    const content = outcome.status === 'ok' ? okReply(count, expressions) : errorReply(count, outcome);
    this.transport.send('shell', message.identities, 'execute_reply', {parent: message.header, content});
  }

  private publishOutcome(message: Message, count: number, outcome: CellOutcome): void {
    if (outcome.status === 'error') {
      const {ename, evalue, traceback} = outcome.failure;
      this.publish(message, 'error', {ename, evalue, traceback});
    } else if (outcome.result) {
      this.history.addOutput(count, String(outcome.result.data['text/plain'] ?? ''));
      this.publish(message, 'execute_result', {execution_count: count, ...bundleContent(outcome.result)});
    }
  }

  private async checked(count: number, source: string): Promise<string> {
    try {
      // Reading the libraries would slow the start of the process that runs the cells.
      await this.engineReady;
      const found = await this.language.check(count, source);
      return found.map((diagnostic) => `${formatDiagnostic(diagnostic, source)}\n`).join('\n');
    } catch (error) {
      this.options.log(String(error));
      return '';
    }
  }

  /**
   * Shows type errors below the cell, which was run at once all the same. The reply waits for them, so that every front end sees them, but not for long:
   * the first check of a session reads all libraries.
   */
  private async showDiagnostics(message: Message, checked: Promise<string>): Promise<void> {
    const shown = checked.then((text) => {
      if (text) this.publish(message, 'stream', {name: 'stderr', text});
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, CHECK_PATIENCE)));
    await Promise.race([shown, patience]);
    clearTimeout(timer);
  }

  /** After an error, what was asked before it is not run. */
  private abortWaiting(): void {
    for (const message of this.waiting.splice(0)) {
      this.status('busy', message);
      this.transport.send('shell', message.identities, 'execute_reply', {parent: message.header, content: {status: 'aborted', execution_count: this.count}});
      this.status('idle', message);
    }
  }

  // What the process that runs cells says.

  private hear(message: EngineMessage): void {
    if (message.type === 'ready') return this.markReady();
    const parent = this.parents.get(message.id) ?? this.latest;
    if (message.type === 'event') this.show(parent, message.event);
    if (message.type === 'comm') this.publish(parent, `comm_${message.message.step}`, ...this.comms.fromCell(message.message));
    if (message.type === 'input') this.ask(parent, message.prompt, message.password);
    if (message.type === 'handled' && parent) {
      this.status('idle', parent);
      this.parents.delete(message.id);
    }
    if (message.type === 'done' && this.running?.message.header.msg_id === message.id) this.running.finish(message);
  }

  private show(parent: Message | null, event: CellEvent): void {
    if (this.running?.silent && parent === this.running.message) return;
    if (event.type === 'stream') return this.publish(parent, 'stream', {name: event.name, text: event.text});
    const transient = event.id ? {display_id: event.id} : {};
    this.publish(parent, event.update ? 'update_display_data' : 'display_data', {...bundleContent(event.bundle), transient});
  }

  private ask(parent: Message | null, prompt: string, password: boolean): void {
    if (!parent) return;
    this.asking = parent;
    this.transport.send('stdin', parent.identities, 'input_request', {parent: parent.header, content: {prompt, password}});
  }

  private takeInput({header, content}: Message): void {
    if (header.msg_type !== 'input_reply' || !this.asking) return this.options.log('dropped on stdin: no answer was asked for');
    this.asking = null;
    this.engine.send({type: 'input', value: String(content.value ?? '')});
  }

  /** The process that runs cells is replaced when it dies; its variables are lost, which the reader is told. */
  private revive(how: string): void {
    const evalue = `the process that ran the cells ${how}; it was started anew and all variables are lost`;
    const traceback = [`DeadKernel: ${evalue}`];
    const running = this.running;
    this.engine = this.startEngine();
    if (!running) return this.publish(this.latest, 'stream', {name: 'stderr', text: `${traceback[0]}\n`});
    running.finish({type: 'done', id: running.message.header.msg_id, expressions: {}, outcome: {status: 'error', failure: {ename: 'DeadKernel', evalue, traceback}}});
  }

  /** Stops the running cell; answered at once, whatever that cell does. */
  interrupt(): object {
    if (this.running) this.engine.interrupt();
    return {status: 'ok'};
  }

  // Language.

  private async complete({content}: Message): Promise<object> {
    const code = String(content.code ?? '');
    const {start, end, items} = await this.language.complete(code, utf16Offset(code, content.cursor_pos));
    const [from, to] = [codePoints(code, start), codePoints(code, end)];
    const types = items.map(({text, kind, signature}) => ({start: from, end: to, text, type: kind, signature}));
    return {matches: items.map(({text}) => text), cursor_start: from, cursor_end: to, metadata: {_jupyter_types_experimental: types}};
  }

  private async inspect({content}: Message): Promise<object> {
    const code = String(content.code ?? '');
    const found = await this.language.inspect(code, utf16Offset(code, content.cursor_pos));
    return {found: found !== null, data: found === null ? {} : {'text/plain': found}, metadata: {}};
  }

  private commFromFront(message: Message): void {
    const received = this.comms.fromFront(message);
    if (!received) return this.options.log('dropped on shell: a comm message without comm_id');
    this.status('busy', message);
    this.parents.set(message.header.msg_id, message);
    this.engine.send({type: 'comm', id: message.header.msg_id, message: received});
  }

  /** Ends the process that runs cells, then the sockets. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.engine.close();
    await this.language.close();
    await this.transport.close();
    this.options.onExit();
  }
}

/** The entries of an object that are texts; what else a client sends is left out. */
function textsOf(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
