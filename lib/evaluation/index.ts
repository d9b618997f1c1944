/**
 * Scores that carry their protocol, and tables of them.
 * @module
 */
export {percentOf, testSd, trainingSd, unscaled, type Scaling} from './scaling';
export {
  counterfactualPlans, factualPlans, protocol, protocolKey, type IndexProtocol, type Plans, type Protocol,
  type ScoredDecision, type ScoredProtocol,
} from './protocol';
export {evaluate, type EvaluateOptions, type ScoreCell, type Scores} from './evaluate';
export {type Metric, type PointForecast, type ScoredMetric} from './metric';
export {coverage, crps, intervalScore, mae, rmse} from './metrics';
export {pooled} from './pooled';
export {overSeeds, type SeedCell, type SeedScores} from './seeds';
export {heatmap, meanOverCells, type Heatmap} from './heatmap';
export {
  compare, comparisonRecords, type PublishedRow, type Comparison, type ComparisonEntry, type ComparisonOptions,
  type ComparisonRow, type ComparisonValue, type FailedEntry, type ScoreSource,
} from './comparison';
export {
  pairedDifference, relativeDifference, winners, type Contender, type PairedDifference, type PairedOptions,
} from './paired';
export {diagnose, effectiveShare, failedFit, type DiagnoseOptions, type Failure, type Finding} from './diagnose';
export {swappedPlans, twinPlans, type SwappedPlansOptions} from './twinPlans';
