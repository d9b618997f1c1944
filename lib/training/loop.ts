import {expectWhole} from '../errors';
import {fold, type Rng} from '../math/rng';
import {handle, type Handle} from '../graph';
import type {AdamOptions, AdamState} from './adam';
import {adamRates, cosineRate} from './adam';
import type {Executable} from './engine';

/**
 * A batch of inputs, in the order of HISTORY_INPUTS, PLAN_INPUTS, TARGET_INPUTS, and noise where the network takes it.
 */
export type Batch = readonly Handle[];

/** How long and how fast to train. */
export interface Schedule {
  /** Passes over the training units, >= 0; 0 keeps the initial weights. */
  readonly epochs: number;
  /** Learning rate at the first and the last step, along half a cosine. */
  readonly rate: {readonly from: number; readonly to: number};
  /**
   * Share of the steps, in [0, 1), over which the rate first rises from nothing to the cosine; default 0. What is
   * ill-conditioned at first, as stacked integrators are, then bears a larger rate.
   */
  readonly warmUp?: number;
  /** Epochs without a better validation loss before stopping, >= 1; default: never stop early. */
  readonly patience?: number;
}

/** One epoch's losses. */
export interface Epoch {
  readonly epoch: number;
  readonly train: number;
  readonly validation: number;
}

/** Everything that a later epoch depends on: saved after each epoch, so that a resumed run goes on bit for bit. */
export interface LoopState {
  readonly adam: AdamState<Float32Array>;
  /** The weights to keep: those with the lowest validation loss so far, or the last, see {@link Loop.keep}. */
  readonly best: Float32Array;
  /** Steps taken so far. */
  readonly step: number;
  readonly curve: readonly Epoch[];
}

export interface Loop {
  readonly schedule: Schedule;
  readonly adam: AdamOptions;
  /** Which epoch's weights are kept. */
  readonly keep: 'best' | 'last';
  /** One pass over the training data, in an order drawn from `rng`. */
  readonly batches: (rng: Rng) => Iterable<Batch>;
  readonly stepsPerEpoch: number;
  /** The same every epoch. */
  readonly validation: {readonly batches: readonly Batch[]; readonly batchSize: number; readonly rows: number};
  /** `trainingStep` and `validationLoss`, made executable. */
  readonly step: Executable;
  readonly loss: Executable;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
  readonly onEpoch: (state: LoopState) => void;
}

/** State before the first step. */
export function startState(params: Float32Array): LoopState {
  const zeros = () => new Float32Array(params.length);
  return {adam: {params, mean: zeros(), square: zeros()}, best: params, step: 0, curve: []};
}

/**
 * Trains from `state` until the schedule ends or validation stops improving.
 * @throws Error named `AbortError` when the signal fires; DivergenceError when a loss is not finite.
 */
export async function train(loop: Loop, state: LoopState): Promise<LoopState> {
  const {schedule} = loop;
  expectWhole('train', {epochs: schedule.epochs}, 0);
  while (!finished(schedule, state)) {
    state = await epoch(loop, state);
    loop.onEpoch(state);
  }
  return state;
}

/** Whether training would stop here. */
export function finished({epochs, patience = Infinity}: Schedule, {curve}: LoopState): boolean {
  if (curve.length >= epochs) return true;
  const losses = curve.map(e => e.validation);
  return curve.length > 0 && curve.length - 1 - losses.indexOf(Math.min(...losses)) >= patience;
}

/** Learning rate when this share of the steps, in [0, 1], is done. */
export function scheduledRate({rate, warmUp = 0}: Pick<Schedule, 'rate' | 'warmUp'>, done: number): number {
  return cosineRate(rate, done) * (done < warmUp ? done / warmUp : 1);
}

async function epoch(loop: Loop, {adam, best, step, curve}: LoopState): Promise<LoopState> {
  const number = curve.length;
  const total = loop.schedule.epochs * loop.stepsPerEpoch;
  const shape = [adam.params.length];
  let moving: readonly Handle[] = [adam.params, adam.mean, adam.square].map(data => handle(data, shape));
  let sum = 0, count = 0;
  for (const batch of loop.batches(fold(loop.rng, number))) {
    loop.signal?.throwIfAborted();
    const rates = adamRates(scheduledRate(loop.schedule, step / total), step + 1, loop.adam);
    // Weights and moments make room for those of the step after.
    const schedule = handle(Float32Array.of(...rates, step / total), [4]);
    const [lossHandle, ...next] = await loop.step.run([...moving, schedule, ...batch], {donate: [0, 1, 2]});
    const [loss] = await lossHandle.read();
    if (!Number.isFinite(loss)) throw new DivergenceError(number, step, loop.schedule.rate.from);
    [moving, sum, count, step] = [next, sum + loss, count + 1, step + 1];
  }
  const copies = moving.map(async value => (await value.read() as Float32Array).slice());
  const [params, mean, square] = await Promise.all(copies);
  const validation = await meanLoss(loop.loss, moving[0], loop.validation);
  if (!Number.isFinite(validation)) throw new DivergenceError(number, step, loop.schedule.rate.from);
  const kept = loop.keep === 'last' || curve.every(e => validation < e.validation);
  const reached = {epoch: number, train: sum / count, validation};
  return {adam: {params, mean, square}, best: kept ? params : best, step, curve: [...curve, reached]};
}

/** Mean of the loss over all rows; empty rows that fill the last batch add nothing. */
async function meanLoss(
  loss: Executable, params: Handle, {batches, batchSize, rows}: Loop['validation'],
): Promise<number> {
  let sum = 0;
  for (const batch of batches) sum += (await (await loss.run([params, ...batch]))[0].read())[0] * batchSize;
  return sum / rows;
}

/** A loss stopped being a number. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  constructor(readonly epoch: number, readonly step: number, rate: number) {
    super(`Training diverged in epoch ${epoch} at step ${step}: the loss is not finite. Lower the learning rate `
      + `(now ${rate}), set clipNorm, or look for extreme values in the data.`);
  }
}
