import {eleveld, eleveldConstants, type EleveldConstants} from '../kinetics/eleveld';
import type {Person} from '../kinetics/person';
import {logsOf, type CovariateModel} from './covariateModel';

/** Round numbers for an adult of 70 kg, from which fits begin: V1, V2, V3 [L], CL, Q2, Q3 [L/min]. */
const NEUTRAL = Float64Array.of(6, 25, 250, 1.8, 1.5, 1).map(Math.log);

const free = (p: number): Float64Array => new Float64Array(p);

/** One set of compartments for everybody: what is predicted by whoever knows nothing of the person. */
export function constantModel(): CovariateModel {
  return Object.freeze<CovariateModel>({
    name: 'constant', start: Float64Array.from(NEUTRAL), penalised: free(6), gains: 0,
    locals: constants => Float64Array.from(constants),
  });
}

/**
 * Volumes in proportion to weight and flows to its power 3/4, six constants fitted: the law of size without anything of
 * the drug.
 * @reference Anderson, Holford 2008, Mechanism-based concepts of size and maturity in pharmacokinetics.
 * doi:10.1146/annurev.pharmtox.48.113006.094708
 */
export function allometricModel(): CovariateModel {
  return Object.freeze<CovariateModel>({
    name: 'allometric', start: Float64Array.from(NEUTRAL), penalised: free(6), gains: 0,
    locals: (constants, {weight}) => constants.map((v, k) => v + allometry(k, weight)),
  });
}

/** What the law of size adds to logarithm k of the compartments. */
export const allometry = (k: number, weight: number): number => (k < 3 ? 1 : 0.75) * Math.log(weight / 70);

/** Constants that must stay above 0 are fitted as logarithms. */
const SIGNED: ReadonlySet<keyof EleveldConstants> = new Set(['v2Age', 'clOpioids', 'v3Opioids', 'q2Young', 'v1Venous']);

/**
 * The structure of Eleveld's model, its 17 constants fitted anew from a neutral start: no ageing, no effect of opioids
 * or site, maturation half done at birth. Its form was found on all of these people; its numbers are not.
 * @reference Eleveld, Colin, Absalom, Struys 2018. doi:10.1016/j.bja.2018.01.018
 */
export function eleveldModel(): CovariateModel {
  const keys = Object.keys(eleveldConstants) as (keyof EleveldConstants)[];
  const neutral: EleveldConstants = {
    v1: 6, v2: 25, v3: 250, clMale: 1.8, clFemale: 1.8, q2: 1.5, q3: 1, clHalf: 40, clSlope: 4, v2Age: 0, clOpioids: 0,
    v3Opioids: 0, v1Half: 35, q3Half: 40, q2Young: 0, v1Venous: 0, q2Venous: 1,
  };
  const read = (constants: Float64Array) => Object.fromEntries(keys.map((key, j) =>
    [key, SIGNED.has(key) ? bounded(key, constants[j]) : Math.exp(constants[j])])) as unknown as EleveldConstants;
  return Object.freeze<CovariateModel>({
    name: 'Eleveld refitted', gains: 0, penalised: free(keys.length),
    start: Float64Array.from(keys, key => (SIGNED.has(key) ? neutral[key] : Math.log(neutral[key]))),
    locals: (constants, person: Person) => logsOf(eleveld(person, {constants: read(constants)})),
  });
}

/** A factor of 1 + something must stay above 0. */
const bounded = (key: keyof EleveldConstants, value: number): number =>
  (key === 'q2Young' || key === 'v1Venous' ? Math.max(-0.95, value) : value);
