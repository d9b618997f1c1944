/**
 * Numbers in float64: splittable random numbers, distributions, matrices, statistics.
 * @module
 */
export {ndarray, size, type NdArray} from './ndarray';
export {rng, split, fold, bits, uniform, philox4x32, type Rng} from './rng';
export {normal, logNormal, type NormalOptions} from './normal';
export {truncatedNormal, type TruncatedNormalOptions} from './truncatedNormal';
export {multivariateNormal} from './multivariateNormal';
export {
  bernoulli, categorical, choice, integers, permutation, type ChoiceOptions, type IntegersOptions,
} from './discrete';
export {mean, sd, weightedQuantile, type SdOptions} from './statistics';
export {spearman} from './spearman';
export {
  nearestNeighbours, type Incomplete, type NeighbourImputer, type NeighbourOptions,
} from './nearestNeighbours';
export {sobol, SOBOL_DIMENSIONS} from './sobol';
export {expm} from './expm';
export {estimated, type Estimated} from './estimated';
export {ridge, type RidgeFit} from './ridge';
export {bSpline, clampedKnots, type BSplineFields} from './bSpline';
export {matern, type MaternOptions} from './matern';
export {gaussianPaths, gaussianProcess, type GaussianProcess, type GaussianProcessOptions} from './gaussianProcess';
export {gaussianCondition, type GaussianCondition} from './gaussianCondition';
export {fourierFunction, fourierValues, type FourierFunction, type FourierFunctionOptions} from './fourierFunction';
export {logistic, logLogistic} from './logistic';
export {
  bernoulliPolicy, decide, logDecision, policyLogit, treatmentProbability, type BernoulliPolicy,
} from './bernoulliPolicy';
export {predictTrees, type RegressionTree, type RegressionTrees} from './trees/tree';
export type {TreeOptions} from './trees/options';
export {regressionTree} from './trees/regressionTree';
export {randomForest, type RandomForestOptions} from './trees/randomForest';
export {sharedForest} from './trees/sharedForest';
export {gradientBoosting, type GradientBoostingOptions, type HeldOut} from './trees/gradientBoosting';
