/**
 * A hidden process that drives treatment and outcome, with tunable strength and memory, seen in the outcomes or not.
 * @module
 */
export {HIDDEN_KINDS, hiddenWorld, type HiddenKind, type HiddenWorld, type HiddenWorldOptions} from './world';
export {hiddenCohort, randomPlan, type HiddenCohort, type HiddenRun} from './cohort';
export {interventionalMean} from './interventionalMean';
export {regressionLimit} from './regressionLimit';
export {timeSeriesDeconfounder} from './deconfounder';
export {negativeControl} from './negativeControl';
export {HIDDEN_METHODS, hiddenForecasters, type HiddenForecastersOptions} from './methods';
export {hiddenQuestion, type HiddenQuestion, type HiddenScores} from './scores';
