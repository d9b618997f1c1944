import type {ProgramParts, Value} from './ir';
import {byteSize} from './types';

/**
 * Most bytes of computed values that are alive at once when the nodes run in their order and each value goes after its
 * last use: what a run needs beside inputs and constants. For a training step these are mostly the activations that
 * wait for the gradient.
 */
export function peakBytes({nodes, outputs}: Pick<ProgramParts, 'nodes' | 'outputs'>): number {
  const lastUse = new Map<Value, number>();
  nodes.forEach((node, i) => [...node.outputs, ...node.inputs].forEach(v => lastUse.set(v, i)));
  outputs.forEach(v => lastUse.set(v, nodes.length));
  const computed = new Set(nodes.flatMap(node => node.outputs)), ending = new Map<number, Value[]>();
  for (const value of computed) ending.set(lastUse.get(value)!, [...(ending.get(lastUse.get(value)!) ?? []), value]);
  const total = (values: readonly Value[]) => values.reduce((sum, v) => sum + byteSize(v), 0);
  let alive = 0, peak = 0;
  nodes.forEach((node, i) => {
    alive += total(node.outputs);
    peak = Math.max(peak, alive);
    alive -= total(ending.get(i) ?? []);
  });
  return peak;
}
