import * as ort from 'onnxruntime-node';
import {expect} from '../../errors';
import {arrayTypes} from '../ir/builder';
import {count, type DType, type TensorData, type TensorType} from '../ir/program';

/** A tensor that enters or leaves a session. Feeding an output back as an input copies nothing. */
export interface Handle extends TensorType {
  /** The values; do not write to them. @throws Error when they are with workers: use {@link Handle.read}. */
  readonly data: TensorData;
  /** The values, fetched from where they are. */
  read(): Promise<TensorData>;
}

/**
 * Wraps values for a session, without a copy.
 * @throws ArgumentError when their number does not fit `shape`, or their array `dtype`.
 */
export function handle(data: TensorData, shape: readonly number[], dtype: DType = dtypeOf(data)): Handle {
  expect(data instanceof arrayTypes[dtype], {
    fn: 'handle', argument: 'data', expected: `a ${arrayTypes[dtype].name} for ${dtype}`, received: data,
  });
  expect(shape.every(n => Number.isInteger(n) && n >= 0), {
    fn: 'handle', argument: 'shape', expected: 'whole numbers >= 0', received: shape,
  });
  expect(data.length === count(shape), {
    fn: 'handle', argument: 'data', expected: `${count(shape)} values for shape [${shape}]`, received: data.length,
  });
  return new NativeHandle(toNative(data, shape, dtype));
}

/** An ONNX Runtime tensor over the same memory. */
export const toNative = (data: TensorData, shape: readonly number[], dtype: DType): ort.Tensor =>
  new ort.Tensor(dtype as 'float32', data as Float32Array, [...shape]);

const dtypeOf = (data: TensorData): DType =>
  (data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool');

/** A handle to a tensor of ONNX Runtime in this thread. */
export class NativeHandle implements Handle {
  readonly shape: readonly number[];
  readonly dtype: DType;
  constructor(readonly native: ort.Tensor) {
    this.shape = native.dims;
    this.dtype = native.type as DType;
  }
  get data(): TensorData {
    return this.native.data as TensorData;
  }
  async read(): Promise<TensorData> {
    return this.data;
  }
}
