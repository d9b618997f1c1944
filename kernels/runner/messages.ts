import type {CellEvent, CellOutcome} from '../executor';

/** What the runner asks of the process that runs a notebook. */
export interface ExecuteRequest {
  readonly cell: number;
  readonly source: string;
}

/** What that process answers. */
export type ChildMessage =
  | {readonly type: 'ready'}
  | {readonly type: 'event'; readonly cell: number; readonly event: CellEvent}
  | {readonly type: 'late-error'; readonly cell: number; readonly outcome: CellOutcome}
  | {readonly type: 'done'; readonly cell: number; readonly outcome: CellOutcome};
