import {antibioticNames, namePattern, paperAntibioticNames, unlistedAntibioticNames} from '../antibiotics';
import {expect} from '../../../errors';
import type {SqlValue} from '../../../data/database';

/** One rule: what it decides, and its alternatives with their meaning. */
export interface SepsisRule {
  readonly decides: string;
  readonly choices: Readonly<Record<string, string>>;
}

/**
 * Every decision on the way from measurements to Sepsis-3 on which published programs differ, or which their
 * descriptions leave open. A score of an hour uses what happened in (t - 1 h, t], t being the end of that hour.
 * @reference Vincent et al. 1996, The SOFA score. doi:10.1007/BF01709751
 * @reference Singer et al. 2016, Sepsis-3. doi:10.1001/jama.2016.0287
 * @reference Seymour et al. 2016, Assessment of clinical criteria for sepsis. doi:10.1001/jama.2016.0288
 * @reference Johnson et al. 2018, The MIMIC Code Repository. doi:10.1093/jamia/ocx084
 * @reference Hofford et al. 2022, OpenSep. doi:10.1093/jamiaopen/ooac055
 */
export const sepsisRuleChoices = Object.freeze({
  hours: {
    decides: 'when hour 0 ends; hours follow up to the one in which the patient leaves, and go back to hour -24',
    choices: {
      arrival: 'at arrival, to the second',
      clock: 'at the first full hour of the clock at or after arrival',
    },
  },
  gcs: {
    decides: 'where a part of the Glasgow coma scale comes from that is missing in a record; else it is normal',
    choices: {
      previousRecord: 'from the record just before, if less than 6 h older',
      eachPart: 'from the last record less than 6 h older that has this part',
      none: 'from nowhere',
    },
  },
  intubated: {
    decides: 'what the Glasgow coma scale is of a patient who cannot speak for the tube (verbal part 0)',
    choices: {normal: '15, as before sedation', charted: 'the sum of the parts, the verbal part 1'},
  },
  simultaneous: {
    decides: 'which of several values of one quantity of blood with one time counts',
    choices: {maximum: 'the highest', mean: 'their mean'},
  },
  pressure: {
    decides: 'which of several mean arterial pressures with one time counts',
    choices: {mean: 'their mean', lowest: 'the lowest'},
  },
  fio2: {
    decides: 'how much older than the blood gas the inspired oxygen may be; the last one is taken',
    choices: {fourHours: '4 h', oneHour: '1 h', day: '24 h'},
  },
  ratio: {
    decides: 'how PaO2 / FiO2 is rounded',
    choices: {
      exact: 'not',
      floored: 'down to a whole number, by way of a fraction that binary numbers only nearly hold: 60 / 0.2 is 299',
    },
  },
  ventilated: {
    decides: 'when the respiratory score may exceed 2',
    choices: {
      atGas: 'for a blood gas taken during invasive ventilation',
      last24Hours: 'in an hour that ends during ventilation or within 24 h after it, for all gases of the last 24 h',
      notNeeded: 'always',
    },
  },
  infusions: {
    decides: 'which rates of vasoactive drugs count for an hour',
    choices: {
      atHourEnd: 'those that run at its end: start < t <= stop; the highest of each drug',
      inHour: 'those that run at any moment of it; the highest of each drug',
      latestOf24Hours: 'of each drug the one started last that ran within the last 24 h',
    },
  },
  vasopressors: {
    decides: 'how vasoactive drugs are scored',
    choices: {
      graded: 'each drug by its own limits [mcg/kg/min]: dopamine > 15, epinephrine or norepinephrine > 0.1: 4; '
        + 'dopamine > 5, epinephrine or norepinephrine at all: 3; dopamine or dobutamine at all: 2',
      equivalents: 'sum of norepinephrine equivalents > 0.1: 4; > 0: 3; dopamine, dobutamine or milrinone at all: 2; '
        + 'equivalents: norepinephrine 1, epinephrine 1, dopamine above 5: 1/150, phenylephrine 1/10, vasopressin '
        + '[units/min] 1/0.4',
    },
  },
  vasopressin: {
    decides: 'whether vasopressin has an equivalent',
    choices: {counted: 'yes', dropped: 'no: the released program loses it to a unit spelled in two ways'},
  },
  urine: {
    decides: 'what the urine of 24 h is',
    choices: {
      recorded: 'the sum over (t - 24 h, t], from hour 23 on, if there is a record in it',
      sixRecords: 'the same, if there are 6 records or more in it',
      zeroIfUnrecorded: 'the same, and 0 ml if there is no record in it',
      scaled: 'at each record the sum of the last 23 h, if these stand for 22 to 30 h of collecting, scaled to 24 h',
    },
  },
  creatinine: {
    decides: 'from which creatinine on the renal score is 4',
    choices: {five: '5.0 mg/dl, as published', printed: 'above 5.9 mg/dl, as printed in Table 6 of the paper'},
  },
  names: {
    decides: 'which drugs are antibiotics',
    choices: {
      listed: 'those listed in the MIMIC code repository',
      extended: 'these and others that the list forgets, such as daptomycin, ertapenem, imipenem, tigecycline',
      paper: 'vancomycin, ceftriaxone and piperacillin-tazobactam',
    },
  },
  routes: {
    decides: 'which orders of antibiotics are systemic',
    choices: {
      systemic: 'none into or onto eye, ear or skin, no cream, gel, ointment for the eye, no desensitisation, no BASE',
      all: 'all but BASE',
    },
  },
  given: {
    decides: 'what starts an antibiotic',
    choices: {orders: 'its order', doses: 'each dose given', either: 'either'},
  },
  match: {
    decides: 'which culture and antibiotic make a suspicion: culture first, antibiotic within 72 h (3 days if only the '
      + 'date of the culture is known), or antibiotic first, culture within 24 h (1 day); its time is the first',
    choices: {
      earliestCulture: 'each antibiotic with the earliest culture before it, else the earliest after it',
      next: 'each culture with the next antibiotic, and each antibiotic with the next culture; a date is its midnight',
    },
  },
  dated: {
    decides: 'where a culture without time of the day stands among those of its date',
    choices: {last: 'last', first: 'first'},
  },
  place: {
    decides: 'which suspicions belong to a stay; antibiotics are of the same admission',
    choices: {
      antibioticInStay: 'the antibiotic starts in [arrival, leaving)',
      suspicionNearStay: 'the suspicion lies in [arrival - 48 h, leaving)',
      antibioticNearStay: 'the antibiotic starts in [arrival - 48 h, leaving)',
      admission: 'all of the admission, from 24 h before it on',
    },
  },
  pair: {
    decides: 'which suspicion of a stay counts; SOFA is looked for from 48 h before it to 24 h after it',
    choices: {
      withSofa: 'the earliest with the SOFA that is asked for',
      earliest: 'the earliest; without that SOFA there is no sepsis',
    },
  },
  baseline: {
    decides: 'what SOFA must have risen from, by 2 points or more',
    choices: {zero: '0', lowestPrior: 'the lowest of the earlier hours of that window'},
  },
  onset: {
    decides: 'when sepsis begins',
    choices: {suspicion: 'at the suspicion', earlier: 'at the earlier of suspicion and SOFA', later: 'at the later'},
  },
}) satisfies Readonly<Record<string, SepsisRule>>;

