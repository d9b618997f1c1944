import {expect} from '../errors';
import type {NdArray} from '../math/ndarray';
import {expectMatrix} from './learners/rowLearner';

/** What an effect is estimated from: n independent or neighbouring rows. */
export interface EffectRows {
  /** y, `[n]` */
  readonly outcome: Float64Array;
  /** d, `[n]`: the treatment, or a known transform of it. */
  readonly treatment: Float64Array;
  /** x, `[n, d]`: all that outcome and treatment have in common. */
  readonly features: NdArray;
}

/** Throws an ArgumentError naming `fn` for sizes that differ, values that are not finite, or a constant treatment. */
export function expectEffectRows(fn: string, {outcome, treatment, features}: EffectRows): void {
  expectMatrix(fn, 'features', features, 2);
  const n = features.shape[0];
  for (const [argument, values] of Object.entries({outcome, treatment})) {
    expect(values.length === n, {fn, argument, expected: `${n} numbers, one a row`, received: values.length});
    const bad = values.findIndex(v => !Number.isFinite(v));
    expect(bad < 0, {
      fn, argument, expected: 'finite', received: values[bad], remedy: `Row ${bad}: leave it out.`,
    });
  }
  expect(treatment.some(v => v !== treatment[0]), {
    fn, argument: 'treatment', expected: 'of at least two values', received: treatment,
    remedy: 'What never changes has no effect that data could show.',
  });
}
