import {expect} from '../errors';
import type {Scores} from './evaluate';
import {metricOf, RMSE, valueOf} from './metric';
import {expectSameProtocol} from './protocol';
import {winners} from './paired';
import {overSeeds, type SeedCell, type SeedScores} from './seeds';

/**
 * Where a number comes from: printed in the paper, its released procedure re-created, its equations implemented, or a
 * reference to judge by.
 */
export type ScoreSource = 'published' | 'as released' | 'as written' | 'reference';

/** One method in a comparison, with its scores. */
export interface ComparisonEntry {
  readonly source: ScoreSource;
  /**
   * One run, several runs already averaged, or the single runs: one a draw, the draws in the same order for all
   * entries.
   */
  readonly scores: Scores | SeedScores | readonly Scores[];
  /** What the reader must know before comparing. Default: nothing. */
  readonly note?: string;
}

/** A method that has no numbers to show, and why. */
export interface FailedEntry {
  readonly method: string;
  readonly source: ScoreSource;
  readonly information: string;
  readonly reason: string;
}

/** A row of a published table. */
export interface PublishedRow {
  readonly method: string;
  /** What the row was measured on, e.g. `'published, gamma 4'`. */
  readonly data: string;
  readonly outcome: string;
  /** One a step ahead, from the first on. */
  readonly mean: readonly number[];
  /** Spread over the published runs, one a step ahead. */
  readonly sd: readonly number[];
  /** What the method knew, in words. */
  readonly information: string;
  /** How it was counted, where that differs. */
  readonly note: string;
}

/** Options of {@link compare}. */
export interface ComparisonOptions {
  /** Name of the outcome. */
  readonly outcome: string;
  /** Decision index of the row. */
  readonly decision: number;
  /** Steps ahead, one column each. */
  readonly horizons: readonly number[];
  /** Name of a metric that all scores carry. Default: the root mean squared error. */
  readonly metric?: string;
  /** Rows of the published table to put on top, of root mean squared errors. Default: none. */
  readonly published?: readonly PublishedRow[];
  /**
   * Methods that failed: they stand in the comparison with their reason, and nothing of them is averaged. Default:
   * none.
   */
  readonly failed?: readonly FailedEntry[];
}

/** One line of a comparison. */
export interface ComparisonRow {
  readonly method: string;
  readonly source: ScoreSource;
  /** What the method knew. */
  readonly information: string;
  readonly data: string;
  /** One a horizon; `sd` over seeds where there are seeds. */
  readonly values: readonly ComparisonValue[];
  /** What the reader must know before comparing; empty when there is nothing. */
  readonly note: string;
  /** Whether the method failed; then it has no values. */
  readonly failed: boolean;
}

/** One number of a comparison. */
export interface ComparisonValue {
  readonly horizon: number;
  readonly mean: number;
  readonly sd?: number;
  /**
   * Whether the method may be called best here, by paired intervals over the draws, among those that know neither the
   * truth nor the equations. Only where every entry gives its single runs, and for metrics of which the lower is the
   * better.
   */
  readonly best?: boolean;
}

/** Methods side by side at one decision index, all counted in one way. */
export interface Comparison extends Omit<ComparisonOptions, 'published' | 'failed'> {
  /** Unit of the numbers; `'share'` for shares of the targets. */
  readonly unit: string;
  readonly rows: readonly ComparisonRow[];
}

/**
 * Puts scores side by side, published rows first.
 * @throws ArgumentError when the scores have different protocols, or a cell asked for was not scored
 */
