/**
 * Two decisions with everything known in closed form: where adjustment must show.
 * @module
 */
export {confoundedEffect, secondEffect} from './effects';
export {
  twoStepCohort, type TwoStepCohort, type TwoStepCohortOptions, type TwoStepOptions, type TwoStepRun,
} from './cohort';
export {twoStepBias, twoStepRegression, twoStepTruth} from './truth';
export {twoStepForecasters, type TwoStepForecastersOptions} from './methods';
