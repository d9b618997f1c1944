import type * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import type {Tensors} from '../../nn';
import type {HistoryTensors} from '../network';
import type {Reading} from '../parts/features';

/** How a state is placed and time is measured. */
export interface RecognitionOptions {
  /**
   * Where block 1 starts. `'observation'`: at the outcome seen at t_c, which is right when outcomes are measured
   * without error; a component that was not measured then is filled in by the network. `'corrected'`: the network may
   * move every component, which allows for measurement noise.
   */
  readonly anchor: 'observation' | 'corrected';
  /** About the length of a history in the data's time unit, > 0. */
  readonly timeScale: number;
}

/** Sizes of what recognises a state. */
export interface RecogniserSize {
  /** m, blocks of the state, >= 1. */
  readonly blocks: number;
  /** Units of its hidden layers or memory, >= 1. */
  readonly hidden: number;
}

/**
 * What names the state z(t_c) that a history ends in. `P`: its weights; `S`: what it keeps between two outcomes, of
 * which a state-space network reads z `[batch, m * dy]` alone.
 * @paper section 4.3
 */
export interface Recogniser<P, S extends {readonly z: tf.Tensor2D} = {readonly z: tf.Tensor2D}> {
  /** What it was made with, as plain data; empty for the paper's LSTM. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Fresh weights. */
  init(rng: Rng, shape: SeriesShape, size: RecogniserSize): P;
  /** Reads a whole history. */
  recognise(params: Tensors<P>, history: HistoryTensors, options: RecognitionOptions): S;
  /** Reads one more outcome, a fully known one, such as the model's own forecast in the recursive scheme. @paper A.2 */
  next(params: Tensors<P>, before: S, reading: Omit<Reading, 'observed'>, options: RecognitionOptions): S;
}
