import type {Forecast, GridHistory, GridPlan, History, Plan} from '../../data/history';
import {expectPlan} from '../../data/question';
import {fitScaler} from '../../data/scaler';
import type {Transform} from '../../data/transform';
import {gridOf, targetTimes} from '../../data/times';
import type {GridTrajectories, Trajectories} from '../../data/trajectories';
import {expect, expectWhole} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold} from '../../math/rng';
import {gradientBoosting} from '../../math/trees/gradientBoosting';
import {predictTrees, type RegressionTrees} from '../../math/trees/tree';
import type {FitContext, Forecaster} from '../forecaster';
import {lastStandardised} from '../parts/tabular';
import {examples, type Question} from '../parts/windowedExamples';
import {features, type Reading} from '../parts/windowedFeatures';
import {continued, firstSteps, stepOf} from '../parts/steps';

/** How trees read histories and how they grow. */
export interface BoostingOptions {
  /** So many of the last times are read, >= 1. Default 16. */
  readonly window?: number;
  /** Trees of each ensemble at most, >= 1; as many are kept as do best on the validation data. Default 200. */
  readonly trees?: number;
  /** Learning rate, in (0, 1]. Default 0.1. */
  readonly rate?: number;
  /** Depth of the trees, >= 1. Default 4. */
  readonly maxDepth?: number;
  /** Fewest examples in a leaf, >= 1. Default 20. */
  readonly minLeaf?: number;
  /**
   * Examples (a unit at a decision time) for each ensemble at most, >= 1, drawn at random; as many for validation.
   * Default 20 000.
   */
  readonly rows?: number;
  /** Applied to the outcomes before anything else, one or one each. Default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
}

/**
 * Gradient-boosted trees that go straight from the decision to every horizon: for each outcome and number of steps
 * one ensemble, of all decision times together, made when first asked for; covariates stay at their last value. It
 * answers the mean of what was recorded under such treatments: where treatment answers outcomes inside the plan, that
 * is not what would happen under a plan set in advance.
 * Units must share one grid of times.
 * @throws ArgumentError for options out of range; when fitted or asked, for units with times of their own
 * @reference Friedman 2001, Greedy function approximation: a gradient boosting machine. doi:10.1214/aos/1013203451
 */
export function directBoosting(options: BoostingOptions = {}): Forecaster {
  return boosting('direct', options, learner => async (history, plan) => {
    const {scale} = learner.reading, [N, s] = plan.treatments.shape, dy = scale.mean.length;
    const last = lastStandardised(history, scale), out = new Float64Array(N * s * dy);
    for (let k = 1; k <= s; k++) {
      const change = learner.changes(history, firstSteps(plan, k), k);
      for (let i = 0; i < N; i++)
        for (let j = 0; j < dy; j++) out[(i * s + k - 1) * dy + j] = last.data[i * dy + j] + change.data[i * dy + j];
    }
    return scale.inverse(ndarray([N, s, dy], out));
  });
}

/**
 * Gradient-boosted trees that go one step at a time: one ensemble an outcome, of all times together, rolled forward
 * under the plan, each step reading the forecasts before it as if they had been measured. Every step conditions on
 * outcomes that a treatment may have answered, as the g-formula does, but carries their mean instead of their
 * distribution.
 * Units must share one grid of times.
 * @throws ArgumentError for options out of range; when fitted or asked, for units with times of their own
 * @reference Friedman 2001, Greedy function approximation: a gradient boosting machine. doi:10.1214/aos/1013203451
 */
export function iteratedBoosting(options: BoostingOptions = {}): Forecaster {
  return boosting('iterated', options, learner => async (history, plan) => {
    const {scale} = learner.reading, [N, s] = plan.treatments.shape, dy = scale.mean.length;
    const out = new Float64Array(N * s * dy);
    let known = history;
    for (let k = 0; k < s; k++) {
      const step = stepOf(plan, k), last = lastStandardised(known, scale), change = learner.changes(known, step, 1);
      const next = scale.inverse(ndarray([N, dy], last.data.map((v, at) => v + change.data[at])));
      for (let i = 0; i < N; i++) out.set(next.data.subarray(i * dy, (i + 1) * dy), (i * s + k) * dy);
      known = continued(known, step, next);
    }
    return ndarray([N, s, dy], out);
  });
}

/** Ensembles made when first asked for. */
interface Learner {
  readonly reading: Reading;
  /**
   * `[N, dy]`: standardised changes of the outcomes from their last measured value to the end of a plan of `steps`
   * steps.
   */
  changes(history: GridHistory, plan: GridPlan, steps: number): NdArray;
}

type Answer = (learner: Learner) => (history: GridHistory, plan: GridPlan) => Promise<NdArray>;

function boosting(kind: 'direct' | 'iterated', options: BoostingOptions, answer: Answer): Forecaster {
  const settings = checked(`${kind}Boosting`, options, kind === 'iterated'), name = `boosting, ${kind}`;
  const information = 'history + plan' as const;
  return Object.freeze({
    name, information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const data = {train: onGrid(settings.fn, train), validation: onGrid(settings.fn, validation)};
      const answerWith = answer(learner(settings, {...data, context})), steps = stepLengths(data.train);
      return Object.freeze({
        name, information,
        async forecast(history: History, plan: Plan): Promise<Forecast> {
          expectPlan(settings.fn, history, plan);
          const fn = `${settings.fn}.forecast`, known = {...history, time: gridOf(history, fn)};
          const asked = {...plan, time: gridOf(plan, fn)};
          expectSteps(fn, {'history.time': known, 'plan.time': asked}, steps);
          return {time: targetTimes(plan), mean: await answerWith(known, asked)};
        },
      });
    },
  });
}

