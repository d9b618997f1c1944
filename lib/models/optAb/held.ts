import * as tf from '@tensorflow/tfjs';
import type {PlanTensors} from '../network';

/** The plan with its first treatment throughout. */
export function held({duration, treatments}: PlanTensors): PlanTensors {
  const [batch, horizon, da] = treatments.shape;
  return {duration, treatments: tf.tile(treatments.slice([0, 0, 0], [batch, 1, da]), [1, horizon, 1])};
}
