import {randomUUID} from 'node:crypto';
import {Cells} from './cells';
import type {Connection} from './connection';
import {Executions, Session} from './executions';
import {Front} from './front';
import type {HistoryRequest} from './history';
import {Language} from './language';
import {codePoints, utf16Offset} from './offsets';
import {kernelInfo} from './replies';
import {type RequestChannel, Transport} from './transport';
import {debugInfo, variablesQuestion} from './variables';
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

/** Requests that are answered at once, also while a cell runs. */
type Handler = (message: Message) => Promise<object> | object;

/**
 * A Jupyter kernel for TypeScript: speaks the messaging protocol, and leaves code to two other processes so that it
 * always answers.
 */
export class Kernel {
  private readonly transport: Transport;
  private readonly front: Front;
  private readonly language: Language;
  private readonly cells: Cells;
  private readonly session: Session;
  private readonly executions: Executions;
  /** By their ids. Each runs its own requests one after the other, beside those of the others. */
  private readonly subshells = new Map<string, Executions>();
  private closing = false;

  constructor(private readonly options: KernelOptions) {
    const {root, directory, log, connection} = options;
    this.transport = new Transport(connection, log);
    this.front = new Front(this.transport);
    this.language = new Language(root, directory, log);
    this.cells = new Cells({root, directory, log, front: this.front, onLost: () =>
      void this.language.forget().catch((error: Error) => log(error.message))});
    this.session = new Session(this.front, this.cells, this.language);
    this.executions = this.shell('');
  }

  private shell(id: string): Executions {
    return new Executions(this.session, id);
  }

  /** Opens the sockets. */
  async start(): Promise<void> {
    await this.transport.open((channel, message) =>
      void this.receive(channel, message).catch((error: Error) => this.options.log(String(error.stack))));
    this.transport.publish('status', {content: {execution_state: 'starting'}});
  }

  private async receive(channel: RequestChannel, message: Message): Promise<void> {
    const type = message.header.msg_type;
    if (channel === 'stdin') return this.cells.takeInput(message);
    const subshell = channel === 'shell' ? message.header.subshell_id ?? '' : '';
    const shell = subshell === '' ? this.executions : this.subshells.get(subshell);
    if (!shell) return this.answer(channel, message, () => { throw unknownSubshell(subshell); });
    if (type === 'execute_request') return this.execute(message, shell);
    if (type.startsWith('comm_') && type !== 'comm_info_request') return this.cells.commFromFront(message);
    const handler = Object.hasOwn(this.handlers, type) ? this.handlers[type] : undefined;
    if (!handler) return this.options.log(`dropped on ${channel}: unknown type ${type.slice(0, 60)}`);
    await this.answer(channel, message, handler);
  }

  private readonly handlers: Readonly<Record<string, Handler>> = {
    kernel_info_request: () => kernelInfo(),
    complete_request: (message) => this.complete(message),
    inspect_request: (message) => this.inspect(message),
    is_complete_request: ({content}) => this.language.isComplete(String(content.code ?? '')),
    history_request: ({content}) => ({status: 'ok', history: this.session.history.find(content as HistoryRequest)}),
    comm_info_request: ({content}) => this.cells.comms.info(content.target_name),
    interrupt_request: () => this.interrupt(),
    create_subshell_request: () => this.createSubshell(),
    delete_subshell_request: ({content}) => this.deleteSubshell(content.subshell_id),
    list_subshell_request: () => ({subshell_id: [...this.subshells.keys()]}),
    debug_request: (message) => this.debug(message),
    shutdown_request: ({content}) => ({status: 'ok', restart: Boolean(content.restart)}),
  };

  private createSubshell(): object {
    const id = randomUUID();
    this.subshells.set(id, this.shell(id));
    return {subshell_id: id};
  }

  /** A cell of it that runs goes on to its end. */
  private deleteSubshell(id: unknown): object {
    const subshell = this.subshells.get(String(id));
    if (!subshell) throw unknownSubshell(id);
    this.subshells.delete(String(id));
    subshell.close();
    return {};
  }

  /** There is no debugger; what a panel of variables asks of one is answered all the same. */
  private async debug({header, content}: Message): Promise<object> {
    const {seq = 0, command = ''} = content, base = {type: 'response', seq, request_seq: seq, command};
    const question = variablesQuestion(content);
    if (!question) return {...base, success: false, message: `no debugger: ${String(command).slice(0, 60)}`};
    const body = question.ask === 'state' ? debugInfo() : await this.cells.variables(header.msg_id, question);
    return body ? {...base, success: true, body} : {...base, success: false, message: 'the cells are busy computing'};
  }

  private async execute(message: Message, shell: Executions): Promise<void> {
    await shell.take(message);
    // The first cell is done: there is time to make the next start a fast one.
    this.language.keep();
  }

  private async answer(channel: RequestChannel, message: Message, handler: Handler): Promise<void> {
    this.front.status('busy', message);
    const content = await this.guarded(message, handler);
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    this.front.reply(channel, message, type, content);
    this.front.status('idle', message);
    // A cell that runs meanwhile keeps the kernel busy.
    if (this.cells.present) this.front.status('busy', this.cells.present);
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

  private shells(): readonly Executions[] {
    return [this.executions, ...this.subshells.values()];
  }

  /** Stops the running cells; answered at once, whatever they do. */
  interrupt(): object {
    for (const shell of this.shells()) shell.interrupt();
    this.cells.interrupt();
    return {status: 'ok'};
  }

  private async complete({content}: Message): Promise<object> {
    const code = String(content.code ?? '');
    const {start, end, items} = await this.language.complete(code, utf16Offset(code, content.cursor_pos));
    const [from, to] = [codePoints(code, start), codePoints(code, end)];
    const types = items.map(({text, kind, signature}) => ({start: from, end: to, text, type: kind, signature}));
    return {
      matches: items.map(({text}) => text), cursor_start: from, cursor_end: to,
      metadata: {_jupyter_types_experimental: types},
    };
  }

  private async inspect({content}: Message): Promise<object> {
    const code = String(content.code ?? '');
    const found = await this.language.inspect(code, utf16Offset(code, content.cursor_pos));
    return {found: found !== null, data: found === null ? {} : {'text/plain': found}, metadata: {}};
  }

  /** Ends the other processes, then the sockets. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    for (const shell of this.shells()) shell.stop();
    this.language.close();
    await this.cells.close();
    this.front.flush();
    await this.transport.close();
    this.options.onExit();
  }
}

function unknownSubshell(id: unknown): Error {
  const error = new Error(`there is no subshell ${JSON.stringify(id)?.slice(0, 60)}`);
  return Object.assign(error, {name: 'UnknownSubshell'});
}
