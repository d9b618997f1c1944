import {readFileSync} from 'node:fs';
import {expect} from '../errors';
import {ndarray, size, type NdArray} from '../math/ndarray';

type ReadValue = (view: DataView, offset: number) => number;

const READERS: Readonly<Record<string, readonly [bytes: number, read: ReadValue]>> = {
  '<f4': [4, (v, o) => v.getFloat32(o, true)], '<f8': [8, (v, o) => v.getFloat64(o, true)],
  '>f4': [4, (v, o) => v.getFloat32(o)], '>f8': [8, (v, o) => v.getFloat64(o)],
  '<i2': [2, (v, o) => v.getInt16(o, true)], '<i4': [4, (v, o) => v.getInt32(o, true)],
  '<i8': [8, (v, o) => Number(v.getBigInt64(o, true))],
  '|i1': [1, (v, o) => v.getInt8(o)], '|u1': [1, (v, o) => v.getUint8(o)], '|b1': [1, (v, o) => v.getUint8(o)],
};

/** Reads an array from a NumPy `.npy` file as float64. @throws ArgumentError when the file is damaged or of a kind not known here. */
export function readNpy(path: string): NdArray {
  return parseNpy(readFileSync(path));
}

/**
 * Parses the bytes of a `.npy` file, versions 1 to 3, in C order, of real numbers.
 * @reference NumPy enhancement proposal 1, A simple file format for NumPy arrays
 */
export function parseNpy(bytes: Uint8Array): NdArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (expected: string, received: unknown) => expect(false, {fn: 'parseNpy', argument: 'bytes', expected, received});
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY') fail('a NumPy array that starts with \\x93NUMPY', bytes.subarray(0, 6));
  const wide = bytes[6] > 1, start = wide ? 12 : 10, end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '', shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (!(type in READERS)) fail(`of one of the types ${Object.keys(READERS).join(', ')}`, type || header);
  if (shapeText === undefined) fail('with a shape in its header', header);
  if (/'fortran_order':\s*True/.test(header)) fail('in C order (save with np.ascontiguousarray)', 'Fortran order');
  const shape = shapeText!.split(',').filter(s => s.trim()).map(Number), [width, read] = READERS[type];
  if (bytes.length !== end + size(shape) * width) fail(`${end + size(shape) * width} bytes long for shape [${shape}]`, `${bytes.length} bytes`);
  return ndarray(shape, Float64Array.from({length: size(shape)}, (_, i) => read(view, end + i * width)));
}
