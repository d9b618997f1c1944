import published from '../../../data/published-sepsis.json';
import {expect} from '../../errors';
import type {PublishedRow} from '../../evaluation/comparison';

/** An outcome of the third experiment. */
export type SepsisOutcome = keyof typeof published.maps;

/** A model of which the paper publishes results on real sepsis patients. */
export type PublishedSepsisModel = keyof typeof published.notes;

/** The outcomes in the paper's order: the score first, then the markers of side effects. */
export const sepsisOutcomes: readonly SepsisOutcome[] =
  Object.freeze(Object.keys(published.maps) as SepsisOutcome[]);

/**
 * Table 3 of the paper as printed, one outcome's rows. Where it differs from the published maps, the note says how.
 * @paper Table 3
 * @throws ArgumentError for an outcome that the paper does not have
 */
export function publishedTable3(outcome: SepsisOutcome): PublishedRow[] {
  expectOutcome('publishedTable3', outcome);
  return published.rows.filter(row => row.outcome === outcome).map(({model, mean, sd}) => {
    const slips = published.slips.filter(slip => slip.outcome === outcome && slip.model === model);
    const note = [published.notes[model as PublishedSepsisModel], ...slips.map(({said}) => said)].join('; ');
    return {method: model, data: 'published, MIMIC-IV', outcome, mean, sd, information: 'see note', note};
  });
}

/**
 * Heat map behind Figure 4, `[i][j]`, null outside i < j: row i stands for the last hour seen and column j for the hour
 * forecast, each model counted in its own way. OptAB and SCIP-Net were published for 12 hours, ObsNODE's SOFA for 13,
 * the others for 24.
 * @paper Figure 4
 * @throws ArgumentError for an outcome or a model without a published map
 */
export function publishedFigure4(
  outcome: SepsisOutcome, model: PublishedSepsisModel,
): readonly (readonly (number | null)[])[] {
  expectOutcome('publishedFigure4', outcome);
  const models = Object.keys(published.notes);
  expect(models.includes(model), {
    fn: 'publishedFigure4', argument: 'model', expected: `one of ${models.join(', ')}`, received: model,
  });
  return published.maps[outcome][model];
}

/** What is known to be wrong in the published numbers, one line each. @paper Table 3, Figure 4 */
export const publishedSepsisSlips: readonly {readonly outcome: string; readonly model: string;
  readonly said: string;}[] = Object.freeze(published.slips.map(slip => Object.freeze(slip)));

/** ObsNODE's map of SOFA as stored beside the figures: not the one that the table shows, and without any spread. */
export const storedSofaMap: readonly (readonly (number | null)[])[] = published.storedSofa;

function expectOutcome(fn: string, outcome: string): void {
  expect(Object.hasOwn(published.maps, outcome), {
    fn, argument: 'outcome', expected: `one of ${sepsisOutcomes.join(', ')}`, received: outcome,
  });
}
