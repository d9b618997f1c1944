import type {Value} from '../ir/program';
import type {Unit} from './chains';
import {isProduct} from './packing';
import {SCRATCH, unitsOf, type Storage} from './storage';

/** A piece of scratch memory: block, offset and length in units of four bytes. */
export type Piece = readonly [block: number, offset: number, units: number];

/** No memory at all. */
export const NOTHING: Piece = [SCRATCH, 0, 0];

/**
 * Units after which scratch memory is taken to have left the near caches, and the least size in units of four bytes
 * that is worth fetching.
 */
const COLD = 40, WORTH = 1024;
/** Most products between the one that fetches and the use. */
const REACH = 6;

/**
 * For each unit that is a product: a large piece of scratch memory to fetch, that is needed soon and was not used for
 * long. A product fetches about as much as it writes, so that small ones leave large pieces to those before them.
 */
export function coldAfter(units: readonly Unit[], storage: Storage, external: (v: Value) => boolean): Piece[] {
  const used = units.map(unit => unit.flatMap(n => [...n.inputs, ...n.outputs])
    .filter(v => unitsOf(v) >= WORTH && external(v) && storage.place(v)?.block === SCRATCH)
    .map((v): Piece => [SCRATCH, storage.place(v).offset, unitsOf(v)]));
  const last = new Map<number, number>(), cold: Piece[] = units.map(() => NOTHING);
  let before: number[] = [];
  units.forEach((unit, at) => {
    for (const piece of used[at]) {
      const product = before.find(i => cold[i] === NOTHING && unitsOf(units[i][0].outputs[0]) >= piece[2]);
      if (product !== undefined && at - (last.get(piece[1]) ?? -COLD - 1) > COLD) cold[product] = piece;
      last.set(piece[1], at);
    }
    if (isProduct(unit[0])) before = [at, ...before.slice(0, REACH - 1)];
  });
  return cold;
}
