import type {ServerMessage} from '../protocol';
import {Bar} from './bar';
import {CellBox, type CellHost, type RunOptions} from './cellBox';
import {Connection} from './connection';
import {ControlViews} from './controlViews';
import {Drafts} from './drafts';
import {make} from '../../html/client/dom';

type Snapshot = Extract<ServerMessage, {type: 'snapshot'}>;

/** A page whose cells can be changed and run. */
export class LivePage {
  private readonly boxes = new Map<string, CellBox>();
  private readonly drafts: Drafts;
  private readonly connection: Connection;
  private readonly bar: Bar;
  private readonly controls = new ControlViews({
    change: (model, state) => this.connection.send({type: 'widget', model, state}),
    click: (model) => this.connection.send({type: 'click', model}),
  });

  /**
   * @param name of the notebook
   * @param nonce number that lets the editor write its style sheet
   */
  constructor(private readonly name: string, private readonly nonce: string) {
    this.drafts = new Drafts(name);
    this.bar = new Bar({
      runAll: () => this.runCells(this.order()), interrupt: () => this.interrupt(),
      restart: () => this.connection.send({type: 'restart'}), save: () => void this.save(),
    });
    this.connection = new Connection(name, {
      message: (message) => this.hear(message), connected: (isThere) => this.bar.connectedIs(isThere),
    });
    this.drafts.onOther((cell, text) => void this.boxes.get(cell)?.takeText(text));
  }

  private order(): CellBox[] {
    return [...this.boxes.values()];
  }

  private edits(): Record<string, string> {
    return Object.fromEntries(this.order().flatMap(({cell, draft}) => (draft === null ? [] : [[cell, draft]])));
  }

  private interrupt(): void {
    this.connection.send({type: 'interrupt'});
  }

  private runCells(cells: readonly CellBox[]): void {
    this.connection.send({type: 'run', cells: cells.map(({cell}) => cell), edits: this.edits()});
  }

  private async run(box: CellBox, {below = false, advance = false}: RunOptions): Promise<void> {
    const all = this.order(), at = all.indexOf(box), wanted = below ? all.slice(at) : [box];
    if (advance) all[at + 1]?.focus();
    const needed = await this.needs(box);
    if (needed.length === 0) return this.runCells(wanted);
    box.offer(needed.length, [
      ['Run what it needs, then this', () =>
        this.runCells([...all.filter(({cell}) => needed.includes(cell)), ...wanted])],
      ['Run all above, then this', () => this.runCells([...all.slice(0, at), ...wanted])],
      ['Run this alone', () => this.runCells(wanted)],
    ]);
  }

  /** The server need not be asked when everything above has run. */
  private async needs(box: CellBox): Promise<readonly string[]> {
    const all = this.order(), isReady = all.slice(0, all.indexOf(box)).every(({view: {phase}}) => phase === 'done');
    if (isReady) return [];
    return this.connection.ask('needs', {cell: box.cell, offset: 0, edits: this.edits()}).catch(() => []);
  }

  private async save(): Promise<void> {
    const text = await this.connection.ask('save', {cell: this.order()[0].cell, offset: 0, edits: this.edits()});
    const href = URL.createObjectURL(new Blob([text], {type: 'application/x-ipynb+json'}));
    make('a', {href, download: `${this.name}.ipynb`}).click();
    URL.revokeObjectURL(href);
  }

  private hear(message: ServerMessage): void {
    const {boxes} = this;
    if (message.type === 'snapshot') this.takeAll(message);
    if (message.type === 'kernel') this.bar.kernelIs(message.kernel, message.how);
    if (message.type === 'cells') message.cells.forEach((view) => boxes.get(view.cell)?.take(view));
    if (message.type === 'outputs') boxes.get(message.cell)?.takeOutputs(message);
    if (message.type === 'model') this.controls.take(message.model, message.state);
    if (message.type === 'question') {
      boxes.forEach((box) => box.ask(message.question?.cell === box.cell ? message.question : null));
    }
  }

  private takeAll({sources, profile, kernel, cells, outputs, models, question}: Snapshot): void {
    const {boxes} = this, told = new Set(cells.map(({cell}) => cell));
    if (boxes.size === 0) this.fill(sources);
    boxes.forEach((box) => told.has(box.cell) || box.forget());
    this.bar.profileIs(profile);
    this.bar.kernelIs(kernel);
    Object.entries(models).forEach(([model, state]) => this.controls.take(model, state));
    cells.forEach((view) => boxes.get(view.cell)?.take(view));
    outputs.forEach((change) => boxes.get(change.cell)?.takeOutputs(change));
    if (question) boxes.get(question.cell)?.ask(question);
  }

  /** The code cells of the page, in order, with what was typed into them before. */
  private fill(sources: Snapshot['sources']): void {
    const sections = document.querySelectorAll<HTMLElement>('section.cell');
    for (const [k, [cell, source]] of sources.entries()) {
      const box = new CellBox(cell, sections[k], source, this.host(cell));
      this.boxes.set(cell, box);
      void box.takeText(this.drafts.get(cell));
    }
  }

  private host(cell: string): CellHost {
    const {nonce, connection, controls} = this, question = (offset = 0) => ({cell, offset, edits: this.edits()});
    return {
      nonce, interrupt: () => this.interrupt(), run: (options) => void this.run(this.boxes.get(cell)!, options),
      edited: (text) => this.drafts.set(cell, text),
      answer: (value) => void connection.send({type: 'input', value}),
      complete: (offset) => connection.ask('complete', question(offset)),
      inspect: (offset) => connection.ask('inspect', question(offset)),
      errors: () => connection.ask('errors', question()),
      added: (place) => {
        place.dispatchEvent(new Event('obsnode:added', {bubbles: true})); // the site's own script draws charts
        place.querySelectorAll<HTMLElement>('.live-control').forEach((each) => controls.fill(each));
      },
    };
  }
}
