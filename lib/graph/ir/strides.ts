import {count} from './program';

/** Steps between neighbours along each axis of a tensor whose last axis is contiguous. */
export const rowMajor = (shape: readonly number[]): number[] => shape.map((_, i) => count(shape.slice(i + 1)));

/** Steps through an operand of shape `from` while walking over the shape `to` that it is broadcast to. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = rowMajor(from), lead = to.length - from.length;
  return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : own[i - lead]));
}

/**
 * The same walk over fewer axes: those of length 1 go, and neighbours join where every operand steps on evenly. At
 * least one axis is left.
 */
export function collapse(
  shape: readonly number[], strides: readonly (readonly number[])[],
): {readonly shape: number[]; readonly strides: number[][]} {
  const axes = shape.flatMap((n, i) => (n === 1 ? [] : [{n, steps: strides.map(s => s[i])}]));
  const joined = axes.reduce<typeof axes>((done, axis) => {
    const outer = done[done.length - 1];
    const even = outer?.steps.every((step, k) => step === axis.steps[k] * axis.n);
    return even ? [...done.slice(0, -1), {n: outer.n * axis.n, steps: axis.steps}] : [...done, axis];
  }, []);
  const all = joined.length > 0 ? joined : [{n: 1, steps: strides.map(() => 0)}];
  return {shape: all.map(a => a.n), strides: strides.map((_, k) => all.map(a => a.steps[k]))};
}
