import {expect} from '../errors';
import type {Scores} from './evaluate';
import {expectSameProtocol} from './protocol';
import {winners} from './paired';
import {overSeeds, type SeedScores} from './seeds';

/** Where a number comes from: printed in the paper, its released procedure re-created, its equations implemented, or a reference to judge by. */
export type ScoreSource = 'published' | 'as released' | 'as written' | 'reference';

/** One method in a comparison, with its scores. */
export interface ComparisonEntry {
  readonly source: ScoreSource;
  /** One run, several runs already averaged, or the single runs: one a draw, the draws in the same order for all entries. */
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
  /** Rows of the published table to put on top. Default: none. */
  readonly published?: readonly PublishedRow[];
  /** Methods that failed: they stand in the comparison with their reason, and nothing of them is averaged. Default: none. */
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
   * Whether the method may be called best here, by paired intervals over the draws, among those that know neither the truth nor the
   * equations. Only where every entry gives its single runs.
   */
  readonly best?: boolean;
}

/** Methods side by side at one decision index, all counted in one way. */
export interface Comparison extends Omit<ComparisonOptions, 'published' | 'failed'> {
  /** Unit of the numbers. */
  readonly unit: string;
  readonly rows: readonly ComparisonRow[];
}

/**
 * Puts scores side by side, published rows first.
 * @throws ArgumentError when the scores have different protocols, or a cell asked for was not scored
 */
export function compare(entries: readonly ComparisonEntry[], {outcome, decision, horizons, published = [], failed = []}: ComparisonOptions): Comparison {
  expect(entries.length > 0, {fn: 'compare', argument: 'entries', expected: 'at least one', received: entries.length});
  const all = entries.map(entry => ({...entry, scores: isRuns(entry.scores) ? overSeeds(entry.scores) : entry.scores}));
  const protocols = all.map(entry => entry.scores.protocol);
  expectSameProtocol('compare', protocols);
  const printed = published.map(row => publishedRow(row, outcome, horizons));
  const best = horizons.map(horizon => bestAt(entries, {outcome, decision, horizon}));
  const rows = all.map(({source, scores, note = ''}) => ({
    method: scores.forecaster, source, information: scores.information, data: scores.data, note, failed: false,
    values: horizons.map((horizon, k) => ({...value(scores, outcome, decision, horizon), ...(best[k] ? {best: best[k].includes(scores.forecaster)} : {})})),
  }));
  const lost = failed.map(({reason, ...entry}) => ({...entry, data: '', note: `failed: ${reason}`, failed: true, values: []}));
  return Object.freeze({outcome, decision, horizons, unit: protocols[0].scaling.name, rows: [...printed, ...rows, ...lost]});
}

const isRuns = (scores: ComparisonEntry['scores']): scores is readonly Scores[] => Array.isArray(scores);

/** Methods that know more than a method can. */
const BEYOND = ['truth', 'equations + history + plan'];

/** Who may be called best in one cell; undefined where single runs are missing. */
function bestAt(entries: readonly ComparisonEntry[], {outcome, decision, horizon}: {outcome: string; decision: number; horizon: number}): string[] | undefined {
  if (!entries.every(({scores}) => isRuns(scores))) return undefined;
  const rivals = entries.map(({scores}) => scores as readonly Scores[]).filter(([run]) => !BEYOND.includes(run.information));
  if (rivals.length === 0) return undefined;
  return winners(rivals.map(runs => ({name: runs[0].forecaster, errors: runs.map(run => value(run, outcome, decision, horizon).mean)})));
}

/** The comparison as flat records for display and files: `0.062 ± 0.004`, or the mean alone where there is one run. */
export function comparisonRecords({rows}: Comparison, {digits = 3}: {digits?: number} = {}): Record<string, string>[] {
  return rows.map(({method, source, information, values, note}) => ({
    method, source, information,
    ...Object.fromEntries(values.map(({horizon, mean, sd}) => [`s=${horizon}`, mean.toFixed(digits) + (sd === undefined ? '' : ` ± ${sd.toFixed(digits)}`)])),
    note,
  }));
}

function value(scores: Scores | SeedScores, outcome: string, decision: number, horizon: number) {
  const cell = scores.cells.find(c => c.outcome === outcome && c.decision === decision && c.horizon === horizon);
  expect(cell, {
    fn: 'compare', argument: 'horizons', expected: `scored for ${outcome} at decision ${decision} by ${scores.forecaster}`, received: horizon,
  });
  return {horizon, mean: cell.rmse, ...('sd' in cell ? {sd: cell.sd as number} : {})};
}

function publishedRow(row: PublishedRow, outcome: string, horizons: readonly number[]): ComparisonRow {
  const {method, data, mean, sd, information, note} = row;
  expect(row.outcome === outcome, {fn: 'compare', argument: 'published', expected: `rows of ${outcome}`, received: row.outcome});
  expect(horizons.every(s => s <= mean.length), {
    fn: 'compare', argument: 'horizons', expected: `at most ${mean.length}, as published`, received: horizons,
  });
  return {
    method, source: 'published', failed: false, information, data, note,
    values: horizons.map(horizon => ({horizon, mean: mean[horizon - 1], sd: sd[horizon - 1]})),
  };
}
