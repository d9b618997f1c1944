import type {DecimalMark} from './tableNumber';
import type {Channel} from './trajectories';

/** One row of a table: column name to what stands there; empty where there is nothing. */
export type TableRow = Readonly<Record<string, string | number | null | undefined>>;

/** A treatment of a table. */
export interface TableTreatment extends Channel {
  /**
   * `'until changed'`: a rate or setting that holds until the next row says otherwise (default). `'once'`: an amount,
   * which counts in the interval in which it is given.
   */
  readonly acts?: 'until changed' | 'once';
  /**
   * What holds from a unit's first time to the treatment's first row: a value, 0 where nothing is given, or
   * `'unknown'`. Default: none, and a table that leaves it open is refused. Amounts need none.
   */
  readonly before?: number | 'unknown';
}

/** What the columns and variables of a table are. */
export interface TableRoles {
  /** Unit of the times, e.g. `'h'`; of dates one of s, min, h, d and w. */
  readonly timeUnit: string;
  /** Variables to forecast, by the names in the column of variables. */
  readonly outcomes: readonly Channel[];
  /** Variables that vary in time and are read, never forecast. Default none. */
  readonly covariates?: readonly Channel[];
  /** Default none. */
  readonly treatments?: readonly TableTreatment[];
  /** Variables with one value a unit; their time may be empty. Default none. */
  readonly statics?: readonly Channel[];
  /** Variables whose rows are left out. Default none: a variable without a role is refused. */
  readonly ignore?: readonly string[];
  /** Where the data come from. Default: the file's name. */
  readonly name?: string;
  /** Names of the columns. Default `unit`, `time`, `variable` and `value`. */
  readonly columns?: Partial<Readonly<Record<'unit' | 'time' | 'variable' | 'value', string>>>;
  /** What stands between cells of a file. Default `','`. */
  readonly delimiter?: string;
  /** Default `'.'`. */
  readonly decimal?: DecimalMark;
  /** Texts of values that were not measured, e.g. `['NA']`. Default: empty cells only. */
  readonly missing?: readonly string[];
  /** `'dates'`: times are dates, counted from each unit's first. Default `'numbers'`. */
  readonly clock?: 'numbers' | 'dates';
  /** What becomes of several rows of one unit, time and variable. Default: the table is refused. */
  readonly duplicates?: 'mean' | 'last';
  /**
   * Times are put on multiples of this, > 0: an outcome at one is the mean of what was measured since the one before,
   * a treatment from one is its mean over time until the next, an amount the sum. Default: all times as they are.
   */
  readonly step?: number;
}
