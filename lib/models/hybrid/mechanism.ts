import type * as tf from '@tensorflow/tfjs';

/** What a mechanism is told beside the state and the treatment. */
export interface MechanismInputs {
  /** `[B, p]`: constants of each unit, read from its history, in their own units. */
  readonly own: tf.Tensor2D;
  /** `[s]`: constants that all units share. */
  readonly shared: tf.Tensor1D;
  /** `[B, ds]` */
  readonly statics: tf.Tensor2D;
}

/** A part of a mechanism: `x [B, n]`, what else it is told, and the treatment `[B, da]`, to `[B, n]`. */
export type MechanismPart = (x: tf.Tensor2D, inputs: MechanismInputs, a: tf.Tensor2D) => tf.Tensor2D;

/** What is known of a system before any data: equations in their own units, with constants that are not known. */
export interface Mechanism {
  readonly name: string;
  /**
   * `[n]`, each above 0: typical sizes of the states, of which the first dy are what is measured. Learned parts see and
   * give numbers near 1.
   */
  readonly scale: readonly number[];
  /** `[da]`, each above 0: typical sizes of treatments. */
  readonly doses: readonly number[];
  /** `[p]`: between what constants of a unit lie, 0 < low < high. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** `[s]`: constants of all units at the start of training. Default none. */
  readonly shared?: readonly number[];
  /** Rate of change of the state while a treatment lasts: f0 + f1. */
  readonly flow: MechanismPart;
  /** By how much the state jumps when an interval begins, for what is given at once. Default: it does not. */
  readonly jump?: MechanismPart;
}
