import published from '../../../data/published-semi-synthetic.json';
import {expect} from '../../errors';
import type {PublishedRow} from '../../evaluation/comparison';

/** A model of which the paper publishes results on semi-synthetic data. */
export type PublishedSemiSyntheticModel = keyof typeof published.maps;

/** Table 2 of the paper as printed: row 1 of each published heat map. @paper Table 2 */
export function publishedTable2(): PublishedRow[] {
  return published.rows.map(({model, mean, sd}) => ({
    method: model, data: 'published, MIMIC-IV', outcome: 'outcome 1', mean, sd, information: 'see note',
    note: published.notes[model as PublishedSemiSyntheticModel],
  }));
}

/**
 * Heat map behind Figure 3, `[i][j]`, null outside i < j: row i is the time of the last observation and column j that
 * of the target, each model counted in its own way, see the notes of {@link publishedTable2}.
 * @paper Figure 3
 * @throws ArgumentError for a model without a published map
 */
export function publishedFigure3(model: PublishedSemiSyntheticModel): readonly (readonly (number | null)[])[] {
  expect(Object.hasOwn(published.maps, model), {
    fn: 'publishedFigure3', argument: 'model', expected: `one of ${Object.keys(published.maps).join(', ')}`,
    received: model,
  });
  return published.maps[model];
}
