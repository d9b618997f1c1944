import type {Trajectories} from '../../data';
import type {Rng} from '../../math';
import type {Forecaster} from '../../models';
import {Pruned, type ObjectiveContext} from './optimise';
import type {Params} from './space';

/** What a search over trainings is judged by. */
export interface TrainingObjectiveOptions {
  readonly train: Trajectories;
  readonly validation: Trajectories;
  /** The same for every trial: trials differ in their settings alone. */
  readonly rng: Rng;
}

/**
 * The lowest error on validation data that a training with such settings comes to; the error of every epoch is
 * reported, so that a poor training may be stopped.
 * @throws Pruned, from the function that it answers, where a training is stopped; what the study throws
 */
export function trainingObjective(
  forecaster: (params: Params) => Forecaster, {train, validation, rng}: TrainingObjectiveOptions,
): (params: Params, context: ObjectiveContext) => Promise<number> {
  return async (params, {signal, report}) => {
    const pruned = new AbortController(), errors: number[] = [];
    let told = Promise.resolve();
    const onProgress = (_: number, _text: string, error?: number): void => {
      if (error === undefined) return;
      const step = errors.push(error);
      told = told.then(() => report(step, error)).catch((reason: unknown) => pruned.abort(reason));
    };
    const stop = AbortSignal.any([signal, pruned.signal]);
    const fitted = await forecaster(params).fit(train, validation, {rng, signal: stop, onProgress});
    await fitted.dispose?.();
    await told;
    if (pruned.signal.reason && !(pruned.signal.reason instanceof Pruned)) throw pruned.signal.reason;
    return Math.min(...errors);
  };
}