/** Name of a rule. */
export type SepsisRuleName = keyof typeof sepsisRuleChoices;

/** A choice for every rule. */
export type SepsisRules = {
  readonly [Name in SepsisRuleName]: keyof (typeof sepsisRuleChoices)[Name]['choices'];
};

const mimicCode: SepsisRules = Object.freeze({
  hours: 'arrival', gcs: 'previousRecord', intubated: 'normal', simultaneous: 'maximum', pressure: 'mean',
  fio2: 'fourHours', ratio: 'exact', ventilated: 'atGas', infusions: 'atHourEnd', vasopressors: 'graded',
  vasopressin: 'counted', urine: 'recorded', creatinine: 'five', names: 'listed', routes: 'systemic', given: 'orders',
  match: 'earliestCulture', dated: 'last', place: 'antibioticInStay', pair: 'withSofa', baseline: 'zero',
  onset: 'suspicion',
});

/**
 * Complete sets of rules.
 *
 * - `mimicCode`: those of the MIMIC code repository. There, hours end on the clock (`hours: 'clock'`), counted from the
 *   first heart rate, and urine is `scaled`; here both are as a source without texts and stays of each value allows.
 * - `released`: those of OpenSep, which the paper's program calls. Its estimates of FiO2 from flow and of PaO2 from
 *   saturation are not here, nor qSOFA for hours outside intensive care; vasopressin counts.
 * - `printed`: the words of the paper: SOFA rises by two points over the lowest earlier one.
 * @paper A.3.3
 */
