import {expect} from '../errors';
import type {Scores} from './evaluate';
import {metricOf, RMSE, valueOf} from './metric';
import type {SeedScores} from './seeds';

/** Errors over decision and target, one row a decision. */
export interface Heatmap {
  readonly outcome: string;
  /** Decision index of each row. */
  readonly decisions: readonly number[];
  /** Target index of each column. */
  readonly targets: readonly number[];
  /** `values[row][column]`; undefined where there is no cell. */
  readonly values: readonly (readonly (number | undefined)[])[];
}

/**
 * The cells of one outcome as a matrix.
 * @param metric name of one that the scores carry
 * @throws ArgumentError for an outcome or a metric that was not scored
 */
export function heatmap(scores: Scores | SeedScores, outcome: string, metric = RMSE.name): Heatmap {
  metricOf('heatmap', scores, metric);
  const cells = scores.cells.filter(cell => cell.outcome === outcome);
  expect(cells.length > 0, {
    fn: 'heatmap', argument: 'outcome', expected: `one of ${[...new Set(scores.cells.map(c => c.outcome))].join(', ')}`,
    received: outcome,
  });
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  const decisions = sorted(cells.map(c => c.decision)), targets = sorted(cells.map(c => c.target));
  const found = new Map(cells.map(c => [`${c.decision} ${c.target}`, valueOf(c, metric)]));
  return Object.freeze({
    outcome, decisions, targets, values: decisions.map(c => targets.map(t => found.get(`${c} ${t}`))),
  });
}

/**
 * Mean over the cells of one outcome, each counted once.
 * @throws ArgumentError for an outcome that was not scored
 */
export function meanOverCells(scores: Scores | SeedScores, outcome: string): number {
  const values = heatmap(scores, outcome).values.flat().filter(v => v !== undefined);
  return values.reduce((a, b) => a + b, 0) / values.length;
}
