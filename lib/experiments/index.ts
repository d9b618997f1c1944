/**
 * Many trainings: what is compared, in parallel, at what cost.
 * @module
 */
export {comparedMethods, type Adjustment, type ComparedForecaster, type ComparedMethod} from './methods';
export {timed, type TimedForecaster, type TimedLearner, type TrainingCost} from './cost';
export {inParallel} from './parallel';
