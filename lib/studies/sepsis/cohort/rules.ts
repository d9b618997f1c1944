import {expect, expectWhole} from '../../../errors';

/** What makes a cohort. */
export interface CohortRules {
  /** Stays of a patient less than so many hours apart are one, >= 0. Default 24, as in the paper. */
  readonly merge: number;
  /**
   * Who has sepsis. `'sepsis'`: by the table `sepsis`. Where there are no cultures, organ failure (SOFA of 2 or more
   * near time zero) under an antibiotic: `'infection'` with a diagnosis on record, which may have been made later than
   * any forecast; `'antibiotic'` without asking for one.
   */
  readonly who: 'sepsis' | 'infection' | 'antibiotic';
  /** From when hours are counted, see `candidates.sql`. */
  readonly zero: 'sepsis' | 'sepsis_icu' | 'icu' | 'admission' | 'antibiotic';
  /**
   * Which antibiotics are asked for: `'any'`; `'three'`, one of vancomycin, ceftriaxone and piperacillin-tazobactam;
   * `'only three'`, of these one and no other antibiotic, as in the paper.
   */
  readonly drugs: 'any' | 'three' | 'only three';
  /** Shortest record after time zero in hours, >= 1. Default 8. */
  readonly hours: number;
}

/** Values that a rule may take. */
const CHOICES = Object.freeze({
  who: ['sepsis', 'infection', 'antibiotic'],
  zero: ['sepsis', 'sepsis_icu', 'icu', 'admission', 'antibiotic'],
  drugs: ['any', 'three', 'only three'],
});

const paper: CohortRules =
  Object.freeze({merge: 24, who: 'sepsis', zero: 'sepsis_icu', drugs: 'only three', hours: 8});

/**
 * Complete sets of rules: `paper`, as its text and program say; `threeDrugs`, the same with other antibiotics beside
 * the three allowed; `eicu`, for records without cultures: a diagnosis of infection, an antibiotic and organ failure.
 * @paper A.3.3
 */
export const cohortPresets = Object.freeze({
  paper,
  threeDrugs: Object.freeze<CohortRules>({...paper, drugs: 'three'}),
  eicu: Object.freeze<CohortRules>({...paper, who: 'infection', zero: 'antibiotic', drugs: 'three'}),
});

/** Name of a preset. */
export type CohortPreset = keyof typeof cohortPresets;

/** Options of {@link cohortRules}. */
export interface CohortRulesOptions {
  /** Rules that differ from the preset. Default: none. */
  readonly changes?: Partial<CohortRules>;
}

/**
 * A preset, with changes.
 * @throws ArgumentError for a preset that does not exist or a rule out of its range
 */
export function cohortRules(preset: CohortPreset, {changes = {}}: CohortRulesOptions = {}): CohortRules {
  const fn = 'cohortRules';
  expect(Object.hasOwn(cohortPresets, preset), {
    fn, argument: 'preset', expected: `one of ${Object.keys(cohortPresets).join(', ')}`, received: preset,
  });
  const unknown = Object.keys(changes).find(name => !Object.hasOwn(paper, name));
  expect(unknown === undefined, {
    fn, argument: 'changes', expected: `of ${Object.keys(paper).join(', ')}`, received: unknown,
  });
  const rules = Object.freeze<CohortRules>({...cohortPresets[preset], ...changes});
  expectCohortRules(fn, rules);
  return rules;
}

/** @throws ArgumentError naming `fn` for a rule out of its range @internal */
export function expectCohortRules(fn: string, rules: CohortRules): void {
  expectWhole(fn, {merge: rules.merge}, 0);
  expectWhole(fn, {hours: rules.hours}, 1);
  for (const [name, choices] of Object.entries(CHOICES)) {
    const received = rules[name as keyof typeof CHOICES];
    expect(choices.includes(received), {fn, argument: name, expected: `one of ${choices.join(', ')}`, received});
  }
}
