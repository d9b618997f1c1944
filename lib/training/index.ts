/**
 * From a network to a forecaster: programs, loop, checkpoints, export.
 * @module
 */
export {adam, adamRates, cosineRate, type AdamOptions, type AdamState} from './adam';
export {loadCheckpoint, saveCheckpoint} from './checkpoint';
export {compile, type CompileOptions, type Engine, type Executable} from './engine';
export {exportOnnx, type ExportOptions} from './exportOnnx';
export {
  assemble, flatten, forecastFunction, squaredError, trainingStep, unflatten, validationLoss, type JudgedBatch,
  type Selection,
} from './functions';
export {fingerprint, identity} from './identity';
export {learned, type LearnedForecaster, type NetworkLearningOptions, type TrainedForecaster} from './learned';
export type {LearningOptions} from './learningOptions';
export {loadModel, type LoadOptions} from './loadModel';
export {DivergenceError, type Epoch, type Schedule} from './loop';
export type {Model} from './model';
export {predictor, type DrawOptions, type Predictor, type PredictorContext} from './predictor';
export {untrained, type UntrainedForecaster, type UntrainedOptions} from './untrained';
