import {defaultProvider} from '../graph';
import {fold} from '../math/rng';
import {seriesShape, scaler, type Trajectories} from '../data';
import type {FitContext, FittedForecaster, Forecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import type {Engine} from './engine';
import {predictor} from './predictor';

/** Options of {@link untrained}. */
export interface UntrainedOptions<P> {
  /** Weights to use; default: the network's initial ones, drawn from the seed. */
  readonly weights?: P;
  /** Default: `defaultProvider`. */
  readonly engine?: Engine;
}

/** A forecaster that skips training: its weights are given or initial, and the data stay in their own units. */
export function untrained<P>(network: Network<P>, {weights, engine}: UntrainedOptions<P> = {}): Forecaster {
  return Object.freeze({
    name: network.name,
    information: network.information,
    async fit(training: Trajectories, _validation: Trajectories, {rng}: FitContext): Promise<FittedForecaster> {
      const shape = seriesShape(training);
      const raw = (d: number) => scaler({transform: Array(d).fill('identity'), floor: Array(d).fill(0), mean: Array(d).fill(0), sd: Array(d).fill(1)});
      return predictor(network, weights ?? network.init(fold(rng, 'weights'), shape), {
        scalers: {outcomes: raw(shape.outcomes), treatments: raw(shape.treatments)},
        shape, length: training.outcomes.shape[1], engine: engine ?? await defaultProvider(),
      });
    },
  });
}
