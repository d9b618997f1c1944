import type {Node, Program, Value} from '../ir/program';
import type {Unit} from './chains';
import {isProduct} from './packing';
import {unitsOf, views, type Storage} from './storage';

/**
 * Least number of units between a deferrable product and the first use of its result; its operands are kept for as
 * many.
 */
export const SLACK = 16;

/**
 * Products whose results nothing needs for a while, such as gradients of weights. A worker that waits for another at an
 * exchange computes them for it, so that unequal processors, or one that other programs use too, delay a run less; the
 * bits are the same, whoever does. Without exchanges nobody waits.
 */
export function deferrableProducts(program: Program, units: readonly Unit[]): ReadonlySet<Unit> {
  const found = new Set<Unit>(), root = views(program);
  const needed = new Map<Value, number>(program.outputs.map(v => [root(v), units.length]));
  if (!program.nodes.some(n => n.op === 'MeanOverWorkers')) return found;
  const need = (value: Value, at: number) =>
    needed.set(root(value), Math.min(at, needed.get(root(value)) ?? units.length));
  for (let at = units.length - 1; at >= 0; at--) {
    const unit = units[at], [node] = unit, result = root(unit[unit.length - 1].outputs[0]);
    const needs = needed.get(result) ?? units.length;
    if (root(node.outputs[0]) !== node.outputs[0]) continue;
    if (isProduct(node) && needs - at >= SLACK) found.add(unit);
    // What a product adds to need not be there before its own result is.
    const addend = found.has(unit) ? addendOf(node) : undefined;
    for (const v of unit.flatMap(n => n.inputs)) need(v, v === addend ? needs : at);
  }
  return found;
}

const addendOf = ({inputs: [a, b, c]}: Node) => (c !== a && c !== b ? c : undefined);

/** Values that a deferrable product reads, besides the sum that it adds to. */
export const kept = (product: Unit): Value[] => product.flatMap(n => n.inputs).filter(v => v !== addendOf(product[0]));

/** Where values are, and which of them are used outside the unit that makes them. */
export interface Memory {
  readonly storage: Storage;
  readonly external: (v: Value) => boolean;
}

/**
 * For each unit, the last deferrable product, if any, that must be done before it: one that reads what the unit
 * overwrites, or writes what it reads.
 */
export function awaited(
  program: Program, units: readonly Unit[], deferrable: ReadonlySet<Unit>, {storage, external}: Memory,
): (Unit | undefined)[] {
  const root = views(program);
  const stretches = (values: readonly Value[]) => [...new Set(values.map(root))].filter(external).map((v): Stretch => {
    const {block, offset} = storage.place(v);
    return {block, from: offset, to: offset + unitsOf(v)};
  });
  let pending: {unit: Unit; reads: Stretch[]; writes: Stretch[]}[] = [];
  return units.map(unit => {
    const deferred = deferrable.has(unit), reads = stretches(unit.flatMap(n => n.inputs));
    const writes = stretches(unit.flatMap(n => n.outputs));
    // Deferrable products are done in their order, whoever does them; but their operands are packed at once.
    const needs = deferred ? stretches(kept(unit)) : reads, overwrites = deferred ? [] : writes;
    const last = pending.findLastIndex(p => meet(overwrites, p.reads) || meet(needs, p.writes));
    const found = pending[last]?.unit;
    // All workers wait for each other at an exchange, and for what is deferred.
    pending = unit[0].op === 'MeanOverWorkers' ? [] : pending.slice(last + 1);
    if (deferred) pending.push({unit, reads, writes});
    return found;
  });
}

interface Stretch {
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

const meet = (a: readonly Stretch[], b: readonly Stretch[]) =>
  a.some(x => b.some(y => x.block === y.block && x.from < y.to && y.from < x.to));
