/**
 * Forecasters, and networks that become forecasters by training.
 * @module
 */
export type {FitContext, FittedForecaster, Forecaster, Information} from './forecaster';
export {persistence} from './persistence/persistence';
export {perTimeMean} from './mean/perTimeMean';
export {oracle} from './oracle/oracle';
export {autoregression, type AutoregressionOptions} from './autoregression/autoregression';
export {windowedRidge, type WindowedRidgeOptions} from './autoregression/windowedRidge';
export {withoutHistory} from './blinded/withoutHistory';
export {withoutPlan} from './blinded/withoutPlan';
export {anchored} from './carried/anchored';
export {tempered, type Tempered, type TemperedOptions} from './carried/tempered';
export {fromLastMeasured} from './carried/fromLastMeasured';
export {directBoosting, iteratedBoosting, type BoostingOptions} from './boosting/boosting';
export type {HistoryTensors, LossContext, Network, PlanTensors, TargetTensors, TrainingBatch} from './network';
export {impute} from './parts/features';
export {
  obsNode, stateSpaceNetwork, type FieldStructure, type ObsNodeOptions, type ObsNodeParams, type StateSpaceParams,
} from './stateSpace/obsnode/obsnode';
export {binaryTreatments} from './binary/binaryTreatments';
export {generalField, initGeneralField, type GeneralFieldParams} from './stateSpace/generalObsNode/field';
export {generalObsNode, type GeneralObsNodeOptions} from './stateSpace/generalObsNode/generalObsNode';
export type {Mechanism, MechanismInputs, MechanismPart} from './hybrid/mechanism';
export {structuredHybrid, type HybridParams, type StructuredHybridOptions} from './hybrid/structuredHybrid';
export {latentNode} from './stateSpace/latentNode/latentNode';
export {intervals, rollOut, type Interval, type RollOutOptions, type StateField} from './parts/rollOut';
export {initField, observableField, type FieldParams, type FieldShape} from './stateSpace/obsnode/field';
export type {Recogniser, RecogniserSize, RecognitionOptions} from './stateSpace/recogniser';
export {
  initRecognition, lstmRecogniser, recognise, recogniseNext, type Recognised, type RecognitionParams,
} from './stateSpace/obsnode/recognition';
export {filterHistory, kklObserver, type KklObserverOptions, type KklParams} from './stateSpace/observer/kklObserver';
export {
  filtered, orthonormalising, restingFilter, type FilterState,
} from './stateSpace/observer/filter';
export {
  expectPolicy, initPropensity, logPropensity, propensity, type Policy, type PropensityOptions, type PropensityParams,
} from './adjustment/propensity';
export {balancingLoss, balancingStrength, type BalancedRows} from './adjustment/balancing';
export {stabilisedWeights, weightedSquaredError, type WeightOptions} from './adjustment/weights';
export {crn, type CrnOptions, type CrnParams} from './crn/crn';
export {gNet, type GNetOptions, type GNetParams} from './gNet/gNet';
export {rmsn, rmsnPropensities, type RmsnOptions, type RmsnParams} from './rmsn/rmsn';
export {cdeField, followPath, initCdeField, type CdeFieldShape, type CdeSolving} from './neuralCde/field';
export {
  historyPath, nextIncrement, pathChannels, planIncrement, type HistoryPath, type PathPoint,
} from './neuralCde/path';
export {cdeEncode, initCdeEncoder, type CdeEncoded, type CdeEncoderParams} from './neuralCde/encoder';
export {cdeDecode, initCdeDecoder, type CdeDecoderParams, type CdeStart} from './neuralCde/decoder';
export {cdeDecodeStepwise, initCdeFeedback, type CdeFeedbackParams, type Feed} from './neuralCde/feedback';
export type {CdeForecasterParams} from './neuralCde/forecaster';
export type {PathReading} from './neuralCde/field';
export type {NeuralCdeOptions} from './neuralCde/settings';
export {doseAi, type DoseAiOptions} from './doseAi/doseAi';
export {optAb, type OptAbOptions} from './optAb/optAb';
export {teCde, type TeCdeOptions, type TeCdeParams} from './teCde/teCde';
export {scipNet, type ScipNetOptions, type ScipNetParams} from './scipNet/scipNet';
export {initPropensities, logPropensities, type PropensitiesParams} from './scipNet/propensities';
export {lipCde, type LipCdeOptions, type LipCdeParams} from './lipCde/lipCde';
export {initStandIn, standIn, type StandInMotion, type StandInParams} from './lipCde/standIn';
export {cfOde, type CfOdeOptions, type CfOdeParams} from './cfOde/cfOde';
export {treatedSde, type SdePath, type SdeSettings, type TreatedSdeParams} from './cfOde/sde';
export {
  causalTransformer, type CausalTransformerOptions, type CausalTransformerParams,
} from './causalTransformer/causalTransformer';
export {igcNet, type IgcNetOptions, type IgcNetParams} from './igcNet/igcNet';
