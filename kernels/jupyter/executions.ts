import type {CellOutcome} from '../executor';
import type {Cells, Ended} from './cells';
import type {Front} from './front';
import {History} from './history';
import type {Language} from './language';
import type {CellToPrepare, Prepared} from './languageMessages';
import {bundleContent, errorReply, okReply} from './replies';
import type {Message} from './wire';

/** What the shells of a kernel share. */
export class Session {
  readonly history = new History();
  count = 0;

  constructor(readonly front: Front, readonly cells: Cells, readonly language: Language) {}
}

/** The execution requests of a shell, one after the other. */
export class Executions {
  private readonly waiting: Message[] = [];
  private busy = false;
  private stopped = false;
  private interrupted = false;

  private readonly front: Front;
  private readonly cells: Cells;

  /** @param subshell '' for the main shell */
  constructor(private readonly session: Session, private readonly subshell = '') {
    this.front = session.front;
    this.cells = session.cells;
  }

  /** Takes a request; resolves once nothing is left to run. */
  async take(message: Message): Promise<void> {
    this.waiting.push(message);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.waiting.shift(); next && !this.stopped; next = this.waiting.shift()) await this.execute(next);
    this.busy = false;
  }

  /** The cell that is checked does not run. */
  interrupt(): void {
    this.interrupted = this.busy;
  }

  /** Runs nothing more. */
  stop(): void {
    this.stopped = true;
  }

  /** Runs nothing more; what waits is told so. */
  close(): void {
    this.stop();
    this.abortWaiting();
  }

  private async execute(message: Message): Promise<void> {
    const {code = '', silent = false, store_history: keep = true} = message.content;
    const source = String(code);
    const counted = !silent && Boolean(keep);
    const count = counted ? ++this.session.count : this.session.count;
    this.interrupted = false;
    this.front.status('busy', message);
    if (!silent) this.front.publish(message, 'execute_input', {code: source, execution_count: count});
    if (counted) this.session.history.add(count, source);
    // What is not counted is checked under a number of its own, for its names to be known as well.
    const ended = await this.run(message, {count: counted ? count : -Date.now(), name: `cell-${count}`, code: source});
    if (!silent) this.publishOutcome(message, count, ended.outcome);
    const content =
      ended.outcome.status === 'ok' ? okReply(count, ended.expressions) : errorReply(count, ended.outcome);
    this.front.reply('shell', message, 'execute_reply', content);
    this.front.status('idle', message);
    if (ended.outcome.status === 'error' && message.content.stop_on_error !== false) this.abortWaiting();
  }

  private async run(message: Message, cell: Pick<CellToPrepare, 'count' | 'name' | 'code'>): Promise<Ended> {
    const {silent = false, user_expressions: expressions, allow_stdin: allowInput = true} = message.content;
    const prepared = await this.prepare({...cell, known: this.cells.names, expressions: textsOf(expressions)});
    const failure = 'failure' in prepared ? prepared.failure : null;
    if (failure) return {
      type: 'done', id: message.header.msg_id, names: this.cells.names, expressions: {},
      outcome: {status: 'error', failure},
    };
    const runnable = prepared as Exclude<Prepared, {failure: unknown}>;
    if (runnable.note && !silent) this.front.publish(message, 'stream', {name: 'stderr', text: runnable.note});
    return this.cells.run(message, runnable, {
      silent: Boolean(silent), allowInput: Boolean(allowInput), subshell: this.subshell,
    });
  }

  private async prepare(cell: CellToPrepare): Promise<Prepared> {
    try {
      const prepared = await this.session.language.prepare(cell, (specifiers) => this.cells.foresee(specifiers));
      if (!this.interrupted) return prepared;
      const evalue = 'stopped by the user before it ran';
      return {failure: {ename: 'Interrupted', evalue, traceback: [`Interrupted: ${evalue}`]}};
    } catch (error) {
      const {name: ename, message: evalue} = error as Error;
      return {failure: {ename, evalue, traceback: [`${ename}: ${evalue}`]}};
    }
  }

  private publishOutcome(message: Message, count: number, outcome: CellOutcome): void {
    if (outcome.status === 'error') {
      const {ename, evalue, traceback} = outcome.failure;
      this.front.publish(message, 'error', {ename, evalue, traceback});
    } else if (outcome.result) {
      this.session.history.addOutput(count, String(outcome.result.data['text/plain'] ?? ''));
      this.front.publish(message, 'execute_result', {execution_count: count, ...bundleContent(outcome.result)});
    }
  }

  /** After an error, what was asked before it is not run. */
  private abortWaiting(): void {
    for (const message of this.waiting.splice(0)) {
      this.front.status('busy', message);
      this.front.reply('shell', message, 'execute_reply', {status: 'aborted', execution_count: this.session.count});
      this.front.status('idle', message);
    }
  }
}

/** The entries of an object that are texts; what else a client sends is left out. */
function textsOf(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
