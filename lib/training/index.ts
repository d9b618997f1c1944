export {adam, adamRates, cosineRate, type AdamOptions, type AdamState} from './adam';
export {loadCheckpoint, saveCheckpoint} from './checkpoint';
export {compile, type Engine, type Executable} from './engine';
export {flatten, forecastFunction, lossFunction, trainingStep, unflatten} from './functions';
export {fingerprint, identity} from './identity';
export {learned, type LearnedForecaster, type LearningOptions, type TrainedForecaster} from './learned';
export {DivergenceError, type Epoch, type Schedule} from './loop';
export {predictor, type PredictorContext} from './predictor';
export {untrained, type UntrainedOptions} from './untrained';
