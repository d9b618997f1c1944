/**
 * Many runs: sweeps, trials, what is compared, in parallel, at what cost.
 * @module
 */
export {
  comparedMethod, comparedMethods, generalForm,
  type Adjustment, type ComparedForecaster, type ComparedMethod, type ComparedMethodsOptions, type MethodFields,
} from './methods';
export {timed, type TimedForecaster, type TimedLearner, type TrainingCost} from './cost';
export {enoughTraining, type EnoughTraining, type EnoughTrainingOptions, type TrainingTry} from './enough';
export {inParallel} from './parallel';
export {ablate, type AblateOptions, type Changes, type Variant} from './ablate';
export {grid, type Axes, type Point} from './grid';
export {
  sweep, type DeclaredRun, type RunContext, type RunFunction, type SweepOptions, type SweepProgress,
} from './sweep';
export {completed, type FailedRow, type FinishedRow, type RunRecord, type SweepRow} from './sweepRow';
export {remembered} from './remembered';
export {isLost, runTrial, type Trial, type TrialTask} from './trial';
export {compareTrials, type TrialRow} from './compareTrials';
export * as search from './search';
export * as runs from './runs';
