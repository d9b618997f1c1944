import {
  compare, type Comparison, type ComparisonEntry, type ComparisonOptions, type FailedEntry, type ScoreSource,
} from '../evaluation/comparison';
import {isLost, type Trial} from './trial';

/** A trial with its place in the comparison: a row of a sweep with an axis `method`. */
export interface TrialRow<K extends string> extends Trial<K> {
  readonly method: string;
  readonly source: ScoreSource;
}

/**
 * Methods side by side under one protocol, each over all of its draws. One that is lost in any draw stands there as
 * failed, with the reason; what else was found is said in the notes.
 * @param rows in one order of draws for all methods
 * @throws ArgumentError as `compare`
 */
export function compareTrials<K extends string>(
  rows: readonly TrialRow<K>[], kind: K, options: Omit<ComparisonOptions, 'failed'>,
): Comparison {
  const methods = [...new Set(rows.map(row => row.method))].map(method => rows.filter(row => row.method === method));
  const lost = (runs: readonly TrialRow<K>[]) => runs.some(run => run.lost);
  const entries = methods.filter(runs => !lost(runs)).map(runs => entry(runs, kind));
  return compare(entries, {...options, failed: methods.filter(lost).map(failedEntry)});
}

function entry<K extends string>(runs: readonly TrialRow<K>[], kind: K): ComparisonEntry {
  const found = runs.flatMap(run => run.findings.map(({failure}) => failure));
  const count = (failure: string) => `${failure} in ${found.filter(f => f === failure).length} of ${runs.length} draws`;
  const note = found.length > 0 ? [...new Set(found)].map(count).join('; ') : undefined;
  return {source: runs[0].source, scores: runs.map(run => run.scores![kind]), note};
}

function failedEntry(runs: readonly TrialRow<string>[]): FailedEntry {
  const bad = runs.filter(run => run.lost), {failure, evidence} = bad[0].findings.find(isLost)!;
  const [{method, source, information}] = runs;
  return {method, source, information, reason: `${failure} in ${bad.length} of ${runs.length} draws (${evidence})`};
}
