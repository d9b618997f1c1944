import type {Derivation} from '../derive/derivation';
import {refereeEstimand, type RefereeOptions} from './referee';

/**
 * Every line of a derivation before the referee: its largest distance from what it was derived from, on random models;
 * undefined where a line has no value on them, because it asks about what cannot happen (positivity). A step that holds
 * for the graph may still lead through such a line, e.g. where states are functions of their parents.
 * @param options as for `refereeEstimand`
 * @throws ArgumentError for options that `refereeEstimand` refuses
 */
export function refereeLines(
  {graph, lines, question}: Derivation, options: RefereeOptions,
): readonly (number | undefined)[] {
  return lines.map(({expression}) => {
    try {
      return refereeEstimand(graph, expression, question, options).maxError;
    } catch (error) {
      if (/Positivity fails/.test((error as Error).message)) return undefined;
      throw error;
    }
  });
}
