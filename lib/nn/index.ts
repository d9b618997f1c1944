/**
 * Layers as functions of weights and input; weights are plain trees.
 * @module
 */
export {leaves, parameterCount, rebuild, tensors, type Tensors, type Weight} from './tree';
export {glorot, uniformWeight, zeros} from './initializers';
export {initLinear, linear, type LinearInit, type LinearParams} from './linear';
export {lipschitz} from './lipschitz';
export {activate, initMlp, mlp, type Activation, type MlpOptions, type MlpParams} from './mlp';
export {initLstm, lstm, lstmStep, type LstmParams, type LstmState} from './lstm';
export {maskedSquaredError} from './loss';
export {stopGradient} from './stopGradient';
export {gradientReversal} from './gradientReversal';
export {initLayerNorm, layerNorm, type LayerNormParams} from './layerNorm';
export {
  attention, initAttention, type AttentionMemory, type AttentionOptions, type AttentionParams, type AttentionShape,
} from './attention';
export {readWeights, writeWeights, type WeightFile} from './safetensors';
