import * as tf from '@tensorflow/tfjs';
import {isRecording} from './record';

/**
 * Marks where data-parallel workers exchange numbers: `x` becomes its mean over the workers of a {@link session},
 * summed in worker order, so that every run gives the same bits. Without workers, and eagerly, it is `x` itself.
 * Apply it to gradients (and the loss) before clipping and the optimiser. For a loss that is divided by a count of
 * observed values, apply it to the count first: the mean of ratios is not the ratio of means.
 */
export function meanOverWorkers<T extends tf.Tensor>(x: T): T {
  return isRecording() ? tf.engine().runKernel('MeanOverWorkers', {x}) as T : x;
}
