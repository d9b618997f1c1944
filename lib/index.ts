/**
 * The door of the library: `import {rng, learned, obsNode, causal} from './lib'`. What every study needs has a name
 * here; a field of its own has a namespace, so that `ode.solve` and `causal.identify` say where they come from. What
 * belongs to one data set or simulator has a door of its own, `lib/studies/NAME`.
 * @module
 */

// Fields of their own
export * as ode from './ode';
export * as systems from './systems';
export * as causal from './causal';
export * as observability from './observability';
export * as graph from './graph';
export * as nn from './nn';
export * as estimation from './estimation';

// Errors
export {ArgumentError, type ArgumentProblem} from './errors';

// Data: what was recorded
export {
  trajectories, trajectoriesFromUnits, trajectoriesFromTable, simulatedCohort, seriesShape, gridOf, snapshot,
  unitSeries, splitUnits, splitGroups, takeUnits,
  type Channel, type Cohort, type GridTrajectories, type OutcomeChannel, type Scenario, type SeriesShape,
  type Simulated, type TableRoles, type TableRow, type TableTreatment, type Timed, type Trajectories,
  type TrajectoriesFields, type TwinsOptions, type UnitRecord,
} from './data';

// Data: what is known when a decision is made
export {
  historyAt, planAt, plannedAt, targetsAt, targetTimes, lastObserved, expectPlan,
  type CutOptions, type Decision, type Forecast, type GridHistory, type GridPlan, type History, type Plan,
  type PlannedOptions, type Targets, type Times,
} from './data';

// Data: as numbers for a network
export {
  fitPreprocessing, noPreprocessing, fitScaler, historyRows, planRows, windows,
  type FitScalerOptions, type HistoryRows, type PlanRows, type Preprocessing, type PreprocessingOptions, type Scaler,
  type ScalingOptions, type Standardise, type TargetRows, type WindowBatch, type WindowsOptions,
} from './data';

// Data: files
export {
  hasData, locate, registeredFile, changedFiles, dataSets, MissingDataError, readCsv, csvRows, csvNumber, readNpy,
  type CsvOptions, type CsvRow, type DataSet, type LocateOptions,
} from './data';

// Models: what they are
export type {
  FitContext, FittedForecaster, Forecaster, HistoryTensors, Information, LossContext, Network, PlanTensors,
  TargetTensors, TrainingBatch,
} from './models';

// Models: references
export {
  persistence, perTimeMean, oracle, autoregression, windowedRidge, directBoosting, iteratedBoosting,
  fromLastMeasured,
  type AutoregressionOptions, type BoostingOptions, type WindowedRidgeOptions,
} from './models';

// Models: networks
export {
  obsNode, generalObsNode, latentNode, stateSpaceNetwork, structuredHybrid, binaryTreatments, crn, rmsn, gNet,
  causalTransformer, igcNet, teCde, cfOde, doseAi, optAb, scipNet, lipCde, anchored, tempered, withoutPlan,
  withoutHistory, kklObserver,
  type CausalTransformerOptions, type CfOdeOptions, type CrnOptions, type DoseAiOptions, type FieldStructure,
  type GeneralObsNodeOptions, type GNetOptions, type HybridParams, type IgcNetOptions, type KklObserverOptions,
  type LipCdeOptions, type Mechanism, type MechanismInputs, type MechanismPart, type ObsNodeOptions,
  type ObsNodeParams, type OptAbOptions,
  type RmsnOptions, type ScipNetOptions, type StateSpaceParams, type StructuredHybridOptions, type TeCdeOptions,
  type Tempered, type TemperedOptions,
} from './models';

// Models: parts of a state-space network
export {
  observableField, initField, recognise, rollOut, intervals,
  type FieldParams, type FieldShape, type Interval, type Recognised, type RecognitionOptions,
  type RecognitionParams, type Recogniser, type RollOutOptions, type StateField,
} from './models';

// Training
export {
  learned, untrained, loadModel, exportOnnx, DivergenceError,
  type DrawOptions, type Epoch, type ExportOptions, type LearnedForecaster, type LearningOptions, type LoadOptions,
  type Model, type NetworkLearningOptions, type PredictorContext, type Schedule, type TrainedForecaster,
  type UntrainedForecaster, type UntrainedOptions,
} from './training';

// Training: one step by hand
export {
  compile, trainingStep, flatten, unflatten, adamRates,
  type AdamOptions, type CompileOptions, type Engine, type Executable,
} from './training';

