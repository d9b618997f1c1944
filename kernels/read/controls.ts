import type {Message} from '../jupyter/wire';
import type {ModelState} from './protocol';

interface Model {
  readonly cell: string;
  state: ModelState;
  /** Whether the cell is still busy with the last change. */
  busy: boolean;
  /** What has changed meanwhile. */
  waiting: Record<string, unknown> | null;
}

/** The controls of a page (sliders, lists, buttons): the state of each, as cell and readers have made it. */
export class Controls {
  private readonly models = new Map<string, Model>();

  /** @param send passes data on to the other end of a comm; false when there is none */
  constructor(private readonly send: (model: string, data: object) => boolean) {}

  /** All states, for a page that opens. */
  states(): Record<string, ModelState> {
    return Object.fromEntries([...this.models].map(([id, {state}]) => [id, state]));
  }

  /** The cell that made a control. */
  ownerOf(model: string): string | undefined {
    return this.models.get(model)?.cell;
  }

  /** Takes a comm message of a cell. @returns what of it the pages must know */
  hear(
    type: string, {comm_id: id, data = {}}: Message['content'], cell: string | undefined,
  ): {model: string; state: ModelState} | null {
    const model = String(id), {state = {}, method} = data as {state?: ModelState; method?: unknown};
    if (type === 'comm_close') this.models.delete(model);
    if (type === 'comm_open' && cell !== undefined) {
      this.models.set(model, {cell, state, busy: false, waiting: null});
      return {model, state};
    }
    const known = this.models.get(model);
    if (type !== 'comm_msg' || method !== 'update' || !known) return null;
    known.state = {...known.state, ...state};
    return {model, state};
  }

  /** A reader has moved a control. While its cell still draws, only the last move counts. */
  move(model: string, state: ModelState): void {
    const known = this.models.get(model);
    if (!known) return;
    known.state = {...known.state, ...state};
    if (known.busy) known.waiting = {...known.waiting, ...state};
    else known.busy = this.send(model, {method: 'update', state, buffer_paths: []});
  }

  click(model: string): void {
    if (this.models.has(model)) this.send(model, {method: 'custom', content: {event: 'click'}});
  }

  /** The cell is done with a change. */
  handled(model: string): void {
    const known = this.models.get(model);
    if (!known) return;
    known.busy = false;
    const {waiting} = known;
    known.waiting = null;
    if (waiting) this.move(model, waiting);
  }

  /** The controls of a cell that runs again are gone. */
  drop(cell: string): void {
    for (const [id, model] of this.models) if (model.cell === cell) this.models.delete(id);
  }

  clear(): void {
    this.models.clear();
  }
}
