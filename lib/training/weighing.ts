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

type Question = Parameters<NonNullable<FittedForecaster['weigh']>>[1];

/**
 * `FittedForecaster.weigh` of a network with these weights; nothing for networks that do not weigh.
 * @throws ArgumentError, from `weigh`: for a horizon below 1, or a decision index that has no time after it
 */
export function weighing<P>(
  network: Network<P>, weights: P, context: PredictorContext,
): Pick<FittedForecaster, 'weigh'> {
  const {preprocessing, shape, length, engine} = context;
  if (!network.rowWeights) return {};
  const params = flatten(weights);
  return {
    async weigh(like: Trajectories, {decision, horizon}: Question): Promise<Float64Array> {
      expectWhole('weigh', {horizon});
      expectWhole('weigh', {decision}, 0, like.outcomes.shape[1] - 2);
      const size = {batch: ROWS, length: Math.max(length, decision + 1), horizon};
      const {history, plan, target} = inputShapes(size, shape);
      const inputs = [[params.length], ...history, ...plan, ...target];
      const program = await compile(weightsFunction(network, weights), inputs, engine), found: number[] = [];
      try {
        const each = {...size, decisions: [decision], timeScale: 1, rng: rng(0)};
        for (const rows of windows(scaleTrajectories(like, preprocessing), each)) {
          const [out] = await program.run([handle(params, [params.length]), ...toBatch(rows, shape)]);
          const values = await out.read();
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
