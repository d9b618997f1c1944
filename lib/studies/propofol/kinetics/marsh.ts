import type {Compartments} from './compartments';
import {expectPerson, type Person} from './person';

/** Options of {@link marsh}. */
export interface MarshOptions {
  /** How fast the effect site follows [1/min], above 0. Default 0.26, of the first pump; the modified model has 1.2. */
  readonly ke0?: number;
}

/**
 * The model of the first pump for target-controlled infusion: everything in proportion to weight. Some tables give
 * k12 = 0.114 instead of 0.112.
 * @throws ArgumentError for a person that cannot be
 * @reference Marsh and others 1991, Pharmacokinetic model driven infusion of propofol in children.
 * doi:10.1093/bja/67.1.41
 */
export function marsh(person: Person, {ke0 = 0.26}: MarshOptions = {}): Compartments {
  expectPerson('marsh', person);
  const v1 = 0.228 * person.weight, cl = 0.119 * v1, q2 = 0.112 * v1, q3 = 0.0419 * v1;
  return {v1, v2: q2 / 0.055, v3: q3 / 0.0033, cl, q2, q3, ke0};
}
