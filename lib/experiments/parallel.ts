import limit from 'p-limit';
import {expectWhole} from '../errors';

/**
 * Runs `work` for every item, at most `jobs` at a time, and returns the results in the items' order. Trainings overlap
 * because their steps run in threads of their own: two jobs keep two cores busy. After an error no others start, and
 * nothing runs on once the promise rejects.
 * @param work told by its signal when all are to stop
 * @param stop stops all; the promise rejects with its reason
 * @throws ArgumentError unless `jobs` is a whole number >= 1
 */
export function inParallel<T, R>(
  items: readonly T[], jobs: number, work: (item: T, signal: AbortSignal) => Promise<R>, stop?: AbortSignal,
): Promise<R[]> {
  expectWhole('inParallel', {jobs});
  const broken = new AbortController(), signal = stop ? AbortSignal.any([stop, broken.signal]) : broken.signal;
  const one = async (item: T) => {
    signal.throwIfAborted();
    return work(item, signal);
  };
  return all(items, limit(jobs), item => one(item).catch(error => { broken.abort(error); throw error; }), signal);
}

async function all<T, R>(
  items: readonly T[], slot: limit.Limit, work: (item: T) => Promise<R>, signal: AbortSignal,
): Promise<R[]> {
  const ended = await Promise.allSettled(items.map(item => slot(() => work(item))));
  signal.throwIfAborted();
  return ended.map(one => (one as PromiseFulfilledResult<R>).value);
}
