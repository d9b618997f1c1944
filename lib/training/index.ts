/**
 * From a network to a forecaster: programs, loop, checkpoints, export.
 * @module
 */
export {adam, adamRates, cosineRate, type AdamOptions, type AdamState} from './adam';
export {loadCheckpoint, saveCheckpoint} from './checkpoint';
export {compile, type CompileOptions, type Engine, type Executable} from './engine';
export {exportOnnx, type ExportOptions} from './exportOnnx';
export {flatten, forecastFunction, trainingStep, unflatten, validationLoss} from './functions';
export {fingerprint, identity} from './identity';
export {learned, type LearnedForecaster, type LearningOptions, type TrainedForecaster} from './learned';
export {DivergenceError, type Epoch, type Schedule} from './loop';
export {predictor, type PredictorContext} from './predictor';
export {untrained, type UntrainedOptions} from './untrained';
