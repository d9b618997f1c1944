/**
 * Search over hyper-parameters: studies whose store is a journal that Optuna reads.
 * @module
 */
export {
  atUnit, choice, domainText, exists, expectParams, float, holds, int, paramsAt, unitOf, type Choice,
  type Choices, type Domain, type NumberRange, type Params, type Space,
} from './space';
export {distributionJson} from './distribution';
export {openStudy, type Outcome, type Study, type StudyOptions} from './study';
export {optimise, Pruned, type ObjectiveContext, type OptimiseOptions} from './optimise';
export {bestSoFar, testFunctions, type TestFunction} from './testFunctions';
export {trainingObjective} from './trainingObjective';
export {halving, type HalvingOptions, type Pruner} from './halving';
export {type StudyTrial, type TrialState} from './replay';
export {type OutsideSampler, type PointSampler, type Sampler} from './samplers/sampler';
export {randomSampler} from './samplers/random';
export {sobolSampler} from './samplers/sobol';
export {tpeSampler, type TpeOptions} from './samplers/tpe';
