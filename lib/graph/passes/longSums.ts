import type {Builder} from '../ir/builder';
import {count, type Value} from '../ir/program';
import {adjacentAxes} from './adjacentAxes';
import {rewrite, type Pass} from './rewrite';

/** Most numbers that are added up one after the other, and how many are at first where there are more. */
const LONG = 2048, BLOCK = 256;

/**
 * Long sums become sums of sums, for a runtime that adds up one number after the other, so that the rounding errors add
 * up as well.
 */
export const longSums: Pass = program => rewrite(adjacentAxes(program), (node, b) => {
  const [x] = node.inputs, [out] = node.outputs, length = count(x.shape) / count(out.shape);
  if ((node.op !== 'ReduceSum' && node.op !== 'ReduceMean') || x.dtype !== 'float32' || !(length > LONG)) {
    return undefined;
  }
  const outer = count(x.shape.slice(0, Math.min(...node.attributes.axes as number[])));
  const sum = b.reshape(inBlocks(b.reshape(x, [outer, length, count(out.shape) / outer]), b), out.shape);
  return [node.op === 'ReduceMean' ? b.op('Mul', [sum, b.scalar(1 / length)]) : sum];
});

/** Sum over the middle axis of `[outer, length, inner]`. */
function inBlocks(x: Value, b: Builder): Value {
  const [outer, length, inner] = x.shape, whole = length - (length % BLOCK);
  const sum = (value: Value, axis: number) => b.op('ReduceSum', [value], {axes: [axis], keepdims: 0});
  const part = (from: number, to: number) =>
    (to - from === length ? x : b.op('Slice', [x], {starts: [0, from, 0], ends: [outer, to, inner], steps: [1, 1, 1]}));
  if (length <= LONG) return sum(x, 1);
  const sums = sum(b.reshape(part(0, whole), [outer, whole / BLOCK, BLOCK, inner]), 2);
  return inBlocks(whole === length
    ? sums
    : b.op('Concat', [sums, b.reshape(sum(part(whole, length), 1), [outer, 1, inner])], {axis: 1}), b);
}
