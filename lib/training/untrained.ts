import {defaultProvider} from '../graph';
import {fold} from '../math/rng';
import {noPreprocessing, seriesShape, type Trajectories} from '../data';
import type {FitContext, Forecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import type {Engine} from './engine';
import {model, type Model} from './model';
import type {DrawOptions} from './predictor';

/** Options of {@link untrained}. */
export interface UntrainedOptions<P> extends DrawOptions {
  /** Weights to use; default: the network's initial ones, drawn from the seed. */
  readonly weights?: P;
  /** Default: `defaultProvider`. */
  readonly engine?: Engine;
}

/** A forecaster whose `fit` takes weights as they are. */
export interface UntrainedForecaster<P> extends Forecaster {
  /** Looks at the shape of the data only. */
  fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<Model<P>>;
}

/** A forecaster that skips training: its weights are given or initial, and the data stay in their own units. */
export function untrained<P>(
  network: Network<P>, {weights, engine, ...drawing}: UntrainedOptions<P> = {},
): UntrainedForecaster<P> {
  return Object.freeze({
    name: network.name,
    information: network.information,
    async fit(training: Trajectories, _validation: Trajectories, {rng}: FitContext): Promise<Model<P>> {
      const shape = seriesShape(training);
      return model(network, weights ?? network.init(fold(rng, 'weights'), shape), {
        ...drawing, preprocessing: noPreprocessing(shape), shape, length: training.outcomes.shape[1],
        engine: engine ?? await defaultProvider(),
      });
    },
  });
}