export const sepsisPresets = Object.freeze({
  mimicCode,
  released: Object.freeze<SepsisRules>({
    ...mimicCode, fio2: 'oneHour', ratio: 'floored', ventilated: 'last24Hours', infusions: 'latestOf24Hours',
    vasopressors: 'equivalents', match: 'next', place: 'admission', pair: 'earliest',
  }),
  printed: Object.freeze<SepsisRules>({...mimicCode, place: 'suspicionNearStay', baseline: 'lowestPrior'}),
});

/** Name of a preset. */
export type SepsisPreset = keyof typeof sepsisPresets;

/** Options of {@link sepsisRules}. */
export interface SepsisRulesOptions {
  /** Rules that differ from the preset. Default: none. */
  readonly changes?: Partial<SepsisRules>;
}

/**
 * A preset, with changes: `sepsisRules('mimicCode', {changes: {place: 'suspicionNearStay'}})` is its wider version.
 * @throws ArgumentError for a preset, rule or choice that does not exist
 */
export function sepsisRules(preset: SepsisPreset = 'mimicCode', {changes = {}}: SepsisRulesOptions = {}): SepsisRules {
  const fn = 'sepsisRules';
  expect(Object.hasOwn(sepsisPresets, preset), {
    fn, argument: 'preset', expected: `one of ${Object.keys(sepsisPresets).join(', ')}`, received: preset,
  });
  expectChoices(fn, 'changes', changes);
  return Object.freeze({...sepsisPresets[preset], ...changes});
}

/**
 * Throws unless `rules` has a choice for every rule.
 * @throws ArgumentError naming the rule
 */
export function expectRules(fn: string, rules: SepsisRules): void {
  expectChoices(fn, 'rules', rules);
  const missing = Object.keys(sepsisRuleChoices).filter(name => !Object.hasOwn(rules, name));
  expect(missing.length === 0, {
    fn, argument: 'rules', expected: 'a choice for every rule', received: `none for ${missing.join(', ')}`,
    remedy: 'Make it of a preset: sepsisRules(preset, {changes}).',
  });
}

function expectChoices(fn: string, argument: string, rules: Partial<SepsisRules>): void {
  for (const [name, choice] of Object.entries(rules)) {
    expect(Object.hasOwn(sepsisRuleChoices, name), {
      fn, argument, expected: `rules named ${Object.keys(sepsisRuleChoices).join(', ')}`, received: name,
    });
    const {decides, choices}: SepsisRule = sepsisRuleChoices[name as SepsisRuleName];
    expect(typeof choice === 'string' && Object.hasOwn(choices, choice), {
      fn, argument: `${argument}.${name}`, expected: `one of ${Object.keys(choices).join(', ')}`, received: choice,
      remedy: `It decides ${decides}.`,
    });
  }
}

/** What the SQL of the concepts reads through `getvariable`, by name: the rules, and names of drugs. */
export function sqlVariables(rules: SepsisRules): Readonly<Record<string, SqlValue>> {
  const names = {
    listed: antibioticNames, extended: [...antibioticNames, ...unlistedAntibioticNames], paper: paperAntibioticNames,
  };
  return Object.freeze({...rules, antibiotic_names: namePattern(names[rules.names])});
}
