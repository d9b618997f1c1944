import {expect} from '../errors';
import type {Scores} from './evaluate';
import {expectSameProtocol} from './protocol';
import type {PublishedRow} from './published';
import type {SeedScores} from './seeds';

/** Where a number comes from: printed in the paper, its released procedure re-created, its equations implemented, or a reference to judge by. */
export type ScoreSource = 'published' | 'as released' | 'as written' | 'reference';

export interface ComparisonEntry {
  readonly source: ScoreSource;
  readonly scores: Scores | SeedScores;
}

export interface ComparisonOptions {
  /** Name of the outcome. */
  readonly outcome: string;
  /** Decision index of the row. */
  readonly decision: number;
  /** Steps ahead, one column each. */
  readonly horizons: readonly number[];
  /** Rows of the published table to put on top. Default: none. */
  readonly published?: readonly PublishedRow[];
}

/** One line of a comparison. */
export interface ComparisonRow {
  readonly method: string;
  readonly source: ScoreSource;
  /** What the method knew. */
  readonly information: string;
  readonly data: string;
  /** One a horizon; `sd` over seeds where there are seeds. */
  readonly values: readonly {readonly horizon: number; readonly mean: number; readonly sd?: number}[];
  /** What the reader must know before comparing; empty when there is nothing. */
  readonly note: string;
}

/** Methods side by side at one decision index, all counted in one way. */
export interface Comparison extends Omit<ComparisonOptions, 'published'> {
  /** Unit of the numbers. */
  readonly unit: string;
  readonly rows: readonly ComparisonRow[];
}

/**
 * Puts scores side by side, published rows first.
 * @throws ArgumentError when the scores have different protocols, or a cell asked for was not scored
 */
export function compare(entries: readonly ComparisonEntry[], {outcome, decision, horizons, published = []}: ComparisonOptions): Comparison {
  expect(entries.length > 0, {fn: 'compare', argument: 'entries', expected: 'at least one', received: entries.length});
  const protocols = entries.map(entry => entry.scores.protocol);
  expectSameProtocol('compare', protocols);
  const printed = published.map(row => publishedRow(row, outcome, horizons));
  const rows = entries.map(({source, scores}) => ({
    method: scores.forecaster, source, information: scores.information, data: scores.data, note: '',
    values: horizons.map(horizon => value(scores, outcome, decision, horizon)),
  }));
  return Object.freeze({outcome, decision, horizons, unit: protocols[0].scaling.name, rows: [...printed, ...rows]});
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
  const {method, gamma, mean, sd, aligned, note} = row;
  expect(row.outcome === outcome, {fn: 'compare', argument: 'published', expected: `rows of ${outcome}`, received: row.outcome});
  expect(horizons.every(s => s <= mean.length), {
    fn: 'compare', argument: 'horizons', expected: `at most ${mean.length}, as published`, received: horizons,
  });
  return {
    method, source: 'published', information: aligned ? 'first and last outcome' : 'see note', data: `published, gamma ${gamma}`, note,
    values: horizons.map(horizon => ({horizon, mean: mean[horizon - 1], sd: sd[horizon - 1]})),
  };
}
