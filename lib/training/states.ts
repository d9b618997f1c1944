import {ndarray, type NdArray} from '../math/ndarray';
import {handle} from '../graph';
import {historyRows, scaleTrajectories, type History} from '../data';
import type {Network} from '../models/network';
import {HISTORY_INPUTS, flatten, stateFunction} from './functions';
import {inputShapes} from './batches';
import {compile} from './engine';
import type {PredictorContext} from './predictor';

/** What a model tells of the state behind its forecasts. */
export interface StateReader {
  /**
   * z(t_c) of each unit, from which the forecast is run, in the units of the network: `[units, n]`. Only models that
   * have a state.
   */
  states?(history: History): Promise<NdArray>;
}

/** {@link StateReader.states} of a network with these weights; nothing for networks without a state. */
export function stateReader<P>(network: Network<P>, weights: P, context: PredictorContext): StateReader {
  const {preprocessing, shape, engine} = context;
  if (!network.state) return {};
  return {
    async states(history: History): Promise<NdArray> {
      const [batch, known] = history.outcomes.shape, params = flatten(weights);
      const length = Math.max(context.length, known);
      const rows = historyRows(scaleTrajectories(history, preprocessing), {length, timeScale: 1});
      const shapes = inputShapes({batch, length, horizon: 1}, shape).history;
      const program = await compile(stateFunction(network, weights), [[params.length], ...shapes], engine);
      try {
        const inputs = HISTORY_INPUTS.map((name, i) => handle(rows[name], shapes[i]));
        const [out] = await program.run([handle(params, [params.length]), ...inputs]);
        return ndarray(out.shape, Float64Array.from(await out.read() as Float32Array));
      } finally {
        await program.dispose();
      }
    },
  };
}
