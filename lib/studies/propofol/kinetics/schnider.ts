import type {Compartments} from './compartments';
import {leanBodyMass} from './leanMass';
import {expectPerson, type Person} from './person';

/** Smallest volume [L] and flow [L/min] that the formulas are allowed to give. */
const LEAST = {v2: 1, flow: 0.1};

/**
 * A model of 24 volunteers of 25 to 81 years. Its sums of straight lines turn negative for small children and for some
 * of the very heavy; there they are cut off at 1 L and 0.1 L/min, so that a number comes out, not a sensible one.
 * @throws ArgumentError for a person that cannot be
 * @reference Schnider and others 1998, The influence of method of administration and covariates on the
 * pharmacokinetics of propofol in adult volunteers. doi:10.1097/00000542-199805000-00006
 */
export function schnider(person: Person): Compartments {
  expectPerson('schnider', person);
  const {age, weight, height} = person, lean = leanBodyMass(person);
  const cl = 1.89 + 0.0456 * (weight - 77) - 0.0681 * (lean - 59) + 0.0264 * (height - 177);
  return {
    v1: 4.27, v2: Math.max(LEAST.v2, 18.9 - 0.391 * (age - 53)), v3: 238, cl: Math.max(LEAST.flow, cl),
    q2: Math.max(LEAST.flow, 1.29 - 0.024 * (age - 53)), q3: 0.836, ke0: 0.456,
  };
}
