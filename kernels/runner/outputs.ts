import type {CellEvent, CellOutcome} from '../executor';
import {joined, type Output} from '../nbformat/notebook';

/** Gathers the outputs of the cells of one notebook in the form of the file. */
export class OutputLog {
  /** Cells whose outputs go when the next one comes. */
  private readonly cleared = new Set<number>();
  private readonly cells = new Map<number, Output[]>();
  private readonly named = new Map<string, Extract<Output, {output_type: 'display_data'}>[]>();

  /** Outputs of a cell so far. */
  of(cell: number): Output[] {
    const found = this.cells.get(cell);
    if (found) return found;
    const created: Output[] = [];
    this.cells.set(cell, created);
    return created;
  }

  /** Adds what a cell sent; an update changes the outputs of that name wherever they are. */
  add(cell: number, event: CellEvent): void {
    if (event.type === 'clear') return this.clear(cell, event.wait);
    if (this.cleared.delete(cell)) this.clear(cell, false);
    if (event.type === 'stream') this.write(cell, event.name, event.text);
    else this.display(cell, event);
  }

  private clear(cell: number, wait: boolean): void {
    if (wait) this.cleared.add(cell);
    else this.of(cell).length = 0;
  }

  private write(cell: number, name: 'stdout' | 'stderr', text: string): void {
    const outputs = this.of(cell);
    const last = outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) last.text = joined(last.text) + text;
    else outputs.push({output_type: 'stream', name, text});
  }

  private display(cell: number, {bundle, id, update}: Extract<CellEvent, {type: 'display'}>): void {
    const content = {data: {...bundle.data}, metadata: {...bundle.metadata}};
    const existing = (id && this.named.get(id)) || [];
    if (update) {
      for (const output of existing) Object.assign(output, content);
      return;
    }
    const output = {output_type: 'display_data' as const, ...content};
    if (id) this.named.set(id, [...existing, output]);
    this.of(cell).push(output);
  }

  /** Adds the result or the error that ended a cell. */
  end(cell: number, count: number, outcome: CellOutcome): void {
    const isShown = outcome.status === 'error' || outcome.result !== null;
    if (isShown && this.cleared.delete(cell)) this.clear(cell, false);
    if (outcome.status === 'error') {
      const {ename, evalue, traceback} = outcome.failure;
      this.of(cell).push({output_type: 'error', ename, evalue, traceback});
    } else if (outcome.result) {
      const {data, metadata} = outcome.result;
      this.of(cell)
        .push({output_type: 'execute_result', data: {...data}, metadata: {...metadata}, execution_count: count});
    }
  }
}
