/** Element types of a recorded program; `float32` is what the runtime computes in. */
export type DType = 'float32' | 'int32' | 'bool';

/** Shape and element type of a value. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Storage of a constant or of a tensor that enters or leaves a session; booleans are bytes. */
export type TensorData = Float32Array | Int32Array | Uint8Array;

export type Attribute = number | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;

/** Number of elements of a shape. */
export const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Bytes of a tensor in memory. */
export const byteSize = ({shape, dtype}: TensorType): number => count(shape) * (dtype === 'bool' ? 1 : 4);

/** Whether two shapes are equal. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);
