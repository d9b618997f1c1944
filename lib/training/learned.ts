import {join} from 'node:path';
import {expect, expectWhole} from '../errors';
import {defaultProvider, loadedByPath} from '../graph';
import {fold} from '../math/rng';
import {fitScaler, scaleTrajectories, seriesShape, windows, type Scaler, type SeriesShape, type Trajectories, type Transform} from '../data';
import type {FitContext, FittedForecaster, Forecaster} from '../models/forecaster';
import type {Network} from '../models/network';
import {parameterCount} from '../nn';
import type {AdamOptions} from './adam';
import {inputShapes, noiseInput, toBatch} from './batches';
import {loadCheckpoint, saveCheckpoint} from './checkpoint';
import {compile, type Engine, type Executable} from './engine';
import {flatten, trainingStep, unflatten, validationLoss} from './functions';
import {fingerprint, identity} from './identity';
import {startState, train, type Epoch, type Loop, type LoopState, type Schedule} from './loop';
import {exportOnnx, type ExportOptions} from './exportOnnx';
import {predictor} from './predictor';
import {sourceHash} from './sourceHash';
import {weighing} from './weighing';

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
  /** Hash of data, options, code and seed. */
  readonly identity: string;
  readonly engine: Engine;
  /** The forecaster as an ONNX file in the data's units, for use elsewhere; see `exportOnnx`. */
  exportOnnx(options: ExportOptions): Uint8Array;
}

/** A forecaster whose `fit` trains it. */
export interface LearnedForecaster<P> extends Forecaster {
  fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TrainedForecaster<P>>;
}

/**
 * Makes a forecaster of a network: scalers from the training data, windows over random decision times, Adam, early stopping
 * with the best weights kept, and checkpoints from which a stopped training goes on bit for bit.
 * @paper section 4.3, A.2
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
  readonly template: P;
  readonly shape: SeriesShape;
  readonly scalers: {readonly outcomes: Scaler; readonly treatments: Scaler};
  readonly training: Trajectories;
  readonly validation: Trajectories;
  readonly decisions: readonly number[];
  readonly length: number;
}

function pose<P>(network: Network<P>, options: Decided, training: Trajectories, validation: Trajectories, context: FitContext): Problem<P> {
  const T = training.time.length, shape = seriesShape(training);
  expect(validation.time.length === T, {fn: 'learned.fit', argument: 'validation', expected: `of ${T} times, like the training data`, received: validation.time.length});
  const units = training.outcomes.shape[0];
  expect(units >= options.batch, {fn: 'learned.fit', argument: 'training', expected: `of at least ${options.batch} units, one batch`, received: units, remedy: 'Give more data or a smaller batch.'});
  const scalers = {outcomes: fitScaler(training, {transform: options.transform}), treatments: fitScaler(training, {of: 'treatments'})};
  const decisions = options.decisions ?? Array.from({length: T - 1}, (_, c) => c);
  const {checkpoints: _folder, engine, ...numbers} = options;
  return {
    id: identity([sourceHash([__filename, ...loadedByPath, network.source]), network.name, network.config, numbers, engine, context.rng.key, fingerprint(training), fingerprint(validation)]),
    template: network.init(fold(context.rng, 'weights'), shape), shape, scalers, decisions,
    training: scaleTrajectories(training, scalers), validation: scaleTrajectories(validation, scalers),
    length: Math.max(...decisions) + 1,
  };
}

async function solve<P>(network: Network<P>, options: Decided, problem: Problem<P>, context: FitContext): Promise<LoopState> {
  const {engine, adam = {}, batch, horizon, checkpoints} = options;
  const {template, shape, length, id} = problem;
  const path = checkpoints && join(checkpoints, `${network.name.replace(/\W+/g, '-').toLowerCase()}-${id.slice(0, 16)}.safetensors`);
  const start = (path && loadCheckpoint(path, id)) || startState(flatten(template));
  if (start.curve.length >= options.epochs) return start;
  const {history, plan, target} = inputShapes({batch, length, horizon}, shape);
  const noise = network.noise ? [[batch, network.noise(horizon)]] : [];
  const vector = [start.adam.params.length], inputs = [...history, ...plan, ...target];
  const step = await compile(trainingStep(network, template, adam), [vector, vector, vector, [4], ...inputs, ...noise], engine, {background: true});
  const loss = await compile(validationLoss(network, template), [vector, ...inputs], engine, {background: true});
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
  const units = training.outcomes.shape[0];
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
      batchSize: batch, rows: validation.outcomes.shape[0],
    },
  };
}
