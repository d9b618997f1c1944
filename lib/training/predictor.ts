import {expect, expectWhole} from '../errors';
import {ndarray, size, type NdArray} from '../math/ndarray';
import {fold, rng, type Rng} from '../math/rng';
import {handle, type Handle} from '../graph';
import {
  expectPlan, historyRows, planRows, scalePlan, scaleTrajectories, type Forecast, type History, type Plan,
  targetTimes, type Preprocessing, type SeriesShape, type Transform,
} from '../data';
import type {FittedForecaster, Information} from '../models/forecaster';
import type {Network} from '../models/network';
import {inputShapes, noiseInput, toInputs} from './batches';
import {compiledPrograms} from './compiledPrograms';
import {compile, type Engine, type Executable} from './engine';
import {flatten, forecastFunction} from './functions';

/** How a network that takes noise is asked. */
export interface DrawOptions {
  /** Draws of a forecast, whose mean it is, >= 1; default 20. Other networks take none. */
  readonly draws?: number;
  /** Where the noise comes from; equal ones give equal forecasts. Default: the same for every forecaster. */
  readonly rng?: Rng;
}

/** What a network's forecasts need beside its weights. */
export interface PredictorContext extends DrawOptions {
  /** How the data become numbers for the network. */
  readonly preprocessing: Preprocessing;
  /** Channels of the data. */
  readonly shape: SeriesShape;
  /** Times in a padded history; longer histories are taken as they are. */
  readonly length: number;
  /** What runs the network. */
  readonly engine: Engine;
}

/** A forecaster that compiles programs. */
export interface Predictor extends FittedForecaster {
  /** Frees them; a later forecast compiles them anew. */
  dispose(): Promise<void>;
}

/** Rows forecast at once: large enough to be fast, small enough for memory. */
const ROWS = 250;

/** Draws of a network that takes noise. */
export const DRAWS = 20;

/**
 * A forecaster with fixed weights: scales, pads, runs the network and scales back.
 * @throws ArgumentError unless `draws` is a whole number >= 1
 */
export function predictor<P>(network: Network<P>, weights: P, context: PredictorContext): Predictor {
  const params = flatten(weights), {preprocessing, shape, engine, draws = DRAWS} = context;
  expectWhole('predictor', {draws});
  const programs = compiledPrograms(({length, horizon}: {length: number; horizon: number}) => {
    const {history, plan} = inputShapes({batch: ROWS, length, horizon}, shape);
    const noise = network.noise ? [[ROWS, network.noise(horizon)]] : [];
    return compile(forecastFunction(network, weights), [[params.length], ...history, ...plan, ...noise], engine);
  });
  return Object.freeze({
    name: network.name,
    information: informationOf(network, preprocessing.treatments.transform),
    async forecast(history: History, plan: Plan): Promise<Forecast> {
      check(network.name, history, plan, shape);
      const [batch, known] = history.outcomes.shape, horizon = plan.treatments.shape[1];
      const length = Math.max(context.length, known);
      const rows = historyRows(scaleTrajectories(history, preprocessing), {length, timeScale: 1});
      const planned = planRows(scalePlan(plan, preprocessing), horizon);
      const inputs = [handle(params, [params.length]), ...toInputs(rows, planned, {batch, length, horizon}, shape)];
      const found = await programs.use({length, horizon}, async program => {
        const values: NdArray[] = [];
        for (let draw = 0; draw < (network.noise ? draws : 1); draw++) {
          const noise = (from: number) => noiseInput(network, fold(source(context.rng, draw), from), ROWS, horizon);
          const scaled = await inBlocks(program, inputs, [batch, horizon, shape.outcomes], noise);
          values.push(preprocessing.outcomes.inverse(scaled));
        }
        return values;
      });
      const time = targetTimes(plan);
      return network.noise ? {time, ...summary(found)} : {time, mean: found[0]};
    },
    dispose: () => programs.dispose(),
  });
}

/** What a network knows of treatments that are transformed so. */
export function informationOf(
  {information}: Pick<Network<never>, 'information'>, transform: Transform | readonly Transform[] = [],
): Information {
  const binary = [transform].flat().includes('on or off');
  return binary && information === 'history + plan' ? `${information}, treatments on or off` : information;
}

const source = (given: Rng | undefined, draw: number): Rng => (given ? fold(given, draw) : rng(draw));

/** Runs the program over `ROWS` rows at a time. The first input, the weights, goes to every block. */
async function inBlocks(
  program: Executable, [params, ...inputs]: readonly Handle[], shape: readonly number[],
  noise: (from: number) => readonly Handle[],
): Promise<NdArray> {
  const [N, ...rest] = shape, width = size(rest), out = new Float64Array(N * width);
  for (let from = 0; from < N; from += ROWS) {
    const [rows] = await program.run([params, ...inputs.map(v => rowsOf(v, from)), ...noise(from)]);
    out.set((await rows.read() as Float32Array).subarray(0, Math.min(ROWS, N - from) * width), from * width);
  }
  return ndarray(shape, out);
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
  const width = size(rest), out = new Float32Array(ROWS * width);
  out.set((data as Float32Array).subarray(from * width, (from + ROWS) * width));
  return handle(out, [ROWS, ...rest]);
}

function check(name: string, history: History, plan: Plan, shape: SeriesShape): void {
  const fn = `${name}.forecast`, {outcomes, treatments, statics} = shape;
  const received = [history.outcomes.shape[2], history.treatments.shape[2], history.statics.shape[1]];
  expect(received.join() === [outcomes, treatments, statics].join(), {
    fn, argument: 'history', received,
    expected: `of ${outcomes} outcomes, ${treatments} treatments and ${statics} statics, as in training`,
  });
  expectPlan(name, history, plan);
  for (const kind of ['treatments', 'statics'] as const) {
    const {data} = history[kind], at = data.findIndex(v => !Number.isFinite(v));
    expect(at < 0, {
      fn, argument: `history.${kind}`, expected: 'finite everywhere', received: data[at],
      remedy: `The first bad value has flat index ${at}.`,
    });
  }
  const bad = history.outcomes.data.findIndex((v, i) => history.observed.data[i] !== 0 && !Number.isFinite(v));
  expect(bad < 0, {
    fn, argument: 'history.outcomes', expected: 'finite where observed', received: history.outcomes.data[bad],
    remedy: `The first bad value has flat index ${bad}; mark it with observed = 0.`,
  });
}
