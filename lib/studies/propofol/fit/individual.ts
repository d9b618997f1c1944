import {KINETIC, type CovariateModel, type Subject} from './covariateModel';
import {fitCovariates} from './fitCovariates';
import {middle} from './score';
import {logErrors} from './prediction';

/** How much leaving the population costs in {@link individualErrors}: just enough to make compartments definite. */
const LOOSE = 1e-4;

/**
 * Median errors of people whose compartments are fitted to their own samples, `[n]`: how well three compartments can
 * tell anybody. Not a prediction.
 * @param locals what the population says of a person, from where each fit begins
 */
export function individualErrors(people: readonly Subject[], locals: (subject: Subject) => Float64Array): Float64Array {
  return Float64Array.from(people, subject => {
    const start = locals(subject).slice(0, KINETIC), model: CovariateModel = {
      name: 'individual', start, penalised: new Float64Array(KINETIC).fill(1), gains: 0, locals: own => own,
    };
    const {constants} = fitCovariates(model, [subject], {lambda: LOOSE});
    return middle(logErrors(subject, constants).map(Math.abs));
  });
}
