import {expect} from '../errors';
import {
  causalTransformer, cfOde, crn, doseAi, gNet, generalObsNode, igcNet, latentNode, obsNode, optAb, rmsn, scipNet,
  teCde, type Network, type Policy,
} from '../models';
import {learned, type LearningOptions} from '../training';
import {timed, type TimedLearner} from './cost';
import {choice, expectParams, float, int, type Params, type Space} from './search/space';

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
  /** Highest learning rate. */
  readonly rate: number;
  readonly forecaster: TimedLearner<unknown>;
}

/** A network made of another one with the same weights. */
type Adapted = <P>(network: Network<P>) => Network<P>;

/** A method of the comparison before it has training settings. */
export interface ComparedMethod extends Pick<ComparedForecaster, 'name' | 'adjusts' | 'treatments'> {
  /** Which settings of its network may be given, and within what limits. */
  readonly sizes: Space;
  /**
   * Made for doses (`'gaussian'`) or for on-or-off treatments (`'bernoulli'`), trained as told.
   * @param adapted what is trained in place of the network, such as `anchored`; default the network itself
   */
  learn(policy: Policy, options: LearningOptions, adapted?: Adapted): TimedLearner<unknown>;
  /**
   * The same method with a network of other sizes.
   * @throws ArgumentError for a setting that it does not have, or a value outside its limits
   */
  sized(sizes: Params): ComparedMethod;
}

/** What makes a network a method of the comparison. */
export interface MethodFields<P> extends Pick<ComparedMethod, 'adjusts' | 'treatments'> {
  /** The network, for doses (`'gaussian'`) or for on-or-off treatments (`'bernoulli'`), of such sizes. */
  readonly network: (policy: Policy, sizes: Params) => Network<P>;
  /** Which of them may be given. Default: none. */
  readonly sizes?: Space;
}

/**
 * Makes a method of the comparison out of a network: all that a comparison needs to know of a new one.
 * @throws ArgumentError, from its `sized`, for a setting that the network does not have, or outside its limits
 * @example
 * ```ts
 * import {comparedMethod, latentNode} from './lib';
 * const small = comparedMethod({network: () => latentNode({width: 8}), adjusts: 'none', treatments: 'doses'});
 * console.log(small.name);   // latent NODE
 * ```
 */
export function comparedMethod<P>(fields: MethodFields<P>): ComparedMethod {
  return method(fields, {});
}

function method<P>(fields: MethodFields<P>, given: Params): ComparedMethod {
  const {network, adjusts, treatments, sizes = {}} = fields, {name} = network('bernoulli', {});
  const learn = (policy: Policy, options: LearningOptions, adapted: Adapted = same => same) =>
    timed(learned(adapted(network(policy, given)), options), options.checkpoints);
  const sized = (others: Params) => {
    expectParams('sized', 'sizes', others, sizes);
    return method(fields, {...given, ...others});
  };
  return Object.freeze({name, adjusts, treatments, sizes, learn, sized});
}

const [doses, onOff] = [{treatments: 'doses'}, {treatments: 'on or off'}] as const;

const [units, activation] = [int(2, 256, {log: true}), choice('tanh', 'leakyrelu', 'sigmoid')];
const balance = float(1e-5, 10, {log: true}), token = choice(8, 12, 16, 24, 32, 48, 64);
const STATE_SPACE: Space = {blocks: int(1, 8), hiddenLayers: int(0, 10), width: units, activation, hidden: units};
const CDE: Space = {state: int(2, 64, {log: true}), width: units, activation};

/** Every learned method of the comparison; a new one is a line here. Sizes are the networks' own unless given. */
const METHODS: readonly ComparedMethod[] = [
  comparedMethod({
    ...doses, adjusts: 'none', sizes: STATE_SPACE, network: (_, sizes) => obsNode({width: 32, hidden: 48, ...sizes}),
  }),
  comparedMethod({
    ...doses, adjusts: 'none', sizes: STATE_SPACE, network: (_, sizes) => latentNode({width: 32, hidden: 48, ...sizes}),
  }),
  comparedMethod({
    ...doses, adjusts: 'balance at t_c', sizes: {...CDE, balancing: balance},
    network: (policy, sizes) => doseAi({policy, ...sizes}),
  }),
  comparedMethod({
    ...onOff, adjusts: 'balance at t_c', sizes: {...CDE, balancing: balance},
    network: (policy, sizes) => optAb({policy, ...sizes}),
  }),
  comparedMethod({
    ...doses, adjusts: 'balance at every step', sizes: {...CDE, balancing: balance},
    network: (policy, sizes) => teCde({policy, ...sizes}),
  }),
  comparedMethod({
    ...doses, adjusts: 'none', network: (_, sizes) => cfOde(sizes),
    sizes: {state: int(2, 64, {log: true}), width: units, hiddenLayers: int(0, 6), hidden: units},
  }),
  comparedMethod({
    ...doses, adjusts: 'g-formula', sizes: {hidden: units, width: units}, network: (_, sizes) => gNet(sizes),
  }),
  comparedMethod({
    ...onOff, adjusts: 'balance at every step', sizes: {hidden: units, representation: units, width: units, balance},
    network: (policy, sizes) => crn({policy, ...sizes}),
  }),
  comparedMethod({
    ...onOff, adjusts: 'balance at every step', network: (policy, sizes) => causalTransformer({policy, ...sizes}),
    sizes: {dim: token, blocks: int(1, 4), representation: units, width: units, balance},
  }),
  comparedMethod({
    ...onOff, adjusts: 'iterated g-computation', sizes: {dim: token, blocks: int(1, 4), width: units},
    network: (_, sizes) => igcNet(sizes),
  }),
  comparedMethod({
    ...onOff, adjusts: 'weights', sizes: {hidden: units, decoderHidden: units, width: units, treatmentHidden: units},
    network: (policy, sizes) => rmsn({policy, numerator: 'until t_c', ...sizes}),
  }),
  comparedMethod({
    ...onOff, adjusts: 'steps, weights', sizes: CDE, network: (policy, sizes) => scipNet({policy, ...sizes}),
  }),
];

/** ObsNODE in the general observable form: not the paper's, so a comparison that wants it gives it as one of `more`. */
export const generalForm: ComparedMethod = comparedMethod({
  ...doses, adjusts: 'none', sizes: STATE_SPACE,
  network: (_, sizes) => generalObsNode({width: 32, hidden: 48, ...sizes}),
});

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
