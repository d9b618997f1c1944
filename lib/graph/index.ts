/**
 * Tensor programs: recorded once, optimised, run compiled, exported as ONNX.
 * @module
 */
export {record, isRecording, type InputSpec, type RecordOptions, type TensorFunction} from './record/record';
export {RecordingError} from './record/recordingError';
export {providerVersion} from './providerVersion';
export {defaultProvider, session, type SessionOptions} from './session';
export type {Provider, RunOptions, Session} from './run/session';
export {handle, type Handle} from './run/handle';
export {nativeAvailable} from './native/library';
export {meanOverWorkers} from './record/meanOverWorkers';
export {optimise} from './onnx/optimise';
export {toOnnx, OPSET} from './onnx/onnx';
export {programCosts, type Cost} from './ir/summary';
export {
  Program, type DType, type Node as ProgramNode, type ProgramParts, type TensorData, type TensorType,
  type Value as ProgramValue,
} from './ir/program';
