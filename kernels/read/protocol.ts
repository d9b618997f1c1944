// What a page and the server say to each other over their WebSocket: one JSON object a message. The client is bundled
// with this file, so it imports types alone.
import type {CellDiagnostic} from '../checker/format';

/** What becomes of the kernel of a page. */
export type KernelState = 'none' | 'starting' | 'idle' | 'busy' | 'dead';

/** Where a cell stands: not run in this kernel, waiting for its turn, running, run, or run in a kernel that is gone. */
export type CellPhase = 'fresh' | 'waiting' | 'running' | 'done' | 'failed' | 'lost';

/** A cell as a page shows it, without its outputs. */
export interface CellView {
  readonly cell: string;
  readonly phase: CellPhase;
  readonly count: number | null;
  /** The text that ran last. */
  readonly ran: string | null;
  /** Time in ms that it took. */
  readonly took: number | null;
  /** Whether a cell whose names it uses has run since. */
  readonly stale: boolean;
}

/** State of a control, as the widget protocol has it. */
export type ModelState = Readonly<Record<string, unknown>>;

/** A question that a cell puts to its reader. */
export interface Question {
  readonly cell: string;
  readonly prompt: string;
  readonly password: boolean;
}

/** A change of the outputs of a cell: how many there are now, and those that are new. */
export interface OutputsChange {
  readonly cell: string;
  readonly length: number;
  readonly changed: readonly (readonly [index: number, html: string])[];
}

/** What the server says to a page. */
export type ServerMessage =
  | {
    readonly type: 'snapshot';
    readonly kernel: KernelState;
    readonly profile: string;
    /** Texts of the code cells as the notebook has them, in order. */
    readonly sources: readonly (readonly [cell: string, source: string])[];
    readonly cells: readonly CellView[];
    readonly outputs: readonly OutputsChange[];
    readonly models: Readonly<Record<string, ModelState>>;
    readonly question: Question | null;
  }
  | {readonly type: 'kernel'; readonly kernel: KernelState; readonly how?: string}
  | {readonly type: 'cells'; readonly cells: readonly CellView[]}
  | ({readonly type: 'outputs'} & OutputsChange)
  | {readonly type: 'model'; readonly model: string; readonly state: ModelState}
  | {readonly type: 'question'; readonly question: Question | null}
  | {readonly type: 'answer'; readonly ask: number; readonly value: unknown}
  | {readonly type: 'refused'; readonly ask: number | null; readonly reason: string};

/** Texts of the cells that a reader has changed, by cell; the others are as the notebook has them. */
export type Edits = Readonly<Record<string, string>>;

/** What a page can ask about its cells, and what it is answered. */
export interface Answers {
  /** What can stand at an offset of the cell. */
  readonly complete: {
    readonly start: number;
    readonly end: number;
    readonly items: readonly {readonly text: string; readonly kind: string; readonly signature: string}[];
  };
  /** Type and documentation of what stands there. */
  readonly inspect: string | null;
  readonly errors: readonly CellDiagnostic[];
  /** The cells above that it needs and that have not run, in order. */
  readonly needs: readonly string[];
  /** The page as a notebook file. */
  readonly save: string;
}

/** Name of a question. */
export type Asked = keyof Answers;

/** What a page says to the server. */
export type PageRequest =
  | {readonly type: 'run'; readonly cells: readonly string[]; readonly edits: Edits}
  | {readonly type: 'interrupt'}
  | {readonly type: 'restart'}
  | {readonly type: 'input'; readonly value: string}
  | {readonly type: 'widget'; readonly model: string; readonly state: ModelState}
  | {readonly type: 'click'; readonly model: string}
  | {
    readonly type: 'ask';
    readonly ask: number;
    readonly what: Asked;
    readonly cell: string;
    readonly offset: number;
    readonly edits: Edits;
  };
