import type {CompiledCell} from '../executor/cell';
import type {Failure} from '../executor';

/** A cell before it is run. */
export interface CellToPrepare {
  /** Number under which later cells find its names. */
  readonly count: number;
  /** What stack traces call it. */
  readonly name: string;
  readonly code: string;
  /** Names that earlier cells have left behind. */
  readonly known: readonly string[];
  /** Expressions to be evaluated after it, by name. */
  readonly expressions: Readonly<Record<string, string>>;
}

/** A cell that may run. */
export interface RunnableCell {
  readonly cell: CompiledCell;
  readonly expressions: Readonly<Record<string, CompiledCell | Failure>>;
  /** Said to the reader beside the outputs, e.g. that types could not be checked. */
  readonly note?: string;
}

/** What became of a cell: it may run, or it is wrong. */
export type Prepared = RunnableCell | {readonly failure: Failure};

/** What the kernel asks of the language process. */
export interface LanguageRequest {
  readonly id: number;
  readonly operation: 'prepare' | 'complete' | 'inspect' | 'isComplete' | 'forget' | 'follow' | 'errors';
  readonly request: unknown;
}

/** What it answers; `imports` comes before the answer, as soon as it is known. */
export type LanguageAnswer =
  | {readonly type: 'value'; readonly id: number; readonly value: unknown}
  | {readonly type: 'error'; readonly id: number; readonly error: string}
  | {readonly type: 'imports'; readonly id: number; readonly specifiers: readonly string[]};
