import type {Builder} from '../ir/builder';
import {count, sameShape, type Node, type Value} from '../ir/program';
import {rewrite, useCounts, type Pass} from './rewrite';

/**
 * A sum of products over unrolled steps is one product of stacked matrices:
 * `sum_k A_k' B_k = [A_1; A_2; ...]' [B_1; B_2; ...]`. That turns the weight gradients of a layer used T times from T
 * small products and T additions into one large product, and its bias gradients, sums over rows, into one sum. Large
 * products stay apart: stacking copies their operands and keeps all of them alive, and a Gemm that adds into the sum is
 * as fast. Looks through chains of additions whose parts are used nowhere else.
 */
export const batchSums: Pass = program => {
  const uses = useCounts(program);
  const parts = new Set(program.nodes.filter(isSum).flatMap(n => n.inputs.filter(v => uses.get(v) === 1)));
  return rewrite(program, (node, b) =>
    (isSum(node) && !parts.has(node.outputs[0]) ? batch(node, b, parts) : undefined));
};

const isSum = (node: Node) => (node.op === 'Add' || node.op === 'Sum') && node.outputs[0].dtype === 'float32';

function batch(root: Node, b: Builder, parts: ReadonlySet<Value>): Value[] | undefined {
  if (root.inputs.some(v => !sameShape(v.shape, root.outputs[0].shape))) return undefined;
  const terms = flatten(root, b, parts);
  const groups = kinds.map(kind => terms.filter(v => parts.has(v) && kind.matches(b.producer(v))));
  if (groups.every(group => group.length < 2)) return undefined;
  const batched = groups.flatMap((group, i) =>
    (group.length < 2 ? [] : [kinds[i].join(group.map(v => b.producer(v)!), b)]));
  const taken = new Set(groups.filter(group => group.length > 1).flat());
  return [[...terms.filter(v => !taken.has(v)), ...batched].reduce((sum, v) => b.op('Add', [sum, v]))];
}

/**
 * The terms of a sum, through operands that are sums of the same shape and used nowhere else; without recursion, for
 * chains are long.
 */
function flatten(root: Node, b: Builder, parts: ReadonlySet<Value>): Value[] {
  const pending = [...root.inputs], terms: Value[] = [];
  while (pending.length > 0) {
    const value = pending.pop()!, node = b.producer(value);
    const opens = node && isSum(node) && parts.has(value) && node.inputs.every(v => sameShape(v.shape, value.shape));
    if (opens) pending.push(...node.inputs);
    else terms.push(value);
  }
  return terms;
}

interface Kind {
  matches(node: Node | undefined): boolean;
  /** One node in place of the sum of these. */
  join(nodes: readonly Node[], b: Builder): Value;
}

/** Most elements that the operands of one product may have together to be stacked. */
const LIMIT = 1 << 15;
const small = (node: Node) => node.inputs.reduce((sum, v) => sum + count(v.shape), 0) <= LIMIT;

const stack = (nodes: readonly Node[], operand: number, b: Builder) =>
  b.op('Concat', nodes.map(n => n.inputs[operand]), {axis: 0});

const kinds: readonly Kind[] = [
  {
    matches: node => node?.op === 'MatMul' && node.attributes.transA === 1 && node.attributes.transB === 0
      && node.inputs.every(v => v.shape.length === 2) && small(node),
    join: (nodes, b) => b.op('MatMul', [stack(nodes, 0, b), stack(nodes, 1, b)], {transA: 1, transB: 0}),
  },
  {
    matches: node => node?.op === 'ReduceSum' && node.inputs[0].shape.length === 2
      && (node.attributes.axes as number[]).join() === '0' && small(node),
    join: (nodes, b) => b.op('ReduceSum', [stack(nodes, 0, b)], nodes[0].attributes),
  },
];
