import {count, type Node, type Program, type Value} from '../ir/program';
import {collapse} from '../ir/strides';
import {NOTHING, type Piece} from './ahead';
import type {Unit} from './chains';
import type {Constants} from './constants';
import type {Memory} from './deferrable';
import type {Scalar} from './elementwise';
import {opcode, type Opcode} from './opcodes';
import {packed, packingKey} from './packing';
import {SCRATCH, type Place, type Storage} from './storage';

/** Elements of a tensor in memory. */
export interface Strided {
  /** Block, offset and the first element. */
  readonly place: readonly number[];
  readonly strides: readonly number[];
}

/** Collects the instructions of a program. */
export class Writer {
  readonly words: number[] = [];
  /** What the product that is being written fetches ahead: block, offset, units. */
  ahead: Piece = NOTHING;
  /** Units of scratch room: what the storage needs, and behind it the packed weights. */
  scratch: number;
  private readonly packings = new Map<string, readonly [number, number]>();
  private readonly isPacked: (product: Node) => boolean;

  readonly isExternal: (v: Value) => boolean;
  private readonly storage: Storage;

  constructor(
    program: Program, private readonly constants: Constants, {storage, external}: Memory,
    readonly isShared: (unit: Unit) => boolean,
  ) {
    this.storage = storage;
    this.isExternal = external;
    this.scratch = storage.scratch;
    this.isPacked = packed(program);
  }

  instruction(op: Opcode, ...operands: readonly (number | readonly number[])[]): void {
    const flat = operands.flat();
    this.words.push(opcode(op), flat.length + 2, ...flat);
  }

  at(value: Value): [number, number] {
    const {block, offset} = this.storage.place(value);
    return [block, offset];
  }

  scalarAt(scalar: Scalar): [number, number] {
    return [1, this.constants.scalar(scalar)];
  }

  /**
   * Where the second operand of a product is; one that several products share is packed when the first of them comes.
   */
  right(product: Node): {readonly packed: boolean; readonly at: readonly [number, number]} {
    const value = product.inputs[1], transposed = product.attributes.transB === 1;
    if (!this.isPacked(product)) return {packed: false, at: this.at(value)};
    const key = packingKey(product), known = this.packings.get(key);
    if (known) return {packed: true, at: known};
    const [k, n] = transposed ? value.shape.toReversed() : value.shape, at = [SCRATCH, this.scratch] as const;
    this.scratch += k * Math.ceil(n / WIDEST_STRIP) * WIDEST_STRIP;
    this.packings.set(key, at);
    this.instruction('Pack', k, n, transposed ? [1, k] : [n, 1], this.at(value), at);
    return {packed: true, at};
  }

  /**
   * Copies an output that was not computed where it is wanted: one that is an input, a constant or another output as
   * well.
   */
  copyOut(value: Value, to: Place): void {
    const [block, offset] = this.at(value), n = count(value.shape);
    if (block === to.block) return;
    this.copy(value, [n], {place: [block, offset, 0], strides: [1]}, {place: [to.block, to.offset, 0], strides: [1]});
  }

  /** Copies between strided places. @throws Error for tensors of too many axes */
  copy({dtype}: Value, shape: readonly number[], from: Strided, to: Strided): void {
    if (count(shape) === 0) return;
    const {shape: sizes, strides} = collapse(shape, [from.strides, to.strides]);
    if (sizes.length > MAX_RANK) {
      throw new Error(`provider 'native' moves tensors of at most ${MAX_RANK} axes; use 'cpu'`);
    }
    this.instruction(
      'Copy', dtype === 'bool' ? 1 : 4, sizes.length, sizes, from.place, strides[0], to.place, strides[1],
    );
  }
}

/** As in `memory.h`. */
export const MAX_RANK = 8;

/**
 * Most columns that a packed strip has on any machine, see TILE_COLUMNS in `products.h`: room for whole strips of this
 * width is enough everywhere.
 */
const WIDEST_STRIP = 64;
