/**
 * Causal graphs, identification, do-calculus, and referees that know the truth.
 * @module
 */
export {
  causalGraph, makeGraph, edgeList, ancestors, descendants, districts, mutilate, inducedSubgraph, withEdges,
  withoutEdges, type Arrow, type CausalGraph, type CausalGraphOptions, type Surgery,
} from './graph/graph';
export {latentProjection, canonicalDag, type Projection} from './graph/projection';
export {
  mSeparation, mConnected, isOpenPath, isSeparationProof, formatPath, type CausalPath, type SearchState,
  type Separation, type SeparationClaim,
} from './graph/separation';
export {
  stateSpaceModel, unroll, type StateSpaceModelOptions, type TemporalModel, type UnrollOptions,
} from './graph/unroll';
export {
  probability, sumOver, productOf, quotientOf, freeSymbols, isObservational, plainText, type Expression,
  type ProbabilityTerm, type ProbabilityOptions,
} from './derive/expression';
export {expressionLatex, symbolLatex} from './derive/latex';
export {simplifyExpression} from './derive/simplify';
export {checkRule, applyRule, claimText, type DoRule, type RuleCheck, type RuleUse} from './derive/doCalculus';
export {derive, refusedLines, type Derivation, type DerivationLine, type DerivationStep} from './derive/derivation';
export {
  deriveConditionalFrontDoor, deriveAdjustmentFormula, type AdjustmentProblem,
} from './identify/conditionalFrontDoor';
export {identify, type CausalQuery, type Identification, type IdentificationStep} from './identify/identify';
export {checkHedge, type Hedge, type HedgeCheck} from './identify/hedge';
export {rivalModels, type RivalModels} from './referee/hedgeModels';
export {
  checkBackDoor, checkFrontDoor, checkConditionalFrontDoor, backDoorSets, frontDoorSets, conditionalFrontDoorSets,
  backDoorEstimand, conditionalFrontDoorEstimand, averagedFrontDoorEstimand, type Condition, type CriterionCheck,
  type CriterionSets, type ConditionalFrontDoorOptions, type FindOptions,
} from './identify/criteria';
export {factor, factorAt, type Factor} from './referee/factor';
export {
  randomScm, discreteScm, scmMarginal, type Assignment, type DiscreteScm, type MarginalOptions, type RandomScmOptions,
} from './referee/discreteScm';
export {evaluator, type Evaluator} from './referee/evaluate';
export {refereeEstimand, compareOn, type RefereeOptions, type RefereeReport} from './referee/referee';
export {
  linearScm, intervene, linearCovariance, linearPrediction, sampleLinear, regress, type LinearPrediction,
  type LinearScm,
} from './referee/linearScm';
export {
  linearStateSpace, compareLinear, estimateLinear, type LinearComparison, type LinearStateSpaceOptions,
} from './referee/linearReferee';
export {regressionBias, type RegressionBiasOptions} from './referee/regressionBias';
export {
  confoundedKalman, treatmentGain, type ConfoundedModel, type FilterState, type HistoryPoint,
} from './referee/kalman';
export {
  adjustOnPartition, assimilationVariance, blockError, convergenceSlope, distance, filterTrial, interventionalTruth,
  kalmanBucyVariance, missesAgainstHistory, partitionLimit, partitionMethods, recordedForecast, standardised,
  surgeryForecast, type Partition, type PartitionMethod, type PartitionRow, type StateLaws,
} from './referee/partition';
export {assimilationLimit, type AssimilationRow} from './referee/assimilationLimit';
export {memoryTwins} from './referee/memoryTwins';
export {refereeLines} from './referee/refereeLines';
export {
  coarsen, confoundedDiffusion, discreteModel, simulateDiffusion, type ConfoundedDiffusion, type DiffusionDesign,
  type DiffusionTrial, type SimulateDiffusionOptions, type VisitNoise,
} from './referee/confoundedDiffusion';
export {confirm, isConfirmed, type Confirmed, type ConfirmOptions} from './referee/confirm';
export {
  derivationMarkdown, graphDrawing, identifiedMarkdown, type GraphDrawing, type GraphDrawingOptions,
} from './present';
