import {rewrite, type Pass} from './rewrite';

/**
 * Folds over axes that others lie between become folds over neighbouring axes, one after the other, innermost first.
 */
export const adjacentAxes: Pass = program => rewrite(program, (node, b) => {
  if (!node.op.startsWith('Reduce')) return undefined;
  const [x] = node.inputs, runs = runsOf(node.attributes.axes as readonly number[], x.shape);
  if (runs.length < 2) return undefined;
  return [
    b.reshape(runs.reduceRight((value, axes) => b.op(node.op, [value], {axes, keepdims: 1}), x), node.outputs[0].shape),
  ];
});

/** Axes in runs between which some other axis, longer than 1, lies. */
function runsOf(axes: readonly number[], shape: readonly number[]): number[][] {
  const runs: number[][] = [];
  let open = false;
  shape.forEach((n, axis) => {
    if (!axes.includes(axis)) open &&= n === 1;
    else if (open) runs[runs.length - 1].push(axis);
    else {
      runs.push([axis]);
      open = true;
    }
  });
  return runs;
}
