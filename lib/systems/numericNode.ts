import type {MathNode} from 'mathjs';

/** Whether a formula names no variable. */
export function isNumber(node: MathNode): boolean {
  let named = false;
  node.traverse((part, path) => { named ||= part.type === 'SymbolNode' && path !== 'fn'; });
  return !named;
}
