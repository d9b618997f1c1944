import type {MimeBundle} from '../../lib/notebook/mime';

/** Standard streams that a cell can write to. */
export type StreamName = 'stdout' | 'stderr';

/** What a cell sends while it runs, and after it when its callbacks go on. */
export type CellEvent =
  | {readonly type: 'stream'; readonly name: StreamName; readonly text: string}
  | {readonly type: 'display'; readonly bundle: MimeBundle; readonly id?: string; readonly update: boolean}
  /** Removes the outputs of the cell; when `wait`, as soon as there is another. */
  | {readonly type: 'clear'; readonly wait: boolean};
