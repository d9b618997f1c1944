import {randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {expect, expectWhole} from '../errors';
import {defaultProvider} from '../graph';
import {fold} from '../math/rng';
import {fitScaler, scaleTrajectories, seriesShape, windows, windowUnits, type Scaler, type SeriesShape, type Trajectories, type Transform} from '../data';
import type {FitContext, FittedForecaster, Forecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import {parameterCount} from '../nn';
import type {AdamOptions} from './adam';
import {inputShapes, noiseInput, toBatch} from './batches';
import {loadCheckpoint, saveCheckpoint} from './checkpoint';
import {engineVersion, prepare, type Engine, type Executable, type Prepared} from './engine';
import {flatten, forecastFunction, trainingStep, unflatten, validationLoss} from './functions';
import {fingerprint, identity} from './identity';
import {finished, startState, train, type Epoch, type Loop, type LoopState, type Schedule} from './loop';
import {exportOnnx, type ExportOptions} from './exportOnnx';
import {predictor} from './predictor';
import {weighing} from './weighing';

/** Options of {@link learned}. */
export interface LearningOptions extends Schedule {
  /** Rows in a batch, >= 1. */
  readonly batch: number;
  /** Steps ahead that the training loss looks, >= 1. */
  readonly horizon: number;
  /** Decision indices to train on, each in [0, T - 2]; default all of them. Each epoch draws one for every unit and repeat. @paper section 4.3 */
  readonly decisions?: readonly number[];
  /** How often every unit is seen in an epoch, >= 1; default 1. */
  readonly repeats?: number;
  /** Scaling of outcomes before standardising, per channel or for all; default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
  readonly adam?: AdamOptions;
  /** What runs the steps; default: `defaultProvider`. */
  readonly engine?: Engine;
  /** Folder for checkpoints; the file is named after the training's identity, so that trainings never mix. Default: none is written. */
  readonly checkpoints?: string;
}

/** A forecaster that came from training, with the record of it. */
export interface TrainedForecaster<P> extends FittedForecaster {
  readonly weights: P;
  readonly parameters: number;
  readonly curve: readonly Epoch[];
  /** Hash of what the training follows from: programs, initial weights, options, engine and data; see `identity`. */
  readonly identity: string;
  readonly engine: Engine;
  /** The forecaster as an ONNX file in the data's units, for use elsewhere; see `exportOnnx`. */
  exportOnnx(options: ExportOptions): Uint8Array;
}

/** A forecaster whose `fit` trains it. */
export interface LearnedForecaster<P> extends Forecaster {
  /** Trains the network on `training`; the weights kept are those with the least error on `validation`. */
  fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TrainedForecaster<P>>;
}

/**
 * Makes a forecaster of a network: scalers from the training data, windows over random decision times, Adam, early stopping
 * with the best weights kept, and checkpoints from which a stopped training goes on bit for bit.
 * @paper section 4.3, A.2
 * @example
 * ```ts
 * import {learned, obsNode, rng} from './lib';
 * import {cancerCohort} from './lib/studies/cancer';
 * const [train, validation] = [1, 2].map(seed => cancerCohort({patients: 40, rng: rng(seed)}).trajectories);
 * const network = obsNode({blocks: 2, width: 8, hidden: 8});
 * const options = {epochs: 2, batch: 20, horizon: 4, rate: {from: 1e-2, to: 1e-3}, engine: 'cpu'} as const;
 * const model = await learned(network, options).fit(train, validation, {rng: rng(3)});
 * console.log(model.name, model.parameters, model.curve.length);   // ObsNODE 898 2
 * ```
 */
export function learned<P>(network: Network<P>, options: LearningOptions): LearnedForecaster<P> {
  checkOptions(options);
  return Object.freeze({
    name: network.name,
    information: network.information,
    async fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TrainedForecaster<P>> {
      const engine = options.engine ?? await defaultProvider();
      const problem = pose(network, {...options, engine}, training, validation, context);
      const state = await solve(network, {...options, engine}, problem, context);
      const weights = unflatten(problem.template, state.best);
      const fixed = {scalers: problem.scalers, shape: problem.shape, length: problem.length, engine};
      return Object.freeze({
        ...predictor(network, weights, fixed),
        ...weighing(network, weights, fixed),
        exportOnnx: (size: ExportOptions) => exportOnnx(network, weights, fixed, size),
        weights, parameters: parameterCount(weights), curve: state.curve, identity: problem.id, engine,
      });
    },
  });
}

function checkOptions({epochs, batch, horizon, repeats = 1, patience, rate}: LearningOptions): void {
  expectWhole('learned', {epochs}, 0);
  expectWhole('learned', {batch, horizon, repeats, ...(patience === undefined ? {} : {patience})});
  expect(rate.from > 0 && rate.to >= 0 && Number.isFinite(rate.from), {fn: 'learned', argument: 'rate', expected: 'of positive learning rates', received: rate});
}

/** Options with the engine that runs them. */
type Decided = LearningOptions & {readonly engine: Engine};

/** Everything a training needs that follows from its data and options. */
interface Problem<P> {
  readonly id: string;
  readonly programs: Programs;
  readonly template: P;
  readonly shape: SeriesShape;
  readonly scalers: {readonly outcomes: Scaler; readonly treatments: Scaler};
  readonly training: Trajectories;
  readonly validation: Trajectories;
  readonly decisions: readonly number[];
  readonly length: number;
}

function pose<P>(network: Network<P>, options: Decided, training: Trajectories, validation: Trajectories, context: FitContext): Problem<P> {
  const T = training.outcomes.shape[1], shape = seriesShape(training);
  expect(validation.outcomes.shape[1] === T, {fn: 'learned.fit', argument: 'validation', expected: `of ${T} times, like the training data`, received: validation.outcomes.shape[1]});
  const decisions = options.decisions ?? Array.from({length: T - 1}, (_, c) => c), units = windowUnits(training, decisions);
  expect(units >= options.batch, {fn: 'learned.fit', argument: 'training', expected: `of at least ${options.batch} units, one batch`, received: units, remedy: 'Give more data or a smaller batch.'});
  const scalers = {outcomes: fitScaler(training, {transform: options.transform}), treatments: fitScaler(training, {of: 'treatments'})};
  const template = network.init(fold(context.rng, 'weights'), shape), length = Math.max(...decisions) + 1;
  const programs = recorded(network, template, options, {shape, length});
  const id = identity({
    programs: digests(programs, options), weights: flatten(template), options: settings(options, decisions),
    engine: engineVersion(options.engine), key: context.rng.key,
    data: [fingerprint(training), fingerprint(validation), ...[scalers.outcomes, scalers.treatments].map(numbersOf)],
  });
  return {
    id, programs, template, shape, scalers, decisions, length,
    training: scaleTrajectories(training, scalers), validation: scaleTrajectories(validation, scalers),
  };
}

/** What a training runs, recorded. */
interface Programs {
  readonly step: Prepared;
  readonly loss: Prepared;
  /** One draw of a network that draws; the forecast of the others is part of `loss`. */
  readonly draw?: Prepared;
}

function recorded<P>(
  network: Network<P>, template: P, {batch, horizon, adam = {}, engine}: Decided, {shape, length}: Pick<Problem<P>, 'shape' | 'length'>,
): Programs {
  const {history, plan, target} = inputShapes({batch, length, horizon}, shape);
  const noise = network.noise ? [[batch, network.noise(horizon)]] : [];
  const vector = [flatten(template).length], inputs = [...history, ...plan, ...target];
  const draw = network.noise && prepare(forecastFunction(network, template), [vector, ...history, ...plan, ...noise], engine);
  return {
    step: prepare(trainingStep(network, template, adam), [vector, vector, vector, [4], ...inputs, ...noise], engine),
    loss: prepare(validationLoss(network, template), [vector, ...inputs], engine),
    ...(draw && {draw}),
  };
}

/** A program that cannot be recorded is like no other, so a training of it is never taken for another. */
function digests({step, loss, draw}: Programs, {checkpoints}: LearningOptions): string[] {
  return [step, loss, ...(draw ? [draw] : [])].map(({digest}) => {
    expect(digest !== undefined || !checkpoints, {
      fn: 'learned.fit', argument: 'options.checkpoints', expected: 'left out for a network that cannot be recorded', received: checkpoints,
      remedy: 'Its trainings cannot be told apart. Write it with recordable operations, which other engines ask for too.',
    });
    return digest ?? randomUUID();
  });
}

/** The options that numbers follow from; where checkpoints lie does not count, and a default counts like the same value written out. */
function settings({epochs, batch, horizon, repeats = 1, patience = Infinity, rate, adam = {}}: LearningOptions, decisions: readonly number[]): unknown {
  return {epochs, batch, horizon, repeats, patience, rate, adam, decisions};
}

const numbersOf = ({transform, floor, mean, sd}: Scaler): unknown => ({transform, floor, mean, sd});

async function solve<P>(network: Network<P>, options: Decided, problem: Problem<P>, context: FitContext): Promise<LoopState> {
  const {template, id, programs} = problem, {checkpoints} = options;
  const path = checkpoints && join(checkpoints, `${network.name.replace(/\W+/g, '-').toLowerCase()}-${id.slice(0, 16)}.safetensors`);
  const start = (path && loadCheckpoint(path, id)) || startState(flatten(template));
  if (finished(options, start)) return start;
  const step = await programs.step.compile({background: true}), loss = await programs.loss.compile({background: true});
  try {
    return await train({...loop(network, options, problem, context, step, loss), onEpoch: reached => {
      if (path) saveCheckpoint(path, id, reached);
      const {epoch, train: error, validation} = reached.curve[reached.curve.length - 1];
      context.onProgress?.((epoch + 1) / options.epochs, `epoch ${epoch + 1}: loss ${error.toPrecision(3)}, validation ${validation.toPrecision(3)}`);
    }}, start);
  } finally {
    await Promise.all([step.dispose(), loss.dispose()]);
  }
}

function loop<P>(network: Network<P>, options: LearningOptions, problem: Problem<P>, context: FitContext, step: Executable, loss: Executable): Omit<Loop, 'onEpoch'> {
  const {batch, horizon, repeats = 1, adam = {}} = options;
  const {training, validation, decisions, length, shape} = problem;
  const common = {decisions, horizon, batch, length, timeScale: 1};
  const units = windowUnits(training, decisions);
  return {
    schedule: options, adam, step, loss, rng: fold(context.rng, 'epochs'), signal: context.signal,
    stepsPerEpoch: repeats * Math.floor(units / batch),
    *batches(rng) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        let number = 0;
        for (const rows of windows(training, {...common, rng: fold(rng, repeat), incomplete: 'drop'})) yield [...toBatch(rows, shape), ...noiseInput(network, fold(rng, `noise ${repeat} ${number++}`), batch, horizon)];
      }
    },
    validation: {
      batches: Array.from(windows(validation, {...common, rng: fold(context.rng, 'validation')}), rows => toBatch(rows, shape)),
      batchSize: batch, rows: windowUnits(validation, decisions),
    },
  };
}
