/**
 * Effects estimated beside functions that are learned: cross-fitting, residual on residual, standard errors.
 * @module
 */
export {foldsOf, timeBlocks} from './folds';
export {crossFit} from './crossFit';
export {type EffectRows} from './effectRows';
export {
  partiallyLinear, residualsOf, effectOf, type EffectEstimate, type PartiallyLinearFit, type PartiallyLinearOptions,
  type Residuals,
} from './partiallyLinear';
export {effectCurve, effectByGroup, type GroupEffect} from './effectCurve';
export {standardError, type Dependence} from './standardError';
export {
  learnerTable, overlap, perturbedEffects, type LearnerRow, type Nuisances, type Overlap, type PerturbedEffect,
} from './diagnostics';
export {rowsOf, type RowLearner, type RowLesson} from './learners/rowLearner';
export {
  boostingLearner, forestLearner, sharedForestLearner, type BoostingLearnerOptions, type ForestLearnerOptions,
} from './learners/trees';
export {ridgeLearner, splineLearner, type SplineLearnerOptions} from './learners/linear';
export {mlpLearner, type MlpLearnerOptions} from './learners/mlp';
export {descend, type Descent} from './learners/descent';
export {BLOCK, inBlocks} from './learners/inBlocks';
