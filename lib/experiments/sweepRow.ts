import {expect} from '../errors';

/** What came of a run and what it took. */
export interface RunRecord {
  /** Whether the run ended in an error; then there is no result. */
  readonly failed: boolean;
  /** Name and message of that error; empty where there is none. */
  readonly message: string;
  /** Wall-clock seconds; of the time when it was computed, for a result that was kept. */
  readonly seconds: number;
  /** Whether the result was computed before and only read now. */
  readonly cached: boolean;
}

/** A point with its result. */
export type FinishedRow<P, R> = Readonly<P & R & RunRecord & {failed: false}>;

/** A point whose run ended in an error. */
export type FailedRow<P> = Readonly<P & RunRecord & {failed: true}>;

/** A point with what came of it, as one record: the axes, the fields of the result, and a {@link RunRecord}. */
export type SweepRow<P, R> = FinishedRow<P, R> | FailedRow<P>;

const RECORD = ['failed', 'message', 'seconds', 'cached'];

/** @throws ArgumentError for a result that is no record, or has a field named like an axis or a part of the record */
export function finishedRow<P extends object, R extends object>(
  point: P, result: R, seconds: number,
): FinishedRow<P, R> {
  const record = typeof result === 'object' && result !== null && !Array.isArray(result);
  expect(record, {
    fn: 'sweep', argument: 'run', expected: 'a function that answers a record, such as {error: 0.1}', received: result,
  });
  const twice = Object.keys(result).filter(name => name in point || RECORD.includes(name));
  const expected = `a function that answers no field named like an axis, nor ${RECORD.join(', ')}`;
  expect(twice.length === 0, {fn: 'sweep', argument: 'run', expected, received: twice});
  return Object.freeze({...point, ...result, failed: false, message: '', seconds, cached: false} as const);
}

export function failedRow<P extends object>(point: P, error: unknown, seconds: number): FailedRow<P> {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return Object.freeze({...point, failed: true, message, seconds, cached: false} as const);
}

/**
 * The rows, all of whose runs finished: for a page that has nothing to show otherwise.
 * @throws Error that says how many runs failed, and the first of them with its message
 */
export function completed<P extends object, R extends object>(rows: readonly SweepRow<P, R>[]): FinishedRow<P, R>[] {
  const bad = rows.filter(row => row.failed);
  if (bad.length === 0) return rows as FinishedRow<P, R>[];
  const point = Object.entries(bad[0]).filter(([name]) => !RECORD.includes(name));
  const where = JSON.stringify(Object.fromEntries(point));
  throw new Error(`${bad.length} of ${rows.length} runs failed; the first, ${where}, with ${bad[0].message}`);
}
