/**
 * Trajectories, what is known when (`History`, `Plan`), readers, the registry of data sets.
 * @module
 */
export {trajectories, seriesShape, type Channel, type SeriesShape, type Trajectories} from './trajectories';
export type {Forecast, History, Plan} from './history';
export {historyAt, planAt, targetsAt, type CutOptions, type Targets} from './cut';
export {splitUnits, takeUnits} from './units';
export {fitScaler, scaler, scaleTrajectories, type FitScalerOptions, type Scaler, type ScalerFields, type Transform} from './scaler';
export {historyRows, planRows, windows, type HistoryRows, type PlanRows, type TargetRows, type WindowBatch, type WindowsOptions} from './windows';
export {paperSymbols, type PaperSymbol} from './symbols';
export {parseNpy, readNpy} from './npy';
export {csvNumber, csvRows, readCsv, type CsvOptions, type CsvRow} from './csv';
export {changedFiles, dataSets, hasData, locate, MissingDataError, registeredFile, type DataSet, type LocateOptions} from './registry';
export {expectPlan} from './question';
export {lastObserved} from './last';
export {snapshot, unitSeries} from './view';
