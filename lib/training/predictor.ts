import {expect} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import {fold, rng} from '../math/rng';
import {handle, type Handle} from '../graph';
import {expectPlan, historyRows, planRows, targetTimes, type Forecast, type History, type Plan, type Scaler, type SeriesShape} from '../data';
import type {FittedForecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import {inputShapes, noiseInput, toInputs} from './batches';
import {compile, type Engine, type Executable} from './engine';
import {flatten, forecastFunction} from './functions';

/** What a network's forecasts need beside its weights. */
export interface PredictorContext {
  readonly scalers: {readonly outcomes: Scaler; readonly treatments: Scaler};
  readonly shape: SeriesShape;
  /** Times in a padded history; longer histories are taken as they are. */
  readonly length: number;
  readonly engine: Engine;
}

/** Rows forecast at once: large enough to be fast, small enough for memory. */
const ROWS = 250;

/** Draws of a network that takes noise. */
const DRAWS = 20;

/** A forecaster with fixed weights: scales, pads, runs the network and scales back. */
export function predictor<P>(network: Network<P>, weights: P, context: PredictorContext): FittedForecaster {
  const params = flatten(weights), {scalers, shape, engine} = context;
  const programs = new Map<string, Promise<Executable>>();
  const program = (length: number, horizon: number): Promise<Executable> => {
    const key = `${length} ${horizon}`, {history, plan} = inputShapes({batch: ROWS, length, horizon}, shape);
    const noise = network.noise ? [[ROWS, network.noise(horizon)]] : [];
    if (!programs.has(key)) programs.set(key, compile(forecastFunction(network, weights), [[params.length], ...history, ...plan, ...noise], engine));
    return programs.get(key)!;
  };
  return {
    name: network.name,
    information: network.information,
    async forecast(history: History, plan: Plan): Promise<Forecast> {
      check(network.name, history, plan, shape);
      const [N, known, dy] = history.outcomes.shape, horizon = plan.treatments.shape[1];
      const length = Math.max(context.length, known);
      const rows = historyRows({...history, outcomes: scalers.outcomes.forward(history.outcomes, history.observed), treatments: scalers.treatments.forward(history.treatments)}, {length, timeScale: 1});
      const inputs = toInputs(rows, planRows({...plan, treatments: scalers.treatments.forward(plan.treatments)}, horizon), {batch: N, length, horizon}, shape);
      const run = await program(length, horizon);
      const draw = async (number: number): Promise<NdArray> => {
        const out = new Float64Array(N * horizon * dy);
        for (let from = 0; from < N; from += ROWS) {
          const noise = noiseInput(network, fold(rng(number), from), ROWS, horizon);
          const [rowsOut] = await run.run([handle(params, [params.length]), ...inputs.map(v => rowsOf(v, from)), ...noise]);
          out.set((await rowsOut.read() as Float32Array).subarray(0, Math.min(ROWS, N - from) * horizon * dy), from * horizon * dy);
        }
        return scalers.outcomes.inverse(ndarray([N, horizon, dy], out));
      };
      const time = targetTimes(plan), draws = [await draw(0)];
      if (!network.noise) return {time, mean: draws[0]};
      while (draws.length < DRAWS) draws.push(await draw(draws.length));
      return {time, ...summary(draws)};
    },
  };
}

/** All draws in one array, and their mean. */
function summary(draws: readonly NdArray[]): {mean: NdArray; samples: NdArray} {
  const [{shape, data: {length}}] = draws, samples = new Float64Array(draws.length * length);
  draws.forEach(({data}, s) => samples.set(data, s * length));
  const mean = Float64Array.from({length}, (_, i) => draws.reduce((sum, {data}) => sum + data[i], 0) / draws.length);
  return {mean: ndarray(shape, mean), samples: ndarray([draws.length, ...shape], samples)};
}

/** Rows `from ... from + ROWS` of an input, filled up with zeros. */
function rowsOf({shape: [, ...rest], data}: Handle, from: number): Handle {
  const width = rest.reduce((a, b) => a * b, 1), out = new Float32Array(ROWS * width);
  out.set((data as Float32Array).subarray(from * width, (from + ROWS) * width));
  return handle(out, [ROWS, ...rest]);
}

function check(name: string, history: History, plan: Plan, shape: SeriesShape): void {
  const [, , dy] = history.outcomes.shape, da = history.treatments.shape[2], fn = `${name}.forecast`;
  expect(dy === shape.outcomes && da === shape.treatments, {fn, argument: 'history', expected: `of ${shape.outcomes} outcomes and ${shape.treatments} treatments, as in training`, received: [dy, da]});
  expectPlan(name, history, plan);
  const bad = history.outcomes.data.findIndex((v, i) => history.observed.data[i] !== 0 && !Number.isFinite(v));
  expect(bad < 0, {fn, argument: 'history.outcomes', expected: 'finite where observed', received: history.outcomes.data[bad], remedy: `The first bad value has flat index ${bad}; mark it with observed = 0.`});
}
