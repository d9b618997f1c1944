import {useCounts} from '../passes/rewrite';
import {sameShape, type Node, type Program, type Value} from '../ir/program';
import type {Unit} from './chains';
import {isProduct} from './packing';

/**
 * Joins a product with the chain that multiplies it, and nothing else, with the slope `1 - y^2` of tanh: the gradient
 * behind a layer is then finished while its sums are in registers, and never goes to memory without it.
 */
export function joinSlopes(program: Program, units: readonly Unit[]): Unit[] {
  const uses = useCounts(program), one = (v: Value) => program.constants.get(v)?.every(x => x === 1) ?? false;
  const once = new Map(units.filter(([node]) => isProduct(node) && uses.get(node.outputs[0]) === 1).map(unit =>
    [unit[0].outputs[0], unit]));
  const productOf = new Map<Unit, Unit>();
  for (const unit of units) {
    const sum = unit[unit.length - 1].inputs.find(v => once.has(v));
    if (sum && isSlope(unit, sum, one) && unit.slice(0, -1).every(n => uses.get(n.outputs[0]) === 1)) {
      productOf.set(unit, once.get(sum)!);
    }
  }
  const joined = new Set(productOf.values());
  return units.flatMap(unit => (joined.has(unit) ? [] : [[...(productOf.get(unit) ?? []), ...unit]]));
}

/** Whether a chain is `sum (1 - y^2)`, with y as its first input. */
function isSlope(chain: readonly Node[], sum: Value, one: (v: Value) => boolean): boolean {
  const [square, rest, result] = chain;
  if (chain.length !== 3 || square.op !== 'Mul' || rest.op !== 'Sub' || result.op !== 'Mul') return false;
  const [y, again] = square.inputs;
  return y === again && y !== sum && sameShape(y.shape, sum.shape) && one(
    rest.inputs[0],
  ) && rest.inputs[1] === square.outputs[0]
    && result.inputs.includes(sum) && result.inputs.includes(rest.outputs[0]);
}
