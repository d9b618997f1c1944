/**
 * Trajectories, what is known when (`History`, `Plan`), readers, the registry of data sets.
 * @module
 */
export {
  trajectories, seriesShape, type Channel, type GridTrajectories, type OutcomeChannel, type SeriesShape,
  type Trajectories, type TrajectoriesFields,
} from './trajectories';
export {trajectoriesFromUnits, type UnitRecord} from './fromUnits';
export {trajectoriesFromTable} from './table';
export type {TableRoles, TableRow, TableTreatment} from './tableRoles';
export type {DecimalMark} from './tableNumber';
export {plannedAt, type PlannedOptions} from './plannedAt';
export {gridOf, targetTimes, timesOf, type Timed, type Times} from './times';
export type {Forecast, GridHistory, GridPlan, History, Plan} from './history';
export {historyAt, planAt, targetsAt, unitsAt, type CutOptions, type Decision, type Targets} from './cut';
export {splitUnits, takeUnits} from './units';
export {splitGroups} from './groups';
export {
  fitPreprocessing, noPreprocessing, onOrOff, preprocessing, preprocessingFields, scalePlan, scaleTrajectories,
  type Preprocessing, type PreprocessingFields, type PreprocessingOptions,
} from './preprocessing';
export {
  fitScaler, scaler, type FitScalerOptions, type Scaler, type ScalerFields, type ScalingOptions, type Standardise,
} from './scaler';
export type {Transform} from './transform';
export {
  historyRows, planRows, windows, windowUnits, type HistoryRows, type PlanRows, type TargetRows, type WindowBatch,
  type WindowsOptions,
} from './windows';
export {paperSymbols, type PaperSymbol} from './symbols';
export {parseNpy, readNpy} from './npy';
export {csvNumber, csvRows, readCsv, type CsvOptions, type CsvRow} from './csv';
export {
  changedFiles, dataSets, hasData, locate, MissingDataError, registeredFile, type DataSet, type LocateOptions,
} from './registry';
export {expectPlan} from './question';
export {lastObserved} from './last';
export {snapshot, unitSeries} from './view';
export {simulatedCohort, type Cohort, type Scenario, type Simulated, type TwinsOptions} from './cohort';
