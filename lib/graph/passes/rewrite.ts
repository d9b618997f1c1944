import {Builder} from '../builder';
import {count, type Node, type Program, type Value} from '../program';

/** What a pass is: a program in, an equivalent program out. */
export type Pass = (program: Program) => Program;

/**
 * Decides about one node, whose inputs are values of `b` already: returns what replaces its outputs
 * (built with `b`, or values that exist), or undefined to keep the node. `original` is the node before renaming.
 */
export type Visitor = (node: Node, b: Builder, original: Node) => readonly Value[] | undefined;

/** Copies a program node by node, letting `visit` replace nodes. */
export function rewrite(program: Program, visit: Visitor): Program {
  const b = new Builder();
  const renamed = new Map<Value, Value>();
  for (const value of program.inputs) renamed.set(value, b.input(value.shape, value.dtype, value.name));
  for (const [value, data] of program.constants) {
    renamed.set(value, value.shape.length === 0 ? b.scalar(data[0], value.dtype) : b.constant(data, value.shape, value.dtype));
  }
  for (const original of program.nodes) {
    const node = {...original, inputs: original.inputs.map(v => renamed.get(v)!)};
    const outputs = visit(node, b, original) ?? b.node(node.op, node.inputs, node.attributes);
    original.outputs.forEach((v, i) => renamed.set(v, outputs[i]));
  }
  return b.finish(program.outputs.map(v => renamed.get(v)!), program.outputNames);
}

/** How often each value is used, outputs included. */
export function useCounts(program: Program): Map<Value, number> {
  const uses = new Map<Value, number>();
  for (const value of [...program.nodes.flatMap(n => n.inputs), ...program.outputs]) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** The one number that all elements of a constant (or of an expanded constant scalar) have, or undefined. */
export function splat(b: Builder, value: Value): number | undefined {
  const source = b.producer(value)?.op === 'Expand' ? b.producer(value)!.inputs[0] : value;
  const data = b.data(source);
  return data && count(source.shape) === 1 ? data[0] : undefined;
}
