import published from '../../../data/published.json';
import {expect} from '../../errors';
import type {PublishedRow} from '../../evaluation/comparison';

/** A published heat map; `mean[i][j]`, null outside i < j. */
export interface PublishedHeatmap {
  readonly mean: readonly (readonly (number | null)[])[];
  readonly sd: readonly (readonly (number | null)[])[];
  readonly note: string;
}

/** A model of which the paper publishes heat maps. */
export type PublishedModel = keyof typeof published.alignment;

/**
 * Table 1 of the paper as printed, for gamma = 4, 6 or 8.
 * @paper Table 1
 * @throws ArgumentError for another gamma
 */
export function publishedTable1(gamma: number): PublishedRow[] {
  const {table1, alignment} = published, rows = table1.rows.filter(row => row.gamma === gamma);
  expect(rows.length > 0, {fn: 'publishedTable1', argument: 'gamma', expected: '4, 6 or 8', received: gamma});
  return rows.map(({model, mean, sd}) => ({
    method: model, data: `published, gamma ${gamma}`, outcome: table1.outcome, mean, sd,
    information: model === 'ObsNODE' ? 'first and last outcome' : 'see note',
    note: alignment[model as PublishedModel].note,
  }));
}

/**
 * Heat map behind Figure 2 (gamma = 4). For ObsNODE row i has its last observation at index 3 + i and column j is the
 * target at index 3 + j; the other models count in their own ways, see `note`.
 * @throws ArgumentError for a model or outcome of which there is none
 * @paper Figure 2
 */
export function publishedHeatmap(model: PublishedModel, outcome: 'tumour volume' | 'body weight'): PublishedHeatmap {
  const maps = published.figure2.maps[outcome];
  expect(maps && Object.hasOwn(maps, model), {
    fn: 'publishedHeatmap', argument: 'model',
    expected: `one of ${Object.keys(published.alignment).join(', ')}, for tumour volume or body weight`,
    received: `${model}, ${outcome}`,
  });
  const {lastObservation, firstTarget, plan, note} = published.alignment[model];
  return {...maps[model], note: `last observation: ${lastObservation}; target: ${firstTarget}; plan: ${plan}; ${note}`};
}
