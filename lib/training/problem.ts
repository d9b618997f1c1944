import {randomUUID} from 'node:crypto';
import {expect} from '../errors';
import {
  fitPreprocessing, preprocessingFields, scaleTrajectories, seriesShape, type Preprocessing, type SeriesShape,
  windowUnits, type Trajectories,
} from '../data';
import {fold} from '../math/rng';
import type {FitContext} from '../models/forecaster';
import type {Network} from '../models/network';
import {inputShapes} from './batches';
import {engineVersion, prepare, type Engine, type Prepared} from './engine';
import {flatten, forecastFunction, squaredError, trainingStep, validationLoss, type Selection} from './functions';
import {fingerprint, identity} from './identity';
import type {LearningOptions} from './learningOptions';

/** Options with the engine that runs them. */
export type Decided = LearningOptions & {readonly engine: Engine};

/** A network to be trained in a certain way. */
export interface Task<P> {
  readonly network: Network<P>;
  readonly options: Decided;
  readonly context: FitContext;
}

/** Everything a training needs that follows from its data and options. */
export interface Problem<P> {
  readonly id: string;
  readonly programs: TrainingPrograms;
  readonly template: P;
  readonly shape: SeriesShape;
  readonly preprocessing: Preprocessing;
  /** Scaled. */
  readonly training: Trajectories;
  /** Scaled. */
  readonly validation: Trajectories;
  readonly decisions: readonly number[];
  readonly length: number;
}

/** What a training runs, recorded. */
export interface TrainingPrograms {
  readonly step: Prepared;
  readonly loss: Prepared;
  /** One draw of a network that draws; the forecast of the others is part of `loss`. */
  readonly draw?: Prepared;
}

/**
 * Fits the preprocessing, draws initial weights, records the programs and names the training.
 * @throws ArgumentError for validation data with another number of times, or fewer units than a batch takes;
 * RecordingError for a network that cannot be recorded, unless the engine is `'eager'`
 */
export function pose<P>(
  {network, options, context}: Task<P>, training: Trajectories, validation: Trajectories,
): Problem<P> {
  const T = training.outcomes.shape[1], shape = seriesShape(training), fn = 'learned.fit';
  expect(validation.outcomes.shape[1] === T, {
    fn, argument: 'validation', expected: `of ${T} times, like the training data`,
    received: validation.outcomes.shape[1],
  });
  const decisions = options.decisions ?? Array.from({length: T - 1}, (_, c) => c);
  const units = windowUnits(training, decisions), length = Math.max(...decisions) + 1;
  expect(units >= options.batch, {
    fn, argument: 'training', expected: `of at least ${options.batch} units, one batch`, received: units,
    remedy: 'Give more data or a smaller batch.',
  });
  const outcomes = {transform: options.transform};
  const preprocessing = fitPreprocessing(training, {outcomes, ...options.preprocessing});
  const template = network.init(fold(context.rng, 'weights'), shape);
  const programs = recorded(network, template, options, {shape, length});
  const id = identity({
    programs: digests(programs, options), weights: flatten(template), options: settings(options, decisions),
    engine: engineVersion(options.engine), key: context.rng.key,
    data: [fingerprint(training), fingerprint(validation), ...scaling(preprocessing)],
  });
  return {
    id, programs, template, shape, preprocessing, decisions, length,
    training: scaleTrajectories(training, preprocessing), validation: scaleTrajectories(validation, preprocessing),
  };
}

function recorded<P>(
  network: Network<P>, template: P, options: Decided, {shape, length}: Pick<Problem<P>, 'shape' | 'length'>,
): TrainingPrograms {
  const {batch, horizon, adam = {}, engine} = options;
  const {history, plan, target} = inputShapes({batch, length, horizon}, shape);
  const noise = network.noise ? [[batch, network.noise(horizon)]] : [];
  const vector = [flatten(template).length], inputs = [...history, ...plan, ...target];
  const forecast = forecastFunction(network, template), drawn = [vector, ...history, ...plan, ...noise];
  return {
    step: prepare(trainingStep(network, template, adam), [vector, vector, vector, [4], ...inputs, ...noise], engine),
    loss: prepare(validationLoss(network, template, criterion(options)), [vector, ...inputs], engine),
    ...(network.noise && {draw: prepare(forecast, drawn, engine)}),
  };
}

const criterion = ({select}: LearningOptions): Selection => (typeof select === 'function' ? select : squaredError);

/** A program that cannot be recorded is like no other, so a training of it is never taken for another. */
function digests({step, loss, draw}: TrainingPrograms, {checkpoints}: LearningOptions): string[] {
  return [step, loss, ...(draw ? [draw] : [])].map(({digest}) => {
    expect(digest !== undefined || !checkpoints, {
      fn: 'learned.fit', argument: 'options.checkpoints', expected: 'left out for a network that cannot be recorded',
      received: checkpoints,
      remedy: 'Its trainings cannot be told apart. Write it with recordable operations, as other engines need it too.',
    });
    return digest ?? randomUUID();
  });
}

/**
 * The options that numbers follow from; where checkpoints lie does not count, and a default counts like the same value
 * written out. A function to select by counts as the program that it becomes.
 */
function settings(options: LearningOptions, decisions: readonly number[]): unknown {
  const {epochs, batch, horizon, repeats = 1, patience = Infinity, rate, warmUp = 0, adam = {}, select} = options;
  const changed = {...(warmUp > 0 && {warmUp}), ...(select === 'last' && {select})};
  return {epochs, batch, horizon, repeats, patience, rate, adam, decisions, ...changed};
}

/** Kinds without channels are not scaled. */
const scaling = (fitted: Preprocessing): unknown[] => {
  const {outcomes, treatments, statics} = preprocessingFields(fitted);
  return [outcomes, treatments, statics].filter(({mean}) => mean.length > 0);
};
