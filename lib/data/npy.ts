import {readFileSync} from 'node:fs';
import {expect, isWhole} from '../errors';
import {ndarray, size, type NdArray} from '../math/ndarray';

type ReadValue = (view: DataView, offset: number, little: boolean) => number | bigint;

/** By NumPy's kind and number of bytes. */
const READERS: Readonly<Record<string, ReadValue>> = {
  f2: (v, o, l) => float16(v.getUint16(o, l)), f4: (v, o, l) => v.getFloat32(o, l), f8: (v, o, l) => v.getFloat64(o, l),
  i1: (v, o) => v.getInt8(o), i2: (v, o, l) => v.getInt16(o, l), i4: (v, o, l) => v.getInt32(o, l),
  i8: (v, o, l) => v.getBigInt64(o, l),
  u1: (v, o) => v.getUint8(o), u2: (v, o, l) => v.getUint16(o, l), u4: (v, o, l) => v.getUint32(o, l),
  u8: (v, o, l) => v.getBigUint64(o, l),
  b1: (v, o) => v.getUint8(o),
};

/**
 * Reads an array from a NumPy `.npy` file as float64.
 * @throws ArgumentError when the file is missing, damaged or of a kind not known here
 */
export function readNpy(path: string): NdArray {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    expect(false, {
      fn: 'readNpy', argument: 'path', expected: 'a readable file', received: path, remedy: (error as Error).message,
    });
  }
  return parse(bytes, {fn: 'readNpy', argument: `path (${path})`});
}

/**
 * Parses the bytes of a `.npy` file, versions 1 to 3, in C order, of real numbers in either order of bytes.
 * @throws ArgumentError when they are damaged, of a kind not known here, or hold a whole number that float64 would
 * round
 * @reference NumPy enhancement proposal 1, A simple file format for NumPy arrays
 */
export function parseNpy(bytes: Uint8Array): NdArray {
  return parse(bytes, {fn: 'parseNpy', argument: 'bytes'});
}

interface Place {
  readonly fn: string;
  readonly argument: string;
}

function parse(bytes: Uint8Array, place: Place): NdArray {
  const {little, read, width, shape, end} = header(bytes, place);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = end + size(shape) * width;
  expect(bytes.length === expected, {
    ...place, expected: `${expected} bytes long for shape [${shape}]`, received: `${bytes.length} bytes`,
      remedy: bytes.length < expected ? 'It is cut short: copy it again.' : 'A file may hold one array only.',
  });
  return ndarray(shape, Float64Array.from({length: size(shape)}, (_, i) =>
    exact(read(view, end + i * width, little), i, place)));
}

function header(bytes: Uint8Array, place: Place) {
  const ok: (condition: unknown, expected: string, received: unknown, remedy?: string) => asserts condition =
    (condition, expected, received, remedy) => expect(condition, {...place, expected, received, remedy});
  ok(
    bytes.length >= 12 && latin1(bytes.subarray(0, 6)) === '\x93NUMPY', 'a NumPy array that starts with \\x93NUMPY',
    bytes.subarray(0, 6), 'Write it with np.save, one array a file.',
  );
  ok(bytes[6] >= 1 && bytes[6] <= 3, 'of format version 1 to 3', bytes[6]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const text = latin1(bytes.subarray(start, end));
  ok(
    end <= bytes.length, `at least ${end} bytes long for its header`, `${bytes.length} bytes`,
    'It is cut short: copy it again.',
  );
  const [, order = '', kind = ''] = /['"]descr['"]:\s*['"]([<>|=]?)([^'"]+)['"]/.exec(text) ?? [];
  const shapeText = /['"]shape['"]:\s*\(([^)]*)\)/.exec(text)?.[1];
  ok(Object.hasOwn(READERS, kind), `of one of the types ${Object.keys(READERS).join(', ')}`, kind ? order + kind : text,
    kind === 'O' ? 'Pickled Python objects are never read: convert with array.astype(float).' : undefined);
  ok(shapeText !== undefined, 'with a shape in its header', text);
  ok(!/['"]fortran_order['"]:\s*True/.test(text), 'in C order (save with np.ascontiguousarray)', 'Fortran order');
  // Python 2 wrote whole numbers as 3L.
  const shape = shapeText.split(',').filter(s => s.trim()).map(s => Number(s.trim().replace(/L$/, '')));
  ok(shape.every(n => isWhole(n, 0)), 'of a shape of whole numbers >= 0', `(${shapeText})`);
  return {little: order !== '>', read: READERS[kind], width: Number(kind.slice(1)), shape, end};
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function exact(value: number | bigint, index: number, place: Place): number {
  if (typeof value === 'number') return value;
  expect(BigInt(Number(value)) === value, {
    ...place, expected: 'of whole numbers that float64 holds exactly', received: String(value),
    remedy: `The first has flat index ${index}. Identifiers and time stamps that large lose digits: subtract the `
      + 'smallest, or keep them as text.',
  });
  return Number(value);
}

/** @reference IEEE 754-2008, binary16 */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