export function compare(entries: readonly ComparisonEntry[], options: ComparisonOptions): Comparison {
  const {outcome, decision, horizons, metric = RMSE.name, published = [], failed = []} = options;
  expect(entries.length > 0, {fn: 'compare', argument: 'entries', expected: 'at least one', received: entries.length});
  const all = entries.map(entry => ({...entry, scores: isRuns(entry.scores) ? overSeeds(entry.scores) : entry.scores}));
  const protocols = all.map(entry => entry.scores.protocol);
  expectSameProtocol('compare', protocols);
  const printed = published.map(row => publishedRow(row, outcome, horizons));
  const [{unit, ranks}] = all.map(entry => metricOf('compare', entry.scores, metric));
  expect(published.length === 0 || metric === RMSE.name, {
    fn: 'compare', argument: 'published', expected: `left out beside ${metric}`, received: published.length,
    remedy: 'Published rows hold root mean squared errors.',
  });
  const best = horizons.map(horizon => ranks ? bestAt(entries, {outcome, decision, horizon, metric}) : undefined);
  const rows = all.map(({source, scores, note = ''}) => ({
    method: scores.forecaster, source, information: scores.information, data: scores.data, note, failed: false,
    values: horizons.map((horizon, k) => {
      const mark = best[k] ? {best: best[k].includes(scores.forecaster)} : {};
      return {...value(scores, {outcome, decision, horizon, metric}), ...mark};
    }),
  }));
  const lost = failed.map(({reason, ...entry}) =>
    ({...entry, data: '', note: `failed: ${reason}`, failed: true, values: []}));
  const counted = {outcome, decision, horizons, metric, unit: unit === 'share' ? unit : protocols[0].scaling.name};
  return Object.freeze({...counted, rows: [...printed, ...rows, ...lost]});
}

const isRuns = (scores: ComparisonEntry['scores']): scores is readonly Scores[] => Array.isArray(scores);

/** Methods that know more than a method can. */
const BEYOND = ['truth', 'equations + history + plan'];

/** A number of a comparison: which cell, counted how. */
interface Place {
  readonly outcome: string;
  readonly decision: number;
  readonly horizon: number;
  readonly metric: string;
}

/** Who may be called best in one cell; undefined where single runs are missing. */
function bestAt(entries: readonly ComparisonEntry[], place: Place): string[] | undefined {
  if (!entries.every(({scores}) => isRuns(scores))) return undefined;
  const rivals = entries.map(({scores}) => scores as readonly Scores[]).filter(([run]) =>
    !BEYOND.includes(run.information));
  if (rivals.length === 0) return undefined;
  const errorsOf = (runs: readonly Scores[]) => runs.map(run => value(run, place).mean);
  return winners(rivals.map(runs => ({name: runs[0].forecaster, errors: errorsOf(runs)})));
}

/** The comparison as flat records for display and files: `0.062 ± 0.004`, or the mean alone where there is one run. */
export function comparisonRecords({rows}: Comparison, {digits = 3}: {digits?: number} = {}): Record<string, string>[] {
  return rows.map(({method, source, information, values, note}) => ({
    method, source, information,
    ...Object.fromEntries(values.map(({horizon, mean, sd}) =>
      [`s=${horizon}`, mean.toFixed(digits) + (sd === undefined ? '' : ` ± ${sd.toFixed(digits)}`)])),
    note,
  }));
}

function value(scores: Scores | SeedScores, place: Place): Omit<ComparisonValue, 'best'> {
  const {outcome, decision, horizon, metric} = place;
  const cell = scores.cells.find(c => c.outcome === outcome && c.decision === decision && c.horizon === horizon);
  expect(cell, {
    fn: 'compare', argument: 'horizons',
    expected: `scored for ${outcome} at decision ${decision} by ${scores.forecaster}`, received: horizon,
  });
  const {sd, sds} = cell as Partial<SeedCell>, spread = metric === RMSE.name ? sd : sds?.[metric];
  return {horizon, mean: valueOf(cell, metric), ...(spread === undefined ? {} : {sd: spread})};
}

function publishedRow(row: PublishedRow, outcome: string, horizons: readonly number[]): ComparisonRow {
  const {method, data, mean, sd, information, note} = row;
  expect(row.outcome === outcome, {
    fn: 'compare', argument: 'published', expected: `rows of ${outcome}`, received: row.outcome,
  });
  const printed = horizons.filter(s => s <= mean.length);
  return {
    method, source: 'published', failed: false, information, data, note,
    values: printed.map(horizon => ({horizon, mean: mean[horizon - 1], sd: sd[horizon - 1]})),
  };
}
