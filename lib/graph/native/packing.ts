import {swapLast} from '../ir/ops';
import {rewrite, type Pass} from '../passes/rewrite';
import type {Node, Program, Value} from '../ir/program';

/**
 * Whether the second operand of a product is a matrix that several products take, mostly the weights of a layer: it is
 * then packed once for all.
 */
export function packed(program: Program): (product: Node) => boolean {
  const given = new Set<Value>([...program.inputs, ...program.constants.keys()]), uses = new Map<string, number>();
  for (const node of program.nodes) {
    if (isProduct(node)) uses.set(packingKey(node), (uses.get(packingKey(node)) ?? 0) + 1);
  }
  return node => node.inputs[1].shape.length === 2 && (given.has(node.inputs[1]) || uses.get(packingKey(node))! > 1);
}

export const isProduct = ({op}: Node): boolean => op === 'MatMul' || op === 'Gemm';

/** Products with equal keys can share a packed operand. */
export const packingKey = ({inputs, attributes}: Node): string => `${inputs[1].id}:${String(attributes.transB)}`;

/**
 * Transposes the second operand of a product beforehand where the product would have to; packing does that on its way.
 */
export const contiguousRows: Pass = program => {
  const isPacked = packed(program);
  return rewrite(program, (node, b) => {
    if (!isProduct(node) || node.attributes.transB !== 1 || isPacked(node)) return undefined;
    const [x, y, ...rest] = node.inputs, rows = b.op('Transpose', [y], {perm: swapLast(y.shape.length)});
    return [b.op(node.op, [x, rows, ...rest], {...node.attributes, transB: 0})];
  });
};
