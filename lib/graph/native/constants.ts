import type {Program, Value} from '../ir/program';
import type {Scalar} from './elementwise';
import {unitsOf} from './storage';

/** The constants of a program one after the other, and single numbers that instructions need. */
export class Constants {
  readonly offsets = new Map<Value, number>();
  private readonly scalars = new Map<string, number>();
  private readonly parts: {readonly offset: number; readonly data: ArrayBufferView}[] = [];
  private size = 0;

  constructor(program: Program) {
    for (const [value, data] of program.constants) {
      this.offsets.set(value, this.size);
      this.add(data, unitsOf(value));
    }
  }

  scalar({value, dtype}: Scalar): number {
    const key = `${dtype}:${Object.is(value, -0) ? '-0' : value}`, known = this.scalars.get(key);
    if (known !== undefined) return known;
    const offset = this.size;
    this.scalars.set(key, offset);
    this.add(dtype === 'float32' ? Float32Array.of(value) : Int32Array.of(value), 1);
    return offset;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(4 * Math.max(1, this.size));
    for (const {offset, data} of this.parts) {
      all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 4 * offset);
    }
    return all;
  }

  private add(data: ArrayBufferView, units: number): void {
    this.parts.push({offset: this.size, data});
    this.size += units;
  }
}
