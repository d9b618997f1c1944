import {expect} from '../errors';
import {
  causalTransformer, cfOde, crn, doseAi, gNet, igcNet, latentNode, obsNode, optAb, rmsn, scipNet, teCde,
  type Network, type Policy,
} from '../models';
import {learned, type LearningOptions} from '../training';
import {timed, type TimedLearner} from './cost';

/** What a method does about treatments inside the plan that answer to outcomes inside the plan. */
export type Adjustment =
  /**
   * goes straight from the decision to every horizon: a later dose brings news of an outcome in between, and the
   * forecast keeps that bias
   */
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

/** A network made of another one with the same weights. */
type Adapted = <P>(network: Network<P>) => Network<P>;

/** A method of the comparison before it has training settings. */
export interface ComparedMethod extends Pick<ComparedForecaster, 'name' | 'adjusts' | 'treatments'> {
  /**
   * Made for doses (`'gaussian'`) or for on-or-off treatments (`'bernoulli'`), trained as told.
   * @param adapted what is trained in place of the network, such as `anchored`; default the network itself
   */
  learn(policy: Policy, options: LearningOptions, adapted?: Adapted): TimedLearner<unknown>;
}

/** What makes a network a method of the comparison. */
export interface MethodFields<P> extends Pick<ComparedMethod, 'adjusts' | 'treatments'> {
  /** The network, for doses (`'gaussian'`) or for on-or-off treatments (`'bernoulli'`). */
  readonly network: (policy: Policy) => Network<P>;
}

/**
 * Makes a method of the comparison out of a network: all that a comparison needs to know of a new one.
 * @example
 * ```ts
 * import {comparedMethod, latentNode} from './lib';
 * const small = comparedMethod({network: () => latentNode({width: 8}), adjusts: 'none', treatments: 'doses'});
 * console.log(small.name);   // latent NODE
 * ```
 */
export function comparedMethod<P>({network, adjusts, treatments}: MethodFields<P>): ComparedMethod {
  const learn = (policy: Policy, options: LearningOptions, adapted: Adapted = same => same) =>
    timed(learned(adapted(network(policy)), options), options.checkpoints);
  return Object.freeze({name: network('bernoulli').name, adjusts, treatments, learn});
}

const [doses, onOff] = [{treatments: 'doses'}, {treatments: 'on or off'}] as const;

/** Every learned method of the comparison; a new one is a line here. Sizes are the networks' own unless given. */
const METHODS: readonly ComparedMethod[] = [
  comparedMethod({...doses, adjusts: 'none', network: () => obsNode({width: 32, hidden: 48})}),
  comparedMethod({...doses, adjusts: 'none', network: () => latentNode({width: 32, hidden: 48})}),
  comparedMethod({...doses, adjusts: 'balance at t_c', network: policy => doseAi({policy})}),
  comparedMethod({...onOff, adjusts: 'balance at t_c', network: policy => optAb({policy})}),
  comparedMethod({...doses, adjusts: 'balance at every step', network: policy => teCde({policy})}),
  comparedMethod({...doses, adjusts: 'none', network: () => cfOde()}),
  comparedMethod({...doses, adjusts: 'g-formula', network: () => gNet()}),
  comparedMethod({...onOff, adjusts: 'balance at every step', network: policy => crn({policy})}),
  comparedMethod({...onOff, adjusts: 'balance at every step', network: policy => causalTransformer({policy})}),
  comparedMethod({...onOff, adjusts: 'iterated g-computation', network: () => igcNet()}),
  comparedMethod({...onOff, adjusts: 'weights', network: policy => rmsn({policy, numerator: 'until t_c'})}),
  comparedMethod({...onOff, adjusts: 'steps, weights', network: policy => scipNet({policy})}),
];

/** Which methods are compared. */
export interface ComparedMethodsOptions {
  /** Which, by name. Default: all. */
  readonly models?: readonly string[];
  /** Methods beside those of the library, each with a name of its own. Default: none. */
  readonly more?: readonly ComparedMethod[];
}

/**
 * The learned methods of the comparison, in the order of the tables, those given as `more` last.
 * @throws ArgumentError naming `fn`, for a method that does not exist, or two of one name
 */
export function comparedMethods(
  fn: string, {models, more = []}: ComparedMethodsOptions = {},
): readonly ComparedMethod[] {
  const all = [...METHODS, ...more], known = all.map(({name}) => name);
  const unknown = models?.filter(name => !known.includes(name)) ?? [];
  const twice = known.filter((name, i) => known.indexOf(name) < i);
  expect(twice.length === 0, {fn, argument: 'more', expected: 'methods with names of their own', received: twice});
  const expected = `names out of ${known.join(', ')}`;
  expect(unknown.length === 0, {fn, argument: 'models', expected, received: unknown});
  return all.filter(({name}) => models?.includes(name) ?? true);
}
