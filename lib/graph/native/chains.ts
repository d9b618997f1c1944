import {rewrite, type Pass} from '../passes/rewrite';
import {sameShape, type Node, type Program, type Value} from '../ir/program';
import {isElementwise} from './elementwise';

/** What runs as one instruction: one node, or a chain of element-by-element nodes of one shape, in order. */
export type Unit = readonly Node[];

/** Most nodes of a chain, and most values it may take in; the engine has a limited number of registers. */
const MOST_NODES = 24, MOST_OPERANDS = 12;

interface Chain {
  nodes: Node[];
  /** Whether it may still grow; a chain runs where its last node stood, so nothing before that may need it. */
  open: boolean;
}

/**
 * Joins element-by-element nodes that feed each other. Exchanges between workers wait until one of them is needed, and
 * run together.
 */
export function chain(program: Program): Unit[] {
  const chainOf = new Map<Value, Chain>(), slots: (Chain | undefined)[] = [];
  let exchange: Chain | undefined;
  const positions = new Map<Chain, number>();
  const put = (c: Chain) => {
    const before = positions.get(c);
    if (before !== undefined) slots[before] = undefined;
    positions.set(c, slots.length);
    slots.push(c);
  };
  for (const node of program.nodes) {
    const feeding = new Set(node.inputs.flatMap(v => chainOf.get(v) ?? []));
    if (exchange && feeding.has(exchange)) exchange = undefined;
    if (node.op === 'MeanOverWorkers') {
      for (const c of feeding) c.open = false;
      exchange ??= {nodes: [], open: false};
      exchange.nodes.push(node);
      node.outputs.forEach(v => chainOf.set(v, exchange!));
      put(exchange);
      continue;
    }
    const joined: Chain = {nodes: [node], open: isElementwise(node)};
    for (const c of feeding) {
      const fits = joined.open && c.open && sameShape(c.nodes[0].outputs[0].shape, node.outputs[0].shape)
        && small([...c.nodes, ...joined.nodes]);
      c.open = false;
      if (!fits) continue;
      joined.nodes = [...c.nodes, ...joined.nodes];
      slots[positions.get(c)!] = undefined;
    }
    for (const member of joined.nodes) for (const v of member.outputs) chainOf.set(v, joined);
    put(joined);
  }
  return slots.flatMap(c => (c ? [c.nodes] : []));
}

/** Cuts sums of more values than a chain may take in, from left to right. */
export const narrowSums: Pass = program => rewrite(program, (node, b) => {
  if (node.op !== 'Sum' || node.inputs.length <= MOST_OPERANDS) return undefined;
  let [sum, ...rest] = node.inputs;
  while (rest.length > 0) sum = b.op('Sum', [sum, ...rest.splice(0, MOST_OPERANDS - 1)]);
  return [sum];
});

function small(nodes: readonly Node[]): boolean {
  const made = new Set(nodes.flatMap(n => n.outputs));
  return nodes.length <= MOST_NODES
    && new Set(nodes.flatMap(n => n.inputs).filter(v => !made.has(v))).size <= MOST_OPERANDS;
}
