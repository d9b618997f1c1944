import {expect} from '../errors';
import {causalTransformer, cfOde, crn, doseAi, gNet, igcNet, latentNode, obsNode, optAb, rmsn, scipNet, teCde, type Network, type Policy} from '../models';
import {learned, type LearningOptions} from '../training';
import {timed, type TimedLearner} from './cost';

/** What a method does about treatments inside the plan that answer to outcomes inside the plan. */
export type Adjustment =
  /** goes straight from the decision to every horizon: a later dose brings news of an outcome in between, and the forecast keeps that bias */
  | 'none'
  /** a representation from which the first planned treatment cannot be told, then straight to every horizon */
  | 'balance at t_c'
  /** one step at a time from outcomes seen in training, on representations from which the treatment cannot be told */
  | 'balance at every step'
  /** one step at a time from outcomes seen in training, averaged over draws */
  | 'g-formula'
  /** regressions of regressions, backwards in time */
  | 'iterated g-computation'
  /** rows weighted by the inverse probability of their treatments */
  | 'weights'
  /** one step at a time from outcomes seen in training, on rows so weighted */
  | 'steps, weights';

/** A learned method of the comparison. */
export interface ComparedForecaster {
  readonly name: string;
  readonly adjusts: Adjustment;
  /** What it is told of each treatment. */
  readonly treatments: 'doses' | 'on or off';
  /** Learning rate that it starts from. */
  readonly rate: number;
  readonly forecaster: TimedLearner<unknown>;
}

/** A method of the comparison before it has training settings. */
export interface ComparedMethod extends Pick<ComparedForecaster, 'name' | 'adjusts' | 'treatments'> {
  /** Made for doses (`'gaussian'`) or for on-or-off treatments (`'bernoulli'`), trained as told. */
  learn(policy: Policy, options: LearningOptions): TimedLearner<unknown>;
}

function method<P>(treatments: ComparedMethod['treatments'], adjusts: Adjustment, make: (policy: Policy) => Network<P>): ComparedMethod {
  const learn = (policy: Policy, options: LearningOptions) => timed(learned(make(policy), options), options.checkpoints);
  return Object.freeze({name: make('bernoulli').name, adjusts, treatments, learn});
}

/** Every learned method of the comparison; a new one is a line here. Sizes are the networks' own defaults unless given. */
const METHODS: readonly ComparedMethod[] = [
  method('doses', 'none', () => obsNode({width: 32, hidden: 48})),
  method('doses', 'none', () => latentNode({width: 32, hidden: 48})),
  method('doses', 'balance at t_c', policy => doseAi({policy})),
  method('on or off', 'balance at t_c', policy => optAb({policy})),
  method('doses', 'balance at every step', policy => teCde({policy})),
  method('doses', 'none', () => cfOde()),
  method('doses', 'g-formula', () => gNet()),
  method('on or off', 'balance at every step', policy => crn({policy})),
  method('on or off', 'balance at every step', policy => causalTransformer({policy})),
  method('on or off', 'iterated g-computation', () => igcNet()),
  method('on or off', 'weights', policy => rmsn({policy, numerator: 'until t_c'})),
  method('on or off', 'steps, weights', policy => scipNet({policy})),
];

/**
 * The learned methods of the comparison, in the order of the tables.
 * @param names which; default all
 * @throws ArgumentError naming `fn`, for a method that does not exist
 */
export function comparedMethods(fn: string, names?: readonly string[]): readonly ComparedMethod[] {
  const known = METHODS.map(({name}) => name), unknown = names?.filter(name => !known.includes(name)) ?? [];
  expect(unknown.length === 0, {fn, argument: 'models', expected: `names out of ${known.join(', ')}`, received: unknown});
  return METHODS.filter(({name}) => names?.includes(name) ?? true);
}
