import {createHash, type Hash} from 'node:crypto';
import {expect} from '../errors';

/**
 * SHA-256 of plain data, in hexadecimal. Values that differ have different encodings: numbers count to the last bit (-0
 * is not 0, NaN not null), arrays with their types and lengths. The order of a record's keys does not count, nor do
 * keys whose value is undefined.
 * @throws ArgumentError for what is not plain data, like a function.
 */
export function digest(value: unknown): string {
  const hash = createHash('sha256');
  write(hash, value);
  return hash.digest('hex');
}

/** Each encoding begins with its kind and its length, so that no two lists of values run together to the same text. */
function write(hash: Hash, value: unknown): void {
  if (value === null || value === undefined || typeof value === 'boolean') hash.update(`${value};`);
  else if (typeof value === 'number') hash.update(`n${Object.is(value, -0) ? '-0' : value};`);
  else if (typeof value === 'string') hash.update(`s${value.length}:${value};`);
  else if (ArrayBuffer.isView(value)) writeBytes(hash, value);
  else if (Array.isArray(value)) writeList(hash, 'a', value);
  else writeRecord(hash, value);
}

function writeBytes(hash: Hash, view: ArrayBufferView): void {
  hash.update(`${view.constructor.name}${view.byteLength}:`)
    .update(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    .update(';');
}

function writeList(hash: Hash, kind: string, list: readonly unknown[]): void {
  hash.update(`${kind}${list.length}:`);
  for (const item of list) write(hash, item);
}

function writeRecord(hash: Hash, value: unknown): void {
  // Records of another realm, such as those of a notebook's cells, have an `Object.prototype` of their own.
  const prototype: unknown = typeof value === 'object' && Object.getPrototypeOf(value);
  const plain = prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
  expect(plain, {
    fn: 'digest', argument: 'value', expected: 'of plain data', received: value,
    remedy: 'Give numbers, strings, arrays and records of them.',
  });
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
  writeList(hash, 'r', entries.sort(([a], [b]) => (a < b ? -1 : 1)).flat());
}
