/** Milliseconds. */
export interface Timing {
  readonly elapsed: number;
  /** Processor time of all threads of the engine's process: what is left to compare on a machine that others use too. */
  readonly processor: number;
}

/** Something that can run training steps and be timed. */
export interface Engine {
  readonly name: string;
  /** Losses of its first steps, at least one; absent where nothing is trained. */
  readonly losses?: readonly number[];
  /**
   * Relative difference of losses that counts as the same computation, by default 1e-4; cards add in an order of their
   * own.
   */
  readonly tolerance?: number;
  /** Times `n` steps. */
  time(n: number): Promise<Timing>;
  close(): Promise<void>;
  /** Seconds from nothing to the first step, versions. */
  readonly note: string;
}
