import {Builder} from '../ir/builder';
import {count, type Node, type Program, type Value} from '../ir/program';

/** What a pass is: a program in, an equivalent program out. */
export type Pass = (program: Program) => Program;

/**
 * Decides about one node, whose inputs are values of `b` already: returns what replaces its outputs
 * (built with `b`, or values that exist), or undefined to keep the node and its outputs.
 * A replacement must have the same type as what it replaces.
 */
export type Visitor = (node: Node, b: Builder) => readonly Value[] | undefined;

/** Copies a program node by node, letting `visit` replace nodes. Values that are not replaced stay the same objects. */
export function rewrite(program: Program, visit: Visitor): Program {
  const b = new Builder();
  const renamed = new Map<Value, Value>();
  const current = (v: Value) => renamed.get(v) ?? v;
  const rename = (from: Value, to: Value) => { if (from !== to) renamed.set(from, to); };
  for (const value of program.inputs) b.keepInput(value);
  for (const [value, data] of program.constants) rename(value, b.keepConstant(value, data));
  for (const original of program.nodes) {
    const node =
      original.inputs.some(v => renamed.has(v)) ? {...original, inputs: original.inputs.map(current)} : original;
    const outputs = visit(node, b) ?? b.keep(node);
    original.outputs.forEach((v, i) => rename(v, outputs[i]));
  }
  return b.finish(program.outputs.map(current), program.outputNames);
}

/** How often each value is used, outputs included. */
export function useCounts(program: Program): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of program.nodes) node.inputs.forEach(use);
  program.outputs.forEach(use);
  return uses;
}

/** The one number that all elements of a constant (or of an expanded constant scalar) have, or undefined. */
export function splat(b: Builder, value: Value): number | undefined {
  const source = b.producer(value)?.op === 'Expand' ? b.producer(value)!.inputs[0] : value;
  const data = b.data(source);
  return data && count(source.shape) === 1 ? data[0] : undefined;
}

/** Whether a float32 holds a number other than 0 with full precision: neither too large nor too small for it. */
export const isNormal = (x: number): boolean => Math.abs(x) >= 2 ** -126 && Number.isFinite(Math.fround(x));
