import type {Compartments} from './compartments';
import {expectPerson, type Person} from './person';

/** Options of {@link schuttlerIhmsen}. */
export interface SchuttlerIhmsenOptions {
  /** Whether the drug is given as a bolus: the compartments are then others. Default false, an infusion. */
  readonly bolus?: boolean;
}

/**
 * A model of 270 people in which compartments differ between bolus and infusion: evidence that no set of compartments
 * tells both. V1 falls with age to the power -0.39; an implementation that lost the minus signs is in circulation. It
 * has no effect site: that of Eleveld's model stands in.
 * @throws ArgumentError for a person that cannot be
 * @reference Schüttler, Ihmsen 2000, Population pharmacokinetics of propofol: a multicenter study.
 * doi:10.1097/00000542-200003000-00017
 */
export function schuttlerIhmsen(person: Person, {bolus = false}: SchuttlerIhmsenOptions = {}): Compartments {
  expectPerson('schuttlerIhmsen', person);
  const {age, weight, site = 'arterial'} = person, size = weight / 70;
  const by = (factor: number) => (bolus ? 1 + factor : 1);
  return {
    v1: 9.3 * size ** 0.71 * (age / 30) ** -0.39 * by(1.61), v2: 44.2 * size ** 0.61 * by(0.73), v3: 266,
    cl: 1.44 * size ** 0.75 - 0.045 * Math.max(0, age - 60),
    q2: 2.25 * size ** 0.62 * (site === 'venous' ? 0.6 : 1) * by(2.02), q3: 0.92 * size ** 0.55 * by(-0.48),
    ke0: 0.146 * size ** -0.25,
  };
}
