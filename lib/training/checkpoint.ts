import {existsSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {expect} from '../errors';
import {readWeights, writeWeights} from '../nn';
import type {LoopState} from './loop';

/**
 * Writes the whole state of a training in one step.
 * @param identity hash of everything the numbers depend on; only a training with the same identity may go on from here
 * @param about texts by key, for readers of the file, e.g. its preprocessing; default none
 */
export function saveCheckpoint(
  path: string, identity: string, {adam, best, step, curve}: LoopState, about: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(dirname(path), {recursive: true});
  const vector = (data: Float32Array) => ({shape: [data.length], data});
  writeWeights(path, {
    weights: {params: vector(adam.params), mean: vector(adam.mean), square: vector(adam.square), best: vector(best)},
    metadata: {...about, identity, step: String(step), curve: JSON.stringify(curve)},
  });
}

/**
 * The state saved under `path`, or `undefined` when there is none.
 * @throws ArgumentError for a damaged file or one of another training.
 */
export function loadCheckpoint(path: string, identity: string): LoopState | undefined {
  if (!existsSync(path)) return undefined;
  const {weights, metadata} = readWeights(path);
  expect(metadata.identity === identity, {
    fn: 'loadCheckpoint', argument: 'path', expected: 'a checkpoint of this training', received: path,
    remedy: 'It was made with other data, options, code or seed. Delete it or choose another path.',
  });
  const {params, mean, square, best} = weights;
  return {
    adam: {params: params.data, mean: mean.data, square: square.data}, best: best.data,
    step: Number(metadata.step), curve: JSON.parse(metadata.curve) as LoopState['curve'],
  };
}
