import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Trajectories} from '../data';

/** Folders of the library on whose code the result of a training depends. */
const CODE = ['math', 'ode', 'graph', 'nn', 'data', 'models', 'training'];

/** Packages whose version a result depends on too. */
const PACKAGES = ['@tensorflow/tfjs', 'onnxruntime-node'];

/**
 * Hash of everything that a result depends on: the values given here and the code of the numerical layers. Two results with
 * equal identities are equal; a cached one with another identity is never used.
 */
export function identity(parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(codeHash());
  for (const part of parts) hash.update(part instanceof Uint8Array ? part : JSON.stringify(part) ?? 'undefined').update('\0');
  return hash.digest('hex');
}

/** The bytes of a data set that a model can see. */
export function fingerprint(data: Trajectories): Uint8Array {
  const hash = createHash('sha256');
  for (const {data: values} of [data.outcomes, data.observed, data.treatments, data.statics]) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.update(new Uint8Array(data.time.buffer, data.time.byteOffset, data.time.byteLength)).digest();
}

/** Read anew each time: a notebook may be open while the code changes. */
function codeHash(): string {
  const files = CODE.map(folder => join(__dirname, '..', folder)).flatMap(sources).sort();
  const hash = files.reduce((h, file) => h.update(readFileSync(file)), createHash('sha256'));
  for (const name of PACKAGES) hash.update((require(`${name}/package.json`) as {version: string}).version);
  return hash.digest('hex');
}

const sources = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.ts')).map(file => join(folder, file));
