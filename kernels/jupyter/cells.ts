import type {CellEvent} from '../executor';
import {Engine} from './engine';
import type {Front} from './front';
import type {RunnableCell} from './languageMessages';
import type {EngineMessage} from './messages';
import {OpenComms} from './openComms';
import type {VariablesQuestion} from './variables';
import type {Message} from './wire';

/** How a cell ended, as the process that ran it says. */
export type Ended = Extract<EngineMessage, {type: 'done'}>;

/** Terms under which a cell runs. */
export interface RunTerms {
  readonly silent: boolean;
  /** Whether the front end can ask its reader. */
  readonly allowInput: boolean;
  /** '' for the main shell. */
  readonly subshell: string;
}

/** A cell that was sent to be run. */
interface Running {
  readonly message: Message;
  readonly silent: boolean;
  readonly finish: (ended: Ended) => void;
}

/** Time in ms in which a process that computes may say what its variables are. */
const PATIENCE = 3000;

/** What the cells need of the kernel around them. */
export interface CellsOptions {
  readonly root: string;
  readonly directory: string;
  readonly front: Front;
  readonly log: (line: string) => void;
  /** The process has been replaced: all variables are gone. */
  readonly onLost: () => void;
}

/**
 * The cells of the notebook at work: passes requests to the process that runs them, and what it says to the front end.
 */
export class Cells {
  readonly comms = new OpenComms();
  /** Names that cells have left behind. */
  names: readonly string[] = [];
  private readonly parents = new Map<string, Message>();
  private engine: Engine;
  /** By the id of their requests: one at most in each shell. */
  private readonly running = new Map<string, Running>();
  private readonly questions = new Map<string, (answer: object) => void>();
  private asking: Message | null = null;
  private latest: Message | null = null;

  constructor(private readonly options: CellsOptions) {
    this.engine = this.start();
  }

  private start(): Engine {
    return new Engine(this.options.root, this.options.directory, {
      receive: (message) => this.hear(message),
      write: (name, text) => this.show(this.latest, {type: 'stream', name, text}),
      died: (how) => this.revive(how),
    });
  }

  /** The request whose cell runs; the latest where several shells run one. */
  get present(): Message | null {
    return [...this.running.values()].at(-1)?.message ?? null;
  }

  /**
   * What the process says of its variables; null where it does not answer in time, as while it computes.
   * @param id of the request
   */
  variables(id: string, question: VariablesQuestion): Promise<object | null> {
    return new Promise((resolve) => {
      const answer = (found: object | null): void => {
        clearTimeout(timer);
        this.questions.delete(id);
        resolve(found);
      };
      const timer = setTimeout(() => answer(null), PATIENCE);
      this.questions.set(id, answer);
      this.engine.send({type: 'variables', id, question});
    });
  }

  /** Has modules loaded that a cell, still being checked, is going to import. */
  foresee(specifiers: readonly string[]): void {
    this.engine.send({type: 'foresee', specifiers});
  }

  run(message: Message, {cell, expressions}: RunnableCell, {silent, allowInput, subshell}: RunTerms): Promise<Ended> {
    const id = message.header.msg_id;
    this.parents.set(id, message);
    this.latest = message;
    return new Promise((resolve) => {
      const finish = (ended: Ended): void => {
        this.running.delete(id);
        if (this.asking === message) this.asking = null;
        resolve(ended);
      };
      this.running.set(id, {message, silent, finish});
      this.engine.send({type: 'execute', id, cell, expressions, allowInput, subshell});
    });
  }

  private hear(message: EngineMessage): void {
    const {front} = this.options;
    if (message.type === 'done') return this.finish(message);
    if (message.type === 'variables') return this.questions.get(message.id)?.(message.answer);
    const parent = this.parents.get(message.id) ?? this.latest;
    if (message.type === 'event') this.show(parent, message.event);
    if (message.type === 'comm') {
      front.publish(parent, `comm_${message.message.step}`, ...this.comms.fromCell(message.message));
    }
    if (message.type === 'input') this.ask(parent, message.prompt, message.password);
    if (message.type === 'handled' && parent) {
      front.status('idle', parent);
      this.parents.delete(message.id);
    }
  }

  private finish(ended: Ended): void {
    this.names = ended.names;
    this.running.get(ended.id)?.finish(ended);
  }

  private show(parent: Message | null, event: CellEvent): void {
    if (parent && this.running.get(parent.header.msg_id)?.silent) return;
    this.options.front.show(parent, event);
  }

  private ask(parent: Message | null, prompt: string, password: boolean): void {
    if (!parent) return;
    this.asking = parent;
    this.options.front.reply('stdin', parent, 'input_request', {prompt, password});
  }

  takeInput({header, content}: Message): void {
    if (header.msg_type !== 'input_reply' || !this.asking) {
      return this.options.log('dropped on stdin: no answer was asked for');
    }
    this.asking = null;
    this.engine.send({type: 'input', value: String(content.value ?? '')});
  }

  commFromFront(message: Message): void {
    const received = this.comms.fromFront(message);
    if (!received) return this.options.log('dropped on shell: a comm message without comm_id');
    this.options.front.status('busy', message);
    this.parents.set(message.header.msg_id, message);
    const {msg_id: id, subshell_id: subshell} = message.header;
    this.engine.send({type: 'comm', id, message: received, subshell: subshell ?? ''});
  }

  /** The process is replaced when it dies; its variables are lost, which the reader is told. */
  private revive(how: string): void {
    const evalue = `the process that ran the cells ${how}; it was started anew and all variables are lost`;
    const traceback = [`DeadKernel: ${evalue}`];
    this.names = [];
    this.engine = this.start();
    this.options.onLost();
    if (this.running.size === 0) {
      return this.options.front.publish(this.latest, 'stream', {name: 'stderr', text: `${traceback[0]}\n`});
    }
    for (const [id, {finish}] of this.running) finish({
      type: 'done', id, names: [], expressions: {},
      outcome: {status: 'error', failure: {ename: 'DeadKernel', evalue, traceback}},
    });
  }

  /** Stops what runs, a cell or the callback of a control. */
  interrupt(): void {
    this.engine.interrupt();
  }

  /** Ends the process; resolves once it has said its last. */
  close(): Promise<void> {
    return this.engine.close();
  }
}
