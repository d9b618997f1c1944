import type {CellEvent} from '../executor';
import {Engine} from './engine';
import type {Front} from './front';
import type {RunnableCell} from './languageMessages';
import type {EngineMessage} from './messages';
import {OpenComms} from './openComms';
import type {Message} from './wire';

/** How a cell ended, as the process that ran it says. */
export type Ended = Extract<EngineMessage, {type: 'done'}>;

/** Terms under which a cell runs. */
export interface RunTerms {
  readonly silent: boolean;
  /** Whether the front end can ask its reader. */
  readonly allowInput: boolean;
}

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
  private running: {message: Message; silent: boolean; finish: (ended: Ended) => void} | null = null;
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

  /** The request whose cell runs. */
  get present(): Message | null {
    return this.running?.message ?? null;
  }

  /** Has modules loaded that a cell, still being checked, is going to import. */
  foresee(specifiers: readonly string[]): void {
    this.engine.send({type: 'foresee', specifiers});
  }

  run(message: Message, {cell, expressions}: RunnableCell, {silent, allowInput}: RunTerms): Promise<Ended> {
    const id = message.header.msg_id;
    this.parents.set(id, message);
    this.latest = message;
    return new Promise((resolve) => {
      const finish = (ended: Ended): void => {
        this.running = null;
        this.asking = null;
        resolve(ended);
      };
      this.running = {message, silent, finish};
      this.engine.send({type: 'execute', id, cell, expressions, allowInput});
    });
  }

  private hear(message: EngineMessage): void {
    const {front} = this.options;
    if (message.type === 'done') return this.finish(message);
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
    if (this.running?.message.header.msg_id === ended.id) this.running.finish(ended);
  }

  private show(parent: Message | null, event: CellEvent): void {
    if (this.running?.silent && parent === this.running.message) return;
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
    this.engine.send({type: 'comm', id: message.header.msg_id, message: received});
  }

  /** The process is replaced when it dies; its variables are lost, which the reader is told. */
  private revive(how: string): void {
    const evalue = `the process that ran the cells ${how}; it was started anew and all variables are lost`;
    const traceback = [`DeadKernel: ${evalue}`];
    this.names = [];
    this.engine = this.start();
    this.options.onLost();
    if (!this.running) {
      return this.options.front.publish(this.latest, 'stream', {name: 'stderr', text: `${traceback[0]}\n`});
    }
    const {finish, message} = this.running;
    finish({
      type: 'done', id: message.header.msg_id, names: [], expressions: {},
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
