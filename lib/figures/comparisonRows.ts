import type {Comparison, ComparisonValue} from '../evaluation';
import type {ResultRow} from './table';

/** The paper's tables have two digits; a third would be invented. */
const PRINTED_DIGITS = 2;

/**
 * A comparison as lines of a table, its paired winners marked, failed methods with the word in place of numbers.
 * @param group heading under which the lines stand, e.g. `'gamma = 4'`
 */
export function comparisonRows({rows, horizons}: Comparison, group?: string): ResultRow[] {
  return rows.map(({method, source, information, values, note, failed}) => ({
    method, group, source, note: note || undefined, digits: source === 'published' ? PRINTED_DIGITS : undefined,
    information: source === 'published' ? undefined : information,
    competes: source === 'published' || failed ? false : undefined,
    best: values.some(v => v.best !== undefined) ? values.map(v => v.best === true) : undefined,
    values: horizons.map(horizon => failed ? 'failed' : cell(values.find(v => v.horizon === horizon))),
  }));
}

/** Publications stop at some horizon. */
const cell = (value?: ComparisonValue) => value ? {mean: value.mean, sd: value.sd} : null;
