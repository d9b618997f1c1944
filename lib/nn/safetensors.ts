import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {expect, isWhole} from '../errors';
import {writeWhole} from '../files';
import {size} from '../math/ndarray';
import type {Weight} from './tree';

/** Named float32 arrays and what is known about them. */
export interface WeightFile {
  readonly weights: Readonly<Record<string, Weight>>;
  /** Free text by key; `sha256` is added when written and checked when read. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes a safetensors file in one step: a crash leaves the old file or the new one, never half of one.
 * @throws ArgumentError for the reserved name `__metadata__` and for data of another size than their shape
 */
export function writeWeights(path: string, {weights, metadata}: WeightFile): void {
  let offset = 0;
  const entries = Object.fromEntries(Object.entries(weights).map(([name, {shape, data}]): [string, Entry] => {
    const fn = 'writeWeights', argument = `weights[${JSON.stringify(name)}]`;
    expect(name !== METADATA, {
      fn, argument, expected: 'of another name, which the file format keeps for itself', received: name,
    });
    expect(data.length === size(shape), {
      fn, argument, expected: `${size(shape)} values for shape [${shape}]`, received: data.length,
    });
    return [name, {dtype: 'F32', shape, data_offsets: [offset, offset += data.byteLength]}];
  }));
  const body =
    Buffer.concat(Object.values(weights).map(({data}) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  const header =
    Buffer.from(JSON.stringify({[METADATA]: {...metadata, sha256: checksum(metadata, entries, body)}, ...entries}));
  const padded = Buffer.concat([header, Buffer.alloc((8 - header.length % 8) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeWhole(path, Buffer.concat([length, padded, body]));
}

/**
 * Reads what {@link writeWeights} wrote.
 * @throws ArgumentError when the file is missing, cut short, altered or something else.
 */
export function readWeights(path: string): WeightFile {
  const ok: (condition: unknown, why: string) => asserts condition = (condition, why) => expect(condition,
    {
      fn: 'readWeights', argument: 'path', expected: `a whole safetensors file (${why})`, received: path,
      remedy: 'Delete the file and train again, or restore it from a copy.',
    });
  ok(existsSync(path), 'there is none');
  const file = readFileSync(path), headerLength = file.length < 8 ? Infinity : Number(file.readBigUInt64LE());
  ok(8 + headerLength <= file.length, 'its header is cut short');
  const header = parseJson(file.subarray(8, 8 + headerLength).toString()), body = file.subarray(8 + headerLength);
  ok(isObject(header) && isObject(header[METADATA]), 'its header is not that of one');
  const {[METADATA]: {sha256: expected, ...metadata}, ...entries} = header as {[METADATA]: Record<string, string>}
    & Record<string, never>;
  ok(checksum(metadata, entries, body) === expected, 'its content does not match its checksum');
  const weights = Object.fromEntries(Object.entries<unknown>(entries).map(([name, entry]): [string, Weight] => {
    ok(isEntry(entry, body.length), `its header does not say where ${JSON.stringify(name)} lies`);
    const {shape, data_offsets: [from, to]} = entry;
    return [name, {shape, data: new Float32Array(Uint8Array.from(body.subarray(from, to)).buffer)}];
  }));
  return {weights, metadata};
}

const METADATA = '__metadata__';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isEntry(value: unknown, bytes: number): value is Entry {
  const {dtype, shape, data_offsets: at} = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every(n => isWhole(n, 0));
  return dtype === 'F32' && whole(shape) && whole(at) && at.length === 2 && at[1] <= bytes
    && at[1] - at[0] === 4 * size(shape);
}

/** Of header and numbers together, so that neither can be altered unseen. */
const checksum = (metadata: object, entries: object, body: Buffer): string =>
  createHash('sha256').update(JSON.stringify([metadata, entries])).update(body).digest('hex');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
