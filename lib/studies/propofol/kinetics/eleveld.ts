import type {Compartments} from './compartments';
import {fatFreeMass} from './leanMass';
import {expectPerson, weeksIfBornAtTerm, weeksSinceConception, type Person} from './person';

/** The person for whom the constants hold as they stand. */
const REFERENCE: Person = {age: 35, weight: 70, height: 170, sex: 'male'};

/** Constants of the model, in the order of its publication. */
export interface EleveldConstants {
  readonly v1: number;
  readonly v2: number;
  readonly v3: number;
  readonly clMale: number;
  readonly clFemale: number;
  readonly q2: number;
  readonly q3: number;
  /** Weeks at which clearance is half grown, and how steeply. */
  readonly clHalf: number;
  readonly clSlope: number;
  /** Change of log V2 per year. */
  readonly v2Age: number;
  /** Change of log CL and log V3 per year with opioids. */
  readonly clOpioids: number;
  readonly v3Opioids: number;
  /** Weight at which V1 is half of its largest. */
  readonly v1Half: number;
  /** Weeks at which Q3 is half grown, and by how much Q2 is larger before. */
  readonly q3Half: number;
  readonly q2Young: number;
  /** V1 of the small and Q2, where blood is venous. */
  readonly v1Venous: number;
  readonly q2Venous: number;
}

/** The constants as published. */
export const eleveldConstants: EleveldConstants = Object.freeze({
  v1: 6.2831, v2: 25.5013, v3: 272.817, clMale: 1.78958, clFemale: 2.10022, q2: 1.7501, q3: 1.10854, clHalf: 42.276,
  clSlope: 9.0548, v2Age: -0.015633, clOpioids: -0.00285709, v3Opioids: -0.0138166, v1Half: 33.553, q3Half: 68.277,
  q2Young: 1.30427, v1Venous: 1.4189, q2Venous: 0.6805,
});

/** Options of {@link eleveld}. */
export interface EleveldOptions {
  /** Constants to put in the place of the published ones. */
  readonly constants?: EleveldConstants;
}

/**
 * The model of 1,033 people from 27 weeks after conception to 88 years. Q2 at the reference person is 1.83 L/min: the
 * constant is 1.75, and the factor of maturation is not 1 there. Q3 counts weeks from age alone, also for those born
 * early.
 * @throws ArgumentError for a person that cannot be
 * @reference Eleveld, Colin, Absalom, Struys 2018, Pharmacokinetic-pharmacodynamic model for propofol for broad
 * application in anaesthesia and sedation. doi:10.1016/j.bja.2018.01.018
 */
export function eleveld(person: Person, {constants = eleveldConstants}: EleveldOptions = {}): Compartments {
  expectPerson('eleveld', person);
  const c = constants, {age, weight, sex, opioids = false, site = 'arterial'} = person, venous = site === 'venous';
  const size = weight / 70, central = (w: number) => w / (w + c.v1Half), withOpioids = (k: number) =>
    (opioids ? Math.exp(k * age) : 1);
  const grown = (weeks: number) => sigmoid(weeks, c.clHalf, c.clSlope), q3Grown = (years: number) =>
    sigmoid(weeksIfBornAtTerm(years), c.q3Half, 1);
  const v1 = c.v1 * central(weight) / central(70) * (venous ? 1 + c.v1Venous * (1 - central(weight)) : 1);
  const v2 = c.v2 * size * Math.exp(c.v2Age * (age - REFERENCE.age));
  const v3 = c.v3 * fatFreeMass(person) / fatFreeMass(REFERENCE) * withOpioids(c.v3Opioids);
  const cl = (sex === 'male' ? c.clMale : c.clFemale) * size ** 0.75 * withOpioids(c.clOpioids)
    * grown(weeksSinceConception(person)) / grown(weeksIfBornAtTerm(REFERENCE.age));
  const q2 = c.q2 * (v2 / c.v2) ** 0.75 * (1 + c.q2Young * (1 - q3Grown(age))) * (venous ? c.q2Venous : 1);
  const q3 = c.q3 * (v3 / c.v3) ** 0.75 * q3Grown(age) / q3Grown(REFERENCE.age);
  return {v1, v2, v3, cl, q2, q3, ke0: (venous ? 1.24 : 0.146) * size ** -0.25};
}

const sigmoid = (x: number, half: number, slope: number): number => 1 / (1 + (half / x) ** slope);
