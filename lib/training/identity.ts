import {createHash} from 'node:crypto';
import type {Trajectories} from '../data';

/** Hash of values: two results with equal identities are equal; a cached one with another identity is never used. */
export function identity(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part instanceof Uint8Array ? part : JSON.stringify(part) ?? 'undefined').update('\0');
  return hash.digest('hex');
}

/** The bytes of a data set that a model can see. */
export function fingerprint(data: Trajectories): Uint8Array {
  const hash = createHash('sha256');
  for (const {data: values} of [data.outcomes, data.observed, data.treatments, data.statics]) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.update(new Uint8Array(data.time.buffer, data.time.byteOffset, data.time.byteLength)).digest();
}
