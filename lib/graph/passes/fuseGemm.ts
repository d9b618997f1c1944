import type {Builder} from '../ir/builder';
import type {Node, Value} from '../ir/program';
import {isNormal, rewrite, splat, useCounts, type Pass} from './rewrite';

/**
 * Joins a matrix product with what follows it: `A B + C` becomes one Gemm whether C is a bias or an accumulated
 * gradient, and a constant factor becomes its alpha. Only products that are used once are touched.
 */
export const fuseGemm: Pass = program => {
  const uses = useCounts(program);
  return rewrite(program, (node, b) => {
    if (node.op !== 'Add' && node.op !== 'Mul') return undefined;
    const fused = node.op === 'Add' ? addInto(node, b, uses) : scaleInto(node, b, uses);
    if (!fused) return undefined;
    uses.set(fused, uses.get(node.outputs[0])!);
    return [fused];
  });
};

type Uses = ReadonlyMap<Value, number>;

function addInto(node: Node, b: Builder, uses: Uses): Value | undefined {
  for (const [p, c] of [[0, 1], [1, 0]]) {
    const product = matrixProduct(node.inputs[p], b);
    if (!product || uses.get(node.inputs[p]) !== 1 || !broadcastsTo(node.inputs[c], node.inputs[p])) continue;
    if (product.op === 'Gemm' && product.inputs.length === 3) continue;
    return b.op('Gemm', [...product.inputs, node.inputs[c]], {alpha: 1, beta: 1, ...product.attributes});
  }
  return undefined;
}

function scaleInto(node: Node, b: Builder, uses: Uses): Value | undefined {
  for (const [p, s] of [[0, 1], [1, 0]]) {
    const product = matrixProduct(node.inputs[p], b), factor = splat(b, node.inputs[s]);
    if (!product || uses.get(node.inputs[p]) !== 1 || factor === undefined || node.inputs[s].shape.length > 0) continue;
    const {alpha = 1, beta = 1} = product.attributes as Record<string, number>;
    if (!isNormal(alpha * factor) || !isNormal(beta * factor)) continue;
    return b.op('Gemm', product.inputs, {
      ...product.attributes, alpha: alpha * factor, beta: product.inputs.length === 3 ? beta * factor : 1,
    });
  }
  return undefined;
}

function matrixProduct(value: Value, b: Builder): Node | undefined {
  const node = b.producer(value);
  return node && value.shape.length === 2 && value.dtype === 'float32' && (node.op === 'MatMul' || node.op === 'Gemm')
    ? node
    : undefined;
}

const broadcastsTo = ({shape}: Value, to: Value) =>
  shape.length <= 2 && shape.toReversed().every((n, i) => n === 1 || n === to.shape[1 - i]);
