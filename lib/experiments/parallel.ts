import limit from 'p-limit';
import {expectWhole} from '../errors';

/**
 * Runs `work` for every item, at most `jobs` at a time, and returns the results in the items' order.
 * Trainings overlap because their steps run in threads of their own: two jobs keep two cores busy.
 */
export function inParallel<T, R>(items: readonly T[], jobs: number, work: (item: T) => Promise<R>): Promise<R[]> {
  expectWhole('inParallel', {jobs});
  const slot = limit(jobs);
  return Promise.all(items.map(item => slot(() => work(item))));
}
