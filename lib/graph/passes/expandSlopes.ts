import type {Builder} from '../ir/builder';
import {sameShape, type Value} from '../ir/program';
import {removeDeadCode} from './removeDeadCode';
import {rewrite, splat, useCounts, type Pass} from './rewrite';

/**
 * Writes the gradient of tanh, `g (1 - y^2)`, as `g - (g y) y`. That is as many operations, but each needs g, so that
 * ONNX Runtime, which computes what it can before it waits for a gradient, no longer computes and keeps `1 - y^2` of
 * all steps at once.
 */
export const expandSlopes: Pass = program => {
  const uses = useCounts(program);
  return removeDeadCode(rewrite(program, (node, b) => {
    if (node.op !== 'Mul') return undefined;
    for (const [g, slope] of [node.inputs, node.inputs.toReversed()]) {
      const y = uses.get(slope) === 1 ? rootOf(slope, b) : undefined;
      if (y && sameShape(g.shape, y.shape)) return [b.op('Sub', [g, b.op('Mul', [b.op('Mul', [g, y]), y])])];
    }
    return undefined;
  }));
};

/** y of `1 - y^2`. */
function rootOf(slope: Value, b: Builder): Value | undefined {
  const difference = b.producer(slope);
  if (difference?.op !== 'Sub' || splat(b, difference.inputs[0]) !== 1) return undefined;
  const square = b.producer(difference.inputs[1]);
  return square?.op === 'Mul' && square.inputs[0] === square.inputs[1] ? square.inputs[0] : undefined;
}
