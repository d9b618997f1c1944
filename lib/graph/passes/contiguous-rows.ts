import {swapLast} from '../ops';
import {rewrite, type Pass} from './rewrite';

/** Transposes the second operand of a product beforehand where the product would have to, unless it is an input or a constant. */
export const contiguousRows: Pass = program => {
  const given = new Set([...program.inputs, ...program.constants.keys()]);
  return rewrite(program, (node, b) => {
    if ((node.op !== 'MatMul' && node.op !== 'Gemm') || node.attributes.transB !== 1 || given.has(node.inputs[1])) return undefined;
    const [x, y, ...rest] = node.inputs, rows = b.op('Transpose', [y], {perm: swapLast(y.shape.length)});
    return [b.op(node.op, [x, rows, ...rest], {...node.attributes, transB: 0})];
  });
};
