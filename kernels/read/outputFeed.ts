import type {Output} from '../nbformat/notebook';
import type {CellOutputs} from './outputs';
import type {OutputsChange, ServerMessage} from './protocol';

/** Shortest time in ms between two changes of one cell that pages are told; for much text, longer. */
const PERIOD = 40, LONG_PERIOD = 400;

/** Characters that are much. */
const MUCH = 30_000;

interface Told {
  outputs: CellOutputs;
  readonly sent: (Output | undefined)[];
  timer?: NodeJS.Timeout;
  nextAt: number;
}

/** Outputs on their way to the pages: as markup, no faster than one can read, and only those that are new. */
export class OutputFeed {
  private readonly cells = new Map<string, Told>();
  private readonly markup = new WeakMap<Output, string>();

  constructor(
    private readonly render: (output: Output, cell: string) => string,
    private readonly tell: (message: ServerMessage) => void,
  ) {}

  /** All outputs, for a page that opens. */
  whole(cell: string, {items}: CellOutputs): OutputsChange {
    return {cell, length: items.length, changed: items.map(({output}, k) => [k, this.htmlOf(output, cell)])};
  }

  /** Notes that a cell shows something else. */
  changed(cell: string, outputs: CellOutputs): void {
    const told: Told = this.cells.get(cell) ?? {outputs, sent: [], nextAt: 0};
    told.outputs = outputs;
    this.cells.set(cell, told);
    told.timer ??= setTimeout(() => this.flush(cell), Math.max(0, told.nextAt - performance.now()));
  }

  /** Tells now what waits. */
  flush(cell: string): void {
    const told = this.cells.get(cell);
    if (!told?.timer) return;
    clearTimeout(told.timer);
    told.timer = undefined;
    const {items, clearing} = told.outputs;
    // What is about to be replaced stays until there is something else, so that the page does not jump.
    if (clearing) return;
    const changed = items.flatMap(({output}, k): [number, string][] =>
      (told.sent[k] === output ? [] : [[k, this.htmlOf(output, cell)]]));
    told.sent.splice(0, Infinity, ...items.map(({output}) => output));
    const size = changed.reduce((sum, [, html]) => sum + html.length, 0);
    told.nextAt = performance.now() + (size > MUCH ? LONG_PERIOD : PERIOD);
    this.tell({type: 'outputs', cell, length: items.length, changed});
  }

  private htmlOf(output: Output, cell: string): string {
    const known = this.markup.get(output);
    if (known !== undefined) return known;
    const html = this.render(output, cell);
    this.markup.set(output, html);
    return html;
  }
}
