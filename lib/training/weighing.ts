import {expectWhole} from '../errors';
import {rng} from '../math/rng';
import {handle} from '../graph';
import {scaleTrajectories, windows, type Trajectories} from '../data';
import type {FittedForecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import {inputShapes, toBatch} from './batches';
import {compile} from './engine';
import {flatten, weightsFunction} from './functions';
import type {PredictorContext} from './predictor';

/** Rows weighed at once. Weights have mean 1 within each such batch. */
const ROWS = 250;

/** `FittedForecaster.weigh` of a network with these weights; nothing for networks that do not weigh. */
export function weighing<P>(network: Network<P>, weights: P, {scalers, shape, length, engine}: PredictorContext): Pick<FittedForecaster, 'weigh'> {
  if (!network.rowWeights) return {};
  const params = flatten(weights);
  return {
    async weigh(like: Trajectories, {decision, horizon}: {readonly decision: number; readonly horizon: number}): Promise<Float64Array> {
      expectWhole('weigh', {horizon});
      expectWhole('weigh', {decision}, 0, like.outcomes.shape[1] - 2);
      const size = {batch: ROWS, length: Math.max(length, decision + 1), horizon}, {history, plan, target} = inputShapes(size, shape);
      const program = await compile(weightsFunction(network, weights), [[params.length], ...history, ...plan, ...target], engine), found: number[] = [];
      try {
        for (const rows of windows(scaleTrajectories(like, scalers), {...size, decisions: [decision], timeScale: 1, rng: rng(0)})) {
          const [out] = await program.run([handle(params, [params.length]), ...toBatch(rows, shape)]), values = await out.read();
          for (let row = 0; row < ROWS; row++) found.push(values[row * horizon + horizon - 1] as number);
        }
      } finally {
        await program.dispose();
      }
      // A unit that is no longer followed, like the rows that fill the last batch, counts with weight 0.
      return Float64Array.from(found.filter(weight => weight !== 0));
    },
  };
}
