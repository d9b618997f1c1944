import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseNpy, readNpy} from '../../lib/data';
import {readWeights, writeWeights} from '../../lib/nn';

interface Npy {
  readonly descr?: string;
  readonly shape?: string;
  readonly fortran?: string;
  readonly version?: number;
  readonly quote?: string;
}

/** A .npy file by its definition. */
function npy(
  body: Uint8Array, {descr = '<f8', shape = '(2,)', fortran = 'False', version = 1, quote = "'"}: Npy = {},
): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`.replaceAll("'", quote);
  const wide = version > 1 ? 4 : 2;
  const header = Buffer.from(dict.padEnd(Math.ceil((dict.length + 9 + wide) / 64) * 64 - 9 - wide) + '\n', 'latin1');
  const length = Buffer.alloc(wide);
  length.writeUIntLE(header.length, 0, wide);
  return Buffer.concat([Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1'), length, header, body]);
}

const f8 = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const whole = npy(f8(1, 2));

/** As in bug reports of NumPy and of its readers in other languages. */
const READ: readonly (readonly [
  claim: string, bytes: Uint8Array, values: readonly number[], shape?: readonly number[],
])[] = [
  ['format version 2', npy(f8(1, 2), {version: 2}), [1, 2]],
  ['format version 3', npy(f8(1, 2), {version: 3}), [1, 2]],
  ['a header with double quotes', npy(f8(1, 2), {quote: '"'}), [1, 2]],
  ['whole numbers of Python 2 in the shape', npy(f8(1, 2), {shape: '(2L, 1L)'}), [1, 2], [2, 1]],
  ['a shape without spaces', npy(f8(1, 2), {shape: '(1,2)'}), [1, 2], [1, 2]],
  ['a scalar', npy(f8(7), {shape: '()'}), [7], []],
  ['no values', npy(f8(), {shape: '(0,)'}), [], [0]],
  ['no rows of three columns', npy(f8(), {shape: '(0, 3)'}), [], [0, 3]],
  ['rows of no columns', npy(f8(), {shape: '(3, 0, 2)'}), [], [3, 0, 2]],
  ['six axes', npy(f8(1, 2), {shape: '(1, 1, 2, 1, 1, 1)'}), [1, 2], [1, 1, 2, 1, 1, 1]],
  ['float64, big end first', npy(hex('3ff8000000000000 c000000000000000'), {descr: '>f8'}), [1.5, -2]],
  ['float32, big end first', npy(hex('3fc00000 c0000000'), {descr: '>f4'}), [1.5, -2]],
  ['float16', npy(hex('003e 00c0'), {descr: '<f2'}), [1.5, -2]],
  ['float16, big end first', npy(hex('3e00 c000'), {descr: '>f2'}), [1.5, -2]],
  ['the smallest and largest float16', npy(hex('0100 ff7b'), {descr: '<f2'}), [2 ** -24, 65504]],
  ['float16 without a number', npy(hex('007e 00fc'), {descr: '<f2'}), [NaN, -Infinity]],
  ['float64 without a number', npy(f8(NaN, Infinity)), [NaN, Infinity]],
  ['the sign of zero', npy(f8(0, -0)), [0, -0]],
  ['the smallest float64', npy(f8(5e-324, 2 ** -1022)), [5e-324, 2 ** -1022]],
  ['the order of the machine', npy(f8(1, 2), {descr: '=f8'}), [1, 2]],
  ['int16, big end first', npy(hex('0102 fffe'), {descr: '>i2'}), [258, -2]],
  ['int32, big end first', npy(hex('00000102 fffffffe'), {descr: '>i4'}), [258, -2]],
  ['int64, big end first', npy(hex('0000000000000102 fffffffffffffffe'), {descr: '>i8'}), [258, -2]],
  ['int8 and its sign', npy(hex('7f80'), {descr: '|i1'}), [127, -128]],
  ['uint8 has no sign', npy(hex('7f80'), {descr: '|u1'}), [127, 128]],
  ['uint16 has no sign', npy(hex('ffff 0100'), {descr: '<u2'}), [65535, 1]],
  ['uint32 has no sign', npy(hex('ffffffff 01000000'), {descr: '<u4'}), [2 ** 32 - 1, 1]],
  ['uint64 up to 2^53', npy(hex('0000000000002000 0100000000000000'), {descr: '<u8'}), [2 ** 53, 1]],
  ['int64 down to -2^53', npy(hex('000000000000e0ff 0000000000000000'), {descr: '<i8'}), [-(2 ** 53), 0]],
  [
    'large int64 that float64 holds exactly', npy(hex('0000000000000040 0000000000000080'), {descr: '<i8'}),
    [2 ** 62, -(2 ** 63)],
  ],
  ['booleans', npy(hex('0100'), {descr: '|b1'}), [1, 0]],
  ['bytes that begin inside a larger buffer', Uint8Array.from([9, 9, 9, ...whole]).subarray(3), [1, 2]],
];

const REFUSED: readonly (readonly [claim: string, bytes: Uint8Array, message: RegExp])[] = [
  [
    'int64 above 2^53, which would be rounded', npy(hex('0000000000000000 0100000000002000'), {descr: '<i8'}),
    /float64 holds exactly; received "9007199254740993". The first has flat index 1/,
  ],
  ['nanoseconds since 1970', npy(hex('15cd5b07 00000018 0000000000000000'), {descr: '<i8'}), /float64 holds exactly/],
  [
    'uint64 above 2^53', npy(hex('ffffffffffffffff 0000000000000000'), {descr: '<u8'}),
    /received "18446744073709551615"/,
  ],
  ['pickled objects', npy(hex('80047e'), {descr: '|O'}), /received "\|O"\. Pickled Python objects are never read/],
  ['complex numbers', npy(f8(1, 2), {descr: '<c16', shape: '(1,)'}), /one of the types/],
  ['float128', npy(f8(1, 2), {descr: '<f16', shape: '(1,)'}), /one of the types/],
  ['text', npy(hex('61000000'), {descr: '<U1', shape: '(1,)'}), /one of the types/],
  ['bytes', npy(hex('61'), {descr: '|S1', shape: '(1,)'}), /one of the types/],
  ['dates', npy(f8(1, 2), {descr: '<M8[ns]'}), /one of the types/],
  ['a type named like a member of every object', npy(f8(1, 2), {descr: 'constructor'}), /one of the types/],
  [
    'records', Buffer.from(Buffer.from(whole).toString('latin1').replace("'<f8'", "[('a', '<f8')]"), 'latin1'),
    /one of the types/,
  ],
  ['Fortran order', npy(f8(1, 2), {fortran: 'True'}), /C order \(save with np\.ascontiguousarray\)/],
  ['no bytes', new Uint8Array(), /starts with/],
  ['the magic alone', whole.subarray(0, 6), /starts with/],
  ['a header that is cut short', whole.subarray(0, 40), /at least 128 bytes long for its header; received "40 bytes"/],
  [
    'values that are cut short', whole.subarray(0, whole.length - 1),
    /144 bytes long for shape \[2\]; received "143 bytes"\. It is cut short/,
  ],
  ['two arrays in one file', Buffer.concat([whole, whole]), /A file may hold one array only/],
  ['an .npz archive', Buffer.from('504b030414000000080000000000', 'hex'), /starts with.*np\.save/],
  ['an HTML page of an error in its place', Buffer.from('<!DOCTYPE html><title>404</title>'), /starts with/],
  ['a pointer of Git LFS in its place', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /starts with/],
  ['a version not known', npy(f8(1, 2), {version: 4}), /version 1 to 3; received 4/],
  ['version 0', npy(f8(1, 2), {version: 0}), /version 1 to 3; received 0/],
  ['no shape', npy(f8(1, 2), {shape: 'None'}), /with a shape/],
  ['a negative size', npy(f8(1, 2), {shape: '(-2,)'}), /whole numbers >= 0; received "\(-2,\)"/],
  ['half a row', npy(f8(1, 2), {shape: '(0.5, 4)'}), /whole numbers >= 0/],
  ['a shape of letters', npy(f8(1, 2), {shape: '(a,)'}), /whole numbers >= 0/],
  [
    'a shape larger than any memory', npy(f8(1, 2), {shape: '(9007199254740991, 9007199254740991)'}),
    /bytes long for shape/,
  ],
  ['an empty header', Buffer.from('\x93NUMPY\x01\0\0\0\0\0', 'latin1'), /one of the types/],
];

/** A safetensors file with whatever header, and the right checksum where there is metadata. */
function safetensors(entries: unknown, body: Uint8Array, metadata: unknown = {}): Uint8Array {
  const sha256 = createHash('sha256').update(JSON.stringify([metadata, entries])).update(body).digest('hex');
  return framed(JSON.stringify({__metadata__: {...(metadata as object), sha256}, ...(entries as object)}), body);
}

function framed(header: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(header), length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, body]);
}

const body = new Uint8Array(Float32Array.of(1, 2).buffer), entry = {dtype: 'F32', shape: [2], data_offsets: [0, 8]};

const BAD_WEIGHTS: readonly (readonly [claim: string, bytes: Uint8Array, message: RegExp])[] = [
  ['a header of 2^63 bytes', hex('0000000000000080 7b7d'), /header is cut short/],
  ['a header of one byte too many', framed('{}').subarray(0, 9), /header is cut short/],
  ['no header', hex('0000000000000000'), /not that of one/],
  ['a header that is null', framed('null'), /not that of one/],
  ['a header that is a list', framed('[1]'), /not that of one/],
  ['a header that is a text', framed('"abc"'), /not that of one/],
  ['a header that is no JSON', framed('{"a":'), /not that of one/],
  ['a header without metadata, as other programs write', framed(JSON.stringify({w: entry}), body), /not that of one/],
  ['metadata that is null', framed(JSON.stringify({__metadata__: null, w: entry}), body), /not that of one/],
  ['metadata that is a list', framed(JSON.stringify({__metadata__: [1], w: entry}), body), /not that of one/],
  [
    'metadata without a checksum', framed(JSON.stringify({__metadata__: {format: 'pt'}, w: entry}), body),
    /does not match its checksum/,
  ],
  ['an entry that is null', safetensors({w: null}, body), /does not say where "w" lies/],
  ['an entry that is a number', safetensors({w: 7}, body), /where "w" lies/],
  ['another type of number', safetensors({w: {...entry, dtype: 'F16'}}, body), /where "w" lies/],
  ['no shape', safetensors({w: {...entry, shape: undefined}}, body), /where "w" lies/],
  ['a negative size', safetensors({w: {...entry, shape: [-2]}}, body), /where "w" lies/],
  ['a shape for other data', safetensors({w: {...entry, shape: [3]}}, body), /where "w" lies/],
  ['a shape that is a text', safetensors({w: {...entry, shape: '2'}}, body), /where "w" lies/],
  ['no place', safetensors({w: {...entry, data_offsets: []}}, body), /where "w" lies/],
  ['a place beyond the end', safetensors({w: {...entry, data_offsets: [8, 16]}}, body), /where "w" lies/],
  ['a place before the start', safetensors({w: {...entry, data_offsets: [-8, 0]}}, body), /where "w" lies/],
  ['a place that ends before it starts', safetensors({w: {...entry, data_offsets: [8, 0]}}, body), /where "w" lies/],
  ['half a byte', safetensors({w: {...entry, data_offsets: [0.5, 8.5]}}, body), /where "w" lies/],
];

describe('Array files as readers have them', () => {
  for (const [claim, bytes, values, shape = [values.length]] of READ) {
    it(`read: ${claim}`, () => {
      const array = parseNpy(bytes);
      assert.deepEqual([[...array.data], array.shape], [values, shape]);
    });
  }

  for (const [claim, bytes, message] of REFUSED)
    it(`refused by name: ${claim}`, () => assert.throws(() => parseNpy(bytes), {name: 'ArgumentError', message}));
});

describe('Files in the place of arrays and weights', () => {
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'obsnode-arrays-')); });
  after(() => rmSync(folder, {recursive: true}));
  const file = (bytes: Uint8Array) => (writeFileSync(join(folder, 'file'), bytes), join(folder, 'file'));

  it('are named in the message: a .npy that is cut short, a missing one, a folder', () => {
    assert.throws(() => readNpy(file(whole.subarray(0, 130))), (error: Error) =>
      error.name === 'ArgumentError' && error.message.includes(join(folder, 'file')));
    assert.throws(() => readNpy(join(folder, 'none')), {
      name: 'ArgumentError', message: /readNpy: argument `path`.*ENOENT/,
    });
    assert.throws(() => readNpy(folder), {name: 'ArgumentError', message: /EISDIR/});
  });

  for (const [claim, bytes, message] of BAD_WEIGHTS) {
    it(`refused by name as weights: ${claim}`, () =>
      assert.throws(() => readWeights(file(bytes)), {name: 'ArgumentError', message}));
  }

  it('weights that other programs order differently are read', () => {
    const {weights} = readWeights(file(safetensors(
      {b: {...entry, shape: [1], data_offsets: [4, 8]}, a: {...entry, shape: [], data_offsets: [0, 4]}}, body,
    )));
    assert.deepEqual(weights, {b: {shape: [1], data: Float32Array.of(2)}, a: {shape: [], data: Float32Array.of(1)}});
  });

  it('weights of any name come back, __proto__ included; the name that the format keeps is refused', () => {
    const path = join(folder, 'names'), names = ['__proto__', 'constructor', 'a.b/c', 'ü', '', '0'];
    const weights = Object.fromEntries(names.map((name, k) => [name, {shape: [1], data: Float32Array.of(k)}]));
    writeWeights(path, {weights, metadata: {}});
    assert.deepEqual(Object.entries(readWeights(path).weights).map(([name, {data}]) =>
      [name, data[0]]).sort(), names.map((name, k) => [name, k]).sort());
    assert.throws(() => writeWeights(path, {weights: {__metadata__: weights['0']}, metadata: {}}), {
      name: 'ArgumentError', message: /which the file format keeps/,
    });
    assert.throws(() => writeWeights(path, {weights: {w: {shape: [3], data: Float32Array.of(1)}}, metadata: {}}), {
      name: 'ArgumentError', message: /3 values for shape \[3\]; received 1/,
    });
  });
});
