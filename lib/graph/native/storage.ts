import {byteSize, type Program, type Value} from '../ir/program';
import type {Unit} from './chains';

/** A place in memory: a block, and an offset in units of four bytes. */
export interface Place {
  readonly block: number;
  readonly offset: number;
}

/** Blocks of memory in the order in which the engine gets them; inputs and outputs follow, one block each. */
export const SCRATCH = 0, CONSTANTS = 1, FIRST_INPUT = 2;

/** Where every value is, and how much scratch room (in units of four bytes) that takes. */
export interface Storage {
  place(value: Value): Place;
  readonly scratch: number;
}

/** What decides how long values live, besides their uses. */
export interface Lifetimes {
  /** Which operands a result may replace when they die with the unit. */
  readonly inPlace: (unit: Unit, result: Value) => readonly Value[];
  /** What must still be there at a unit besides its own operands. */
  readonly held: (at: number) => readonly Value[];
}

/** Places are multiples of this many units, so that each begins a cache line. */
const ALIGNMENT = 16;

/** Units of four bytes that a value takes. */
export const unitsOf = (value: Value): number => Math.max(1, Math.ceil(byteSize(value) / 4 / ALIGNMENT)) * ALIGNMENT;

/** Ops whose result is their operand in another shape. */
const isView = (op: string) => op === 'Reshape' || op === 'Identity';

/** The value whose memory each value shares: itself, or what it is a view of. */
export function views(program: Program): (value: Value) => Value {
  const roots = new Map<Value, Value>();
  const root = (value: Value) => roots.get(value) ?? value;
  for (const node of program.nodes) if (isView(node.op)) roots.set(node.outputs[0], root(node.inputs[0]));
  return root;
}

/**
 * Gives values their places, in the order in which the units run: a place is free again after the last use of its
 * value. The room for everything at once is close to `program.peakBytes`.
 */
export function store(
  program: Program, units: readonly Unit[], constants: ReadonlyMap<Value, number>, {inPlace, held}: Lifetimes,
): Storage {
  const root = views(program), places = new Map<Value, Place>(), heap = new Heap();
  program.inputs.forEach((v, i) => places.set(v, {block: FIRST_INPUT + i, offset: 0}));
  for (const [v, offset] of constants) places.set(v, {block: CONSTANTS, offset});
  // A value that is made here and leaves is written where it is wanted; what else leaves is copied there at the end.
  const leaving = new Set<Value>();
  program.outputs.forEach((v, i) => {
    if (places.has(root(v))) return;
    places.set(root(v), {block: FIRST_INPUT + program.inputs.length + i, offset: 0});
    leaving.add(root(v));
  });
  const external = outsideUses(program, units);
  const lastUse = new Map<Value, number>();
  const used = (at: number) => [...units[at].flatMap(n => n.inputs), ...held(at)].map(root);
  units.forEach((_, at) => used(at).forEach(v => lastUse.set(v, at)));
  program.outputs.forEach(v => lastUse.set(root(v), Infinity));
  const dying = (v: Value, at: number) => lastUse.get(v) === at && places.get(v)?.block === SCRATCH;
  units.forEach((unit, at) => {
    const taken = new Set<Value>();
    for (const v of unit.flatMap(n => (isView(n.op) ? [] : n.outputs))) {
      if (places.has(v) || !external(v)) continue;
      const replaced = inPlace(unit, v).map(root).find(o => dying(o, at) && !taken.has(o) && unitsOf(o) === unitsOf(v));
      if (replaced) taken.add(replaced);
      places.set(v, replaced ? places.get(replaced)! : {block: SCRATCH, offset: heap.take(unitsOf(v))});
      if (!lastUse.has(v)) lastUse.set(v, at);
    }
    const ending = new Set([...used(at), ...unit.flatMap(n => n.outputs)]);
    for (const v of ending) if (dying(v, at) && !taken.has(v)) heap.give(places.get(v)!.offset, unitsOf(v));
  });
  return {place: v => places.get(root(v))!, scratch: heap.size};
}

/** Whether a value is used outside the unit that makes it. */
export function outsideUses(program: Program, units: readonly Unit[]): (value: Value) => boolean {
  const home = new Map<Value, number>(), outside = new Set<Value>(program.outputs);
  units.forEach((unit, at) => unit.forEach(n => {
    n.inputs.forEach(v => { if (home.get(v) !== at) outside.add(v); });
    n.outputs.forEach(v => home.set(v, at));
  }));
  return v => outside.has(v);
}

/** Free room as stretches in order of their offsets; the smallest that fits is taken. */
class Heap {
  size = 0;
  private readonly free: {offset: number; length: number}[] = [];

  take(length: number): number {
    let best = -1;
    this.free.forEach((f, i) => {
      if (f.length >= length && (best < 0 || f.length < this.free[best].length)) best = i;
    });
    if (best < 0) return this.grow(length);
    const {offset, length: available} = this.free[best];
    if (available === length) this.free.splice(best, 1);
    else this.free[best] = {offset: offset + length, length: available - length};
    return offset;
  }

  give(offset: number, length: number): void {
    const at = this.free.findIndex(f => f.offset > offset), i = at < 0 ? this.free.length : at;
    this.free.splice(i, 0, {offset, length});
    this.join(i);
    if (i > 0) this.join(i - 1);
  }

  private join(i: number): void {
    const [here, next] = [this.free[i], this.free[i + 1]];
    if (next && here.offset + here.length === next.offset) {
      this.free.splice(i, 2, {offset: here.offset, length: here.length + next.length});
    }
  }

  /** Room at the end, beginning with what is free there. */
  private grow(length: number): number {
    const last = this.free[this.free.length - 1];
    const offset = last && last.offset + last.length === this.size ? last.offset : this.size;
    if (offset < this.size) this.free.pop();
    this.size = offset + length;
    return offset;
  }
}
