import {simplify as simplifyExactly, type MathNode} from 'mathjs';
import {signOn, type Box} from './interval';
import {addUp, gradient, symbolsIn, times, type ControlSystem} from './system';

const simplify = (node: MathNode | string): MathNode => simplifyExactly(node as MathNode, {}, {exactFractions: false});

/** Determinant of a square matrix of formulas, by the first row, simplified. */
export function determinant(rows: readonly (readonly MathNode[])[]): MathNode {
  return simplify(expand(rows));
}

function expand(rows: readonly (readonly MathNode[])[]): MathNode {
  if (rows.length === 1) return rows[0][0];
  return addUp(rows[0].map((entry, j) => {
    const minor = expand(rows.slice(1).map(row => row.filter((_, k) => k !== j)));
    return times(j % 2 === 0 ? entry : times(simplify('-1'), entry), minor);
  }));
}

/** Simplified Jacobian of a map of the states. */
export function jacobianFormulas(map: readonly MathNode[], states: readonly string[]): MathNode[][] {
  return map.map(node => gradient(node, states).map(entry => simplify(entry)));
}

/**
 * A reason why a map is one-to-one on the system's whole region, with a Jacobian that is nowhere singular and with connected level
 * sets of its first components; nothing when none is found, which proves nothing. Two reasons are tried. A constant Jacobian of full rank. Or, after
 * a reordering of the states, a triangular Jacobian whose diagonal keeps its sign (proved by interval arithmetic): each component is then monotone
 * in one more state, so the states follow one after the other, and fixing the first components fixes the first states.
 */
export function injectivityProof(map: readonly MathNode[], {states, region}: ControlSystem): string | undefined {
  const jacobian = jacobianFormulas(map, states), box: Box = Object.fromEntries(states.map((s, i) => [s, region[i]]));
  if (jacobian.flat().every(entry => symbolsIn(entry).length === 0)) {
    const det = determinant(jacobian);
    return signOn(det, box) === 0 ? undefined : `linear, determinant ${shortFormula(det)}`;
  }
  const order = permutations(states.map((_, i) => i)).find(o => jacobian.every((row, i) => o.slice(i + 1).every(j => row[j].toString() === '0')));
  if (!order || jacobian.some((row, i) => signOn(row[order[i]], box) === 0)) return undefined;
  return `triangular, diagonal ${jacobian.map((row, i) => shortFormula(row[order[i]])).join(', ')} of one sign`;
}

/** A formula with numbers of at most six digits. */
export function shortFormula(node: MathNode): string {
  return node.toString({handler: (part: {type: string; value?: number}) => (part.type === 'ConstantNode' ? String(Number(Number(part.value).toPrecision(6))) : undefined)} as never);
}

function permutations(items: readonly number[]): number[][] {
  return items.length <= 1 ? [[...items]] : items.flatMap(first => permutations(items.filter(i => i !== first)).map(rest => [first, ...rest]));
}