// Evaluation: who knows what when, and how errors count
export {
  protocol, factualPlans, counterfactualPlans, twinPlans, unscaled, trainingSd, testSd, percentOf,
  type IndexProtocol, type Plans, type Protocol, type Scaling,
} from './evaluation';

// Evaluation: scores
export {
  evaluate, rmse, mae, crps, coverage, intervalScore, pooled, overSeeds, heatmap, diagnose,
  type DiagnoseOptions, type EvaluateOptions, type Failure, type Finding, type Heatmap, type Metric,
  type ScoreCell, type ScoredMetric, type Scores, type SeedCell, type SeedScores,
} from './evaluation';

// Evaluation: who is better
export {
  compare, pairedDifference, relativeDifference, winners,
  type Comparison, type ComparisonEntry, type ComparisonOptions, type ComparisonRow, type ComparisonValue,
  type Contender, type FailedEntry, type PairedDifference, type PairedOptions, type PublishedRow, type ScoreSource,
} from './evaluation';

// Experiments
export {
  search, runs, grid, ablate, sweep, completed, comparedMethod, comparedMethods, generalForm, runTrial, compareTrials,
  remembered, inParallel, timed,
  type AblateOptions, type Adjustment, type Axes, type Changes, type ComparedForecaster, type ComparedMethod,
  type ComparedMethodsOptions, type DeclaredRun, type EnoughTraining,
  type FailedRow, type FinishedRow, type MethodFields, type Point, type RunContext,
  type RunFunction, type RunRecord, type SweepOptions, type SweepProgress, type SweepRow, type TimedForecaster,
  type TimedLearner, type TrainingCost, type Trial, type TrialRow, type TrialTask,
  type Variant,
} from './experiments';

// Figures and tables
export {
  figure, linesFigure, barsFigure, histogramFigure, scatterFigure, heatmapFigure, trajectoriesFigure, forecastPanels,
  dagFigure, flowFigure, parallelFigure, resultTable, comparisonRows,
  type Answer, type Bar, type BarsOptions, type DagEdge, type DagNode, type DagOptions, type DoseBar, type Figure,
  type FigureBody, type FigureRow, type FigureText, type FlowOptions, type FlowStep,
  type ForecastLine, type ForecastPanelsOptions, type HeatmapOptions, type HeatmapPanel,
  type HistogramOptions, type LineSeries, type LinesOptions, type Measured, type MimeBundle, type PanelOptions,
  type ParallelLine, type ParallelOptions, type PatientPanel, type PlaneOptions, type ReferenceRule, type ResultRow,
  type ResultTable,
  type ResultTableOptions, type RichDisplay, type Sample, type ScatterOptions, type ScatterSeries,
  type TrajectoriesOptions,
} from './figures';

// Notebook: what a cell says
export {
  parameters, claim, ClaimError, show, table, markdown, latex, display, updatable, progress, provenance,
  type DisplayOptions, type FrameLike, type Progress, type ProvenanceOptions,
  type Range, type ShowOptions, type TableOptions, type UpdatableDisplay,
} from './notebook';

// Notebook: what it keeps
export {publish, outputFolder, cacheFolder, projectRoot, cellsSoFar} from './notebook';

// Notebook: widgets
export {
  interact, slider, dropdown, checkbox, toggle, textBox, button,
  type DropdownOptions, type SliderOptions, type Widget, type Widgets, type WidgetValues,
} from './notebook';

// The paper's symbols
export {symbolTable} from './notebook';
export {paperSymbols, type PaperSymbol} from './data';

// Math: chance
export {
  rng, split, fold, uniform, normal, logNormal, truncatedNormal, multivariateNormal, bernoulli, categorical, choice,
  integers, bernoulliPolicy, decide, treatmentProbability,
  type BernoulliPolicy, type ChoiceOptions, type IntegersOptions, type NormalOptions, type Rng,
  type TruncatedNormalOptions,
} from './math';

// Math: arrays and statistics
export {
  ndarray, mean, sd, spearman, weightedQuantile, estimated, ridge, nearestNeighbours,
  type Estimated, type Incomplete, type NdArray, type NeighbourImputer, type NeighbourOptions,
  type RidgeFit, type SdOptions,
} from './math';

// Math: functions and processes
export {
  bSpline, clampedKnots, fourierFunction, fourierValues, gaussianProcess, gaussianPaths, gaussianCondition, matern,
  type BSplineFields, type FourierFunction, type FourierFunctionOptions, type GaussianCondition,
  type GaussianProcess, type GaussianProcessOptions, type MaternOptions,
} from './math';
