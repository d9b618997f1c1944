import {expect} from '../../../errors';

/** What a pharmacokinetic model knows of somebody. */
export interface Person {
  /** Years since birth, above 0. */
  readonly age: number;
  /** kg, above 0. */
  readonly weight: number;
  /** cm, above 0. */
  readonly height: number;
  readonly sex: 'female' | 'male';
  /** Whether opioids or local anaesthetics are given too. Default false. */
  readonly opioids?: boolean;
  /** Where blood is taken. Default arterial. */
  readonly site?: 'arterial' | 'venous';
  /** Years since the last menstruation before birth, above 0. Default: 40 weeks more than `age`. */
  readonly sinceConception?: number;
}

/** Weeks of a year as pharmacokinetic models count them, and of a pregnancy. */
const YEAR = 52, PREGNANCY = 40;

/** Weeks since the last menstruation before birth. */
export const weeksSinceConception = ({age, sinceConception}: Person): number =>
  (sinceConception === undefined ? YEAR * age + PREGNANCY : YEAR * sinceConception);

/** Weeks since the last menstruation for somebody born at term. */
export const weeksIfBornAtTerm = (age: number): number => YEAR * age + PREGNANCY;

/** @throws ArgumentError naming `fn` for a person that cannot be */
export function expectPerson(fn: string, person: Person): void {
  const {age, weight, height, sex, site = 'arterial', sinceConception = 1} = person;
  for (const [name, received] of Object.entries({age, weight, height, sinceConception}))
    expect(received > 0 && received < Infinity, {
      fn, argument: `person.${name}`, expected: 'finite and above 0', received,
      remedy: 'Age is in years, weight in kg, height in cm.',
    });
  expect(sex === 'female' || sex === 'male', {
    fn, argument: 'person.sex', expected: "'female' or 'male'", received: sex,
  });
  expect(site === 'arterial' || site === 'venous', {
    fn, argument: 'person.site', expected: "'arterial' or 'venous'", received: site,
  });
}