/** The data with the grid that all units share. */
const onGrid = (fn: string, data: Trajectories): GridTrajectories => ({...data, time: gridOf(data, `${fn}.fit`)});

type Settings = ReturnType<typeof checked>;

function checked(fn: string, options: BoostingOptions, covariates: boolean) {
  const {window = 16, rows = 20_000, transform = 'identity'} = options;
  const {trees = 200, rate = 0.1, maxDepth = 4, minLeaf = 20} = options;
  expectWhole(fn, {window, trees, maxDepth, minLeaf, rows});
  expect(rate > 0 && rate <= 1, {fn, argument: 'rate', expected: 'in (0, 1]', received: rate});
  return {fn, window, rows, transform, covariates, growth: {trees, rate, maxDepth, minLeaf}};
}

interface Sources {
  readonly train: GridTrajectories;
  readonly validation: GridTrajectories;
  readonly context: FitContext;
}

function learner(
  {fn, window, rows, transform, covariates, growth}: Settings, {train, validation, context}: Sources,
): Learner {
  const reading = {scale: fitScaler(train, {transform}), window}, made = new Map<string, RegressionTrees>();
  const make = (question: Question, label: string): RegressionTrees => {
    context.signal?.throwIfAborted();
    const from = (data: GridTrajectories, use: string) =>
      examples(data, question, reading, {rows, rng: fold(fold(context.rng, use), label)});
    const learned = from(train, 'train'), {steps, outcome} = question;
    expect(learned, {
      fn: `${fn}.fit`, argument: 'train', expected: `measured in outcome ${outcome}, ${steps} steps after some time`,
      received: 'no such value', remedy: 'Give longer series, or ask for fewer steps.',
    });
    return gradientBoosting(learned.features, learned.targets, {...growth, validation: from(validation, 'validation')});
  };
  const found = (question: Question): RegressionTrees => {
    const label = `${question.steps} ${question.outcome}`, trees = made.get(label) ?? make(question, label);
    made.set(label, trees);
    return trees;
  };
  return {
    reading,
    changes(history, plan, steps) {
      const x = features(history, plan, steps, reading), [N] = x.shape, dy = reading.scale.mean.length;
      const each = train.channels.outcomes.map(({role}, outcome) =>
        (role !== 'covariate' || covariates ? predictTrees(found({steps, outcome}), x) : new Float64Array(N)));
      return ndarray([N, dy], Float64Array.from({length: N * dy}, (_, at) => each[at % dy][Math.floor(at / dy)]));
    },
  };
}

/** The shortest and the longest step between two times. */
function stepLengths({time}: GridTrajectories): {readonly shortest: number; readonly longest: number} {
  const lengths = Array.from(time.subarray(1), (t, k) => t - time[k]);
  return {shortest: Math.min(...lengths), longest: Math.max(...lengths)};
}

function expectSteps(
  fn: string, asked: Readonly<Record<string, GridHistory | GridPlan>>,
  {shortest, longest}: ReturnType<typeof stepLengths>,
): void {
  // Differences of times that mean the same step differ by a rounding error.
  const slack = 1e-9 * longest, inside = (length: number) => length >= shortest - slack && length <= longest + slack;
  for (const [argument, {time}] of Object.entries(asked)) {
    expect(time.every((t, k) => k === 0 || inside(t - time[k - 1])), {
      fn, argument, expected: `in steps of [${shortest}, ${longest}], as in training`,
      received: time, remedy: 'Trees cannot tell what happens in steps that they never saw.',
    });
  }
}
