import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {expect} from '../errors';
import {writeWhole} from '../files';
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

/** Writes a safetensors file in one step: a crash leaves the old file or the new one, never half of one. */
export function writeWeights(path: string, {weights, metadata}: WeightFile): void {
  const entries: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, {shape, data}] of Object.entries(weights)) {
    entries[name] = {dtype: 'F32', shape, data_offsets: [offset, offset += data.byteLength]};
  }
  const body = Buffer.concat(Object.values(weights).map(({data}) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  const header = Buffer.from(JSON.stringify({__metadata__: {...metadata, sha256: checksum(metadata, entries, body)}, ...entries}));
  const padded = Buffer.concat([header, Buffer.alloc((8 - header.length % 8) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeWhole(path, Buffer.concat([length, padded, body]));
}

/** Reads what {@link writeWeights} wrote. @throws ArgumentError when the file is cut short, altered or something else. */
export function readWeights(path: string): WeightFile {
  const file = readFileSync(path);
  const headerLength = file.length < 8 ? Infinity : Number(file.readBigUInt64LE());
  const ok: (condition: unknown, why: string) => asserts condition = (condition, why) => expect(condition,
    {fn: 'readWeights', argument: 'path', expected: `a whole safetensors file (${why})`, received: path, remedy: 'Delete the file and train again, or restore it from a copy.'});
  ok(8 + headerLength <= file.length, 'its header is cut short');
  const header = parseJson(file.subarray(8, 8 + headerLength).toString()) as {__metadata__?: Record<string, string>} | undefined;
  ok(header?.__metadata__, 'its header is not that of one');
  const {__metadata__: {sha256: expected, ...metadata}, ...entries} = header as {__metadata__: Record<string, string>} & Record<string, never>;
  const body = file.subarray(8 + headerLength);
  ok(checksum(metadata, entries, body) === expected, 'its content does not match its checksum');
  const weights = Object.fromEntries(Object.entries(entries as Record<string, Entry>).map(([name, {shape, data_offsets: [from, to]}]) => {
    const bytes = Uint8Array.from(body.subarray(from, to));
    return [name, {shape, data: new Float32Array(bytes.buffer)}];
  }));
  return {weights, metadata};
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
