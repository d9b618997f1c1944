import {join} from 'node:path';
import {expect, expectWhole} from '../errors';
import {defaultProvider} from '../graph';
import {preprocessingFields, windows, windowUnits, type Trajectories} from '../data';
import {fold} from '../math/rng';
import type {FitContext, Forecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import {noiseInput, toBatch} from './batches';
import {loadCheckpoint, saveCheckpoint} from './checkpoint';
import {flatten, unflatten} from './functions';
import type {LearningOptions} from './learningOptions';
import {finished, startState, train, type Epoch, type Loop, type LoopState} from './loop';
import {model, type Model} from './model';
import {informationOf} from './predictor';
import {pose, type Problem, type Task} from './problem';

/** A forecaster that came from training, with the record of it. */
export interface TrainedForecaster<P> extends Model<P> {
  /** Losses of every epoch. */
  readonly curve: readonly Epoch[];
  /** Hash of what the training follows from: programs, initial weights, options, engine and data; see `identity`. */
  readonly identity: string;
}

/** How a network with weights `P` is trained. */
export interface NetworkLearningOptions<P> extends LearningOptions {
  /** What the training makes small, in place of the network's own loss; see {@link Network.loss}. */
  readonly loss?: Network<P>['loss'];
}

/** A forecaster whose `fit` trains it. */
export interface LearnedForecaster<P> extends Forecaster {
  /** Trains the network on `training`; the weights kept are those with the least error on `validation`. */
  fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TrainedForecaster<P>>;
}

/**
 * Makes a forecaster of a network: preprocessing from the training data, windows over random decision times, Adam,
 * early stopping with the best weights kept, and checkpoints from which a stopped training goes on bit for bit.
 * @throws ArgumentError for options out of their ranges
 * @paper section 4.3, A.2
 * @example
 * ```ts
 * import {learned, obsNode, rng} from './lib';
 * import {confoundedPendulum} from './lib/studies/pendulum';
 * const [train, validation] = [1, 2].map(seed => confoundedPendulum(rng(seed), {units: 40}).trajectories);
 * const network = obsNode({blocks: 2, width: 8, hidden: 8});
 * const options = {epochs: 2, batch: 20, horizon: 4, rate: {from: 1e-2, to: 1e-3}, engine: 'cpu'} as const;
 * const model = await learned(network, options).fit(train, validation, {rng: rng(3)});
 * console.log(model.name, model.parameters, model.curve.length);   // ObsNODE 687 2
 * ```
 */
export function learned<P>(network: Network<P>, options: NetworkLearningOptions<P>): LearnedForecaster<P> {
  checkOptions(options);
  const {loss = network.loss} = options;
  return Object.freeze({
    name: network.name,
    information: informationOf(network, options.preprocessing?.treatments?.transform),
    async fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TrainedForecaster<P>> {
      const engine = options.engine ?? await defaultProvider(), {draws, rng} = options;
      const task: Task<P> = {network: {...network, loss}, options: {...options, engine}, context};
      const problem = pose(task, training, validation), {preprocessing, shape, length} = problem;
      const state = await solve(task, problem);
      return Object.freeze({
        ...model(network, unflatten(problem.template, state.best), {preprocessing, shape, length, engine, draws, rng}),
        curve: state.curve, identity: problem.id,
      });
    },
  });
}

function checkOptions(options: NetworkLearningOptions<never>): void {
  const {epochs, batch, horizon, repeats = 1, patience, draws, rate, warmUp = 0} = options;
  const {transform, preprocessing, select, loss} = options;
  const fn = 'learned', counts = {batch, horizon, repeats, patience, draws};
  expectWhole(fn, {epochs}, 0);
  expectWhole(fn, Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== undefined)));
  expect(rate.from > 0 && rate.to >= 0 && Number.isFinite(rate.from), {
    fn, argument: 'rate', expected: 'of positive learning rates', received: rate,
  });
  expect(warmUp >= 0 && warmUp < 1, {fn, argument: 'warmUp', expected: 'in [0, 1)', received: warmUp});
  expect(transform === undefined || preprocessing?.outcomes === undefined, {
    fn, argument: 'transform', expected: 'left out beside preprocessing.outcomes', received: transform,
  });
  expect(select === undefined || select === 'last' || typeof select === 'function', {
    fn, argument: 'select', expected: "a function that gives an error, or 'last'", received: select,
  });
  expect(loss === undefined || typeof loss === 'function', {
    fn, argument: 'loss', expected: 'a function of weights, a batch and a context that gives a scalar', received: loss,
  });
}

async function solve<P>(task: Task<P>, problem: Problem<P>): Promise<LoopState> {
  const {network, options, context} = task, {template, id, programs} = problem, {checkpoints} = options;
  const name = `${network.name.replace(/\W+/g, '-').toLowerCase()}-${id.slice(0, 16)}.safetensors`;
  const path = checkpoints && join(checkpoints, name);
  const numbers = JSON.stringify(preprocessingFields(problem.preprocessing));
  const start = (path && loadCheckpoint(path, id)) || startState(flatten(template));
  if (finished(options, start)) return start;
  const step = await programs.step.compile({background: true});
  try {
    const loss = await programs.loss.compile({background: true});
    try {
      return await train({...loop(task, problem, {step, loss}), onEpoch: reached => {
        if (path) saveCheckpoint(path, id, reached, {preprocessing: numbers});
        report(reached, options.epochs, context);
      }}, start);
    } finally {
      await loss.dispose();
    }
  } finally {
    await step.dispose();
  }
}

function report({curve}: LoopState, epochs: number, {onProgress}: FitContext): void {
  const {epoch, train: error, validation} = curve[curve.length - 1];
  const text = `epoch ${epoch + 1}: loss ${error.toPrecision(3)}, validation ${validation.toPrecision(3)}`;
  onProgress?.((epoch + 1) / epochs, text, validation);
}

function loop<P>(
  {network, options, context}: Task<P>, problem: Problem<P>, programs: Pick<Loop, 'step' | 'loss'>,
): Omit<Loop, 'onEpoch'> {
  const {batch, horizon, repeats = 1, adam = {}, select} = options;
  const {training, validation, decisions, length, shape} = problem;
  const common = {decisions, horizon, batch, length, timeScale: 1}, units = windowUnits(training, decisions);
  return {
    schedule: options, adam, ...programs, keep: select === 'last' ? 'last' : 'best',
    rng: fold(context.rng, 'epochs'), signal: context.signal,
    stepsPerEpoch: repeats * Math.floor(units / batch),
    *batches(rng) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        let number = 0;
        for (const rows of windows(training, {...common, rng: fold(rng, repeat), incomplete: 'drop'})) {
          const noise = noiseInput(network, fold(rng, `noise ${repeat} ${number++}`), batch, horizon);
          yield [...toBatch(rows, shape), ...noise];
        }
      }
    },
    validation: {
      batches: Array.from(
        windows(validation, {...common, rng: fold(context.rng, 'validation')}), rows => toBatch(rows, shape),
      ),
      batchSize: batch, rows: windowUnits(validation, decisions),
    },
  };
}
