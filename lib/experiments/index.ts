export {comparedMethods, type Adjustment, type ComparedForecaster, type ComparedMethod} from './methods';
export {timed, type TimedForecaster, type TimedLearner, type TrainingCost} from './cost';
export {inParallel} from './parallel';
