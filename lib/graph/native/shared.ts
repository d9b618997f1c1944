import {useCounts} from '../passes/rewrite';
import type {Program, Value} from '../ir/program';
import type {Unit} from './chains';
import {isElementwise} from './elementwise';

/**
 * Tells which chains the workers of a run can divide among themselves: those that compute the same in every worker,
 * from what was exchanged, and whose results only leave the program. That is the optimiser: each worker updates its
 * part of the weights.
 * @param differs whether an input is not the same for all workers
 */
export function sharedChains(program: Program, differs: (input: Value) => boolean): (unit: Unit) => boolean {
  const same = new Set<Value>([...program.inputs.filter(v => !differs(v)), ...program.constants.keys()]);
  for (const node of program.nodes) {
    if (node.op === 'MeanOverWorkers' || node.inputs.every(v => same.has(v))) node.outputs.forEach(v => same.add(v));
  }
  const uses = useCounts(program), outputs = new Set(program.outputs);
  return unit => {
    const read = unit.flatMap(n => n.inputs);
    return isElementwise(unit[0]) && unit.every(({outputs: [result]}) => {
      const inside = read.filter(v => v === result).length, leaves = Number(outputs.has(result));
      return same.has(result) && uses.get(result) === inside + leaves && !(leaves && result.dtype === 'bool');
    });
  };
}
