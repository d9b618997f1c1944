import type {CellEvent, CellOutcome, Failure} from '../executor';
import type {CompiledCell} from '../executor/cell';
import type {VariablesQuestion} from './variables';
import type {MimeBundle} from '../../lib/notebook/mime';

/** A step in the life of a comm, in either direction. */
export interface CommMessage {
  readonly step: 'open' | 'msg' | 'close';
  readonly comm: string;
  readonly target?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
}

/** Value of a user expression. */
export type ExpressionValue =
  | ({readonly status: 'ok'} & MimeBundle)
  | {readonly status: 'error'; readonly ename: string; readonly evalue: string; readonly traceback: readonly string[]};

/** What the kernel asks of the process that runs cells. */
export type EngineRequest =
  | {
    readonly type: 'execute';
    readonly id: string;
    readonly cell: CompiledCell;
    readonly expressions: Readonly<Record<string, CompiledCell | Failure>>;
    readonly allowInput: boolean;
    readonly subshell: string;
  }
  | {readonly type: 'foresee'; readonly specifiers: readonly string[]}
  | {readonly type: 'input'; readonly value: string}
  /** Asks the process to end. */
  | {readonly type: 'exit'}
  | {readonly type: 'variables'; readonly id: string; readonly question: VariablesQuestion}
  | {readonly type: 'comm'; readonly id: string; readonly message: CommMessage; readonly subshell: string};

/** What that process says; `id` names the request it belongs to. */
export type EngineMessage =
  | {readonly type: 'event'; readonly id: string; readonly event: CellEvent}
  | {readonly type: 'input'; readonly id: string; readonly prompt: string; readonly password: boolean}
  | {readonly type: 'comm'; readonly id: string; readonly message: CommMessage}
  | {readonly type: 'handled'; readonly id: string}
  | {readonly type: 'variables'; readonly id: string; readonly answer: object}
  | {
    readonly type: 'done';
    readonly id: string;
    readonly outcome: CellOutcome;
    readonly names: readonly string[];
    readonly expressions: Readonly<Record<string, ExpressionValue>>;
  };
