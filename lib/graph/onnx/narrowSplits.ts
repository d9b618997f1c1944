import {rewrite, type Pass} from '../passes/rewrite';

/** Buffers that a shader of WebGPU may use on every machine. */
const MOST_BUFFERS = 8;

/**
 * A split into more parts than a shader can write, as a slice for each. For WebGPU, whose Split writes all parts at
 * once.
 */
export const narrowSplits: Pass = program => rewrite(program, (node, b) => {
  const {axis, sizes} = node.attributes as {readonly axis: number; readonly sizes: readonly number[]};
  const [x] = node.inputs;
  if (node.op !== 'Split' || sizes.length < MOST_BUFFERS) return undefined;
  let start = 0;
  return sizes.map(size => {
    const at = (value: number, other: readonly number[]) => other.map((o, i) => (i === axis ? value : o));
    const zeros = x.shape.map(() => 0), part = b.op('Slice', [x], {
      starts: at(start, zeros), ends: at(start + size, x.shape), steps: x.shape.map(() => 1),
    });
    start += size;
    return part;
  });
});
