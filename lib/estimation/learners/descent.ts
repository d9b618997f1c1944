import {expect} from '../../errors';
import {handle, type Handle} from '../../graph';
import type {Executable} from '../../training';

/** A training whose weights are judged on the way. */
export interface Descent {
  /** `[P]`: the weights at the start. */
  readonly start: Float32Array;
  /** How many steps, >= 1. */
  readonly steps: number;
  /** `(params, mean, square, ...inputs) -> [loss, params', mean', square']`, made executable. */
  readonly step: Executable;
  /** Inputs of a step: learning rates, batch. */
  readonly inputs: (step: number) => readonly Handle[];
  /** The error of weights `[P]` on rows that are not learned from. */
  readonly judge: (params: Handle) => Promise<number>;
}

/** Every so many steps weights are judged. */
const JUDGED = 100;

/**
 * Follows the gradient, and keeps the weights that were judged best on the way; they are judged every 100 steps and
 * after the last.
 * @throws ArgumentError when their error is not finite
 */
export async function descend({start, steps, step, inputs, judge}: Descent): Promise<Float32Array> {
  const P = start.length, fresh = (values: Float32Array) => handle(values, [P]);
  let state: readonly Handle[] = [fresh(start), fresh(new Float32Array(P)), fresh(new Float32Array(P))];
  let best = start, least = Infinity;
  for (let k = 0; k < steps; k++) {
    [, ...state] = await step.run([...state, ...inputs(k)]);
    if ((k + 1) % JUDGED !== 0 && k + 1 < steps) continue;
    const params = Float32Array.from(await state[0].read() as Float32Array), error = await judge(fresh(params));
    expect(Number.isFinite(error), {
      fn: 'descend', argument: 'inputs', expected: 'with learning rates under which the error stays finite',
      received: error, remedy: `Step ${k + 1}: learn at a lower rate.`,
    });
    if (error < least) [least, best] = [error, params];
  }
  return best;
}
