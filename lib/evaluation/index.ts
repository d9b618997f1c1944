export {percentOf, testSd, trainingSd, unscaled, type Scaling} from './scaling';
export {counterfactualPlans, factualPlans, protocol, protocolKey, publishedCancerProtocol, type Plans, type Protocol} from './protocol';
export {evaluate, type ScoreCell, type Scores} from './evaluate';
export {overSeeds, type SeedCell, type SeedScores} from './seeds';
export {heatmap, meanOverCells, type Heatmap} from './heatmap';
export {publishedHeatmap, publishedTable1, type PublishedHeatmap, type PublishedModel, type PublishedRow} from './published';
export {compare, comparisonRecords, type Comparison, type ComparisonEntry, type ComparisonOptions, type ComparisonRow, type ScoreSource} from './comparison';
