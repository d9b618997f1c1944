export {record, type InputSpec, type RecordOptions, type TensorFunction} from './record';
export {RecordingError} from './recording-error';
export {session, handle, Handle, type Provider, type Session, type SessionOptions} from './session';
export {optimise} from './optimise';
export {toOnnx, OPSET} from './onnx';
export {costs, type Cost} from './summary';
export {Program, type Attribute, type Attributes, type DType, type Node, type ProgramParts, type TensorData, type TensorType, type Value} from './program';
export type {OpName} from './ops';
