import type {Program, Value} from '../program';
import type {Unit} from './chains';
import {isElementwise} from './elementwise';

/**
 * Tells which chains the workers of a run can divide among themselves: those that compute the same in every worker, from what was
 * exchanged, and whose results only leave the program. That is the optimiser: each worker updates its part of the weights.
 * @param differs whether an input is not the same for all workers
 */
export function sharedChains(program: Program, differs: (input: Value) => boolean): (unit: Unit) => boolean {
  const same = new Set<Value>([...program.inputs.filter(v => !differs(v)), ...program.constants.keys()]);
  for (const node of program.nodes) if (node.op === 'MeanOverWorkers' || node.inputs.every(v => same.has(v))) node.outputs.forEach(v => same.add(v));
  const leaving = new Set(program.outputs.filter((v, i) => program.outputs.indexOf(v) === i && program.outputs.lastIndexOf(v) === i));
  const users = new Map<Value, Set<object>>();
  for (const node of program.nodes) for (const v of node.inputs) users.set(v, (users.get(v) ?? new Set()).add(node));
  return unit => {
    const own = new Set<object>(unit);
    return isElementwise(unit[0]) && unit.every(({outputs: [result]}) => {
      const inside = [...users.get(result) ?? []].every(user => own.has(user)), leaves = leaving.has(result);
      return same.has(result) && inside && (leaves || !program.outputs.includes(result)) && !(leaves && result.dtype === 'bool');
    });
  };
}
