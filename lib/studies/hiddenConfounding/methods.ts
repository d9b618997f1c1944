import {expect} from '../../errors';
import {
  autoregression, gNet, generalObsNode, kklObserver, latentNode, lipCde, obsNode, scipNet, type Forecaster,
  type Network, type ObsNodeOptions,
} from '../../models';
import {learned, type LearningOptions} from '../../training';
import {timeSeriesDeconfounder} from './deconfounder';
import {negativeControl} from './negativeControl';
import type {HiddenWorld} from './world';

/** Options of {@link hiddenForecasters}. */
export interface HiddenForecastersOptions {
  /** Which methods, by name, out of {@link HIDDEN_METHODS}. Default: all. */
  readonly methods?: readonly string[];
  /** Passes over the units, the same for every network; default 60. */
  readonly epochs?: number;
  /** Changes to the training of every network. */
  readonly training?: Partial<LearningOptions>;
}

/** Sizes of all state-space networks. */
const SIZE = {blocks: 3, width: 24, hidden: 32} as const;

const sized = ({decision}: HiddenWorld): ObsNodeOptions => ({...SIZE, timeScale: decision});

type Make = (world: HiddenWorld, trained: <P>(network: Network<P>) => Forecaster) => Forecaster;

/** A new method is a line here. */
const METHODS: Readonly<Record<string, Make>> = {
  'ridge, no plan': () => autoregression({plan: 'none'}),
  'ridge': () => autoregression(),
  'negative control': ({decision}) => negativeControl(decision),
  'ObsNODE': (world, trained) => trained(obsNode(sized(world))),
  'general ObsNODE': (world, trained) => trained(generalObsNode(sized(world))),
  'general ObsNODE, observer': ({decision}, trained) =>
    trained(generalObsNode({...SIZE, timeScale: decision, recogniser: kklObserver()})),
  'latent NODE': (world, trained) => trained(latentNode(sized(world))),
  'G-Net': ({decision}, trained) => trained(gNet({timeScale: decision})),
  'SCIP-Net': (_, trained) => trained(scipNet({policy: 'gaussian'})),
  'Time Series Deconfounder': (world, trained) =>
    timeSeriesDeconfounder(world.decision, trained(latentNode(sized(world)))),
  // Told the stand-in, SCIP-Net as above: what is between the two is what the stand-in does.
  'LipCDE': ({decision}, trained) => trained(lipCde(scipNet({policy: 'gaussian'}), {timeScale: decision})),
};

/** Names of the methods: two regressions, methods made for hidden causes, networks that are not. */
export const HIDDEN_METHODS: readonly string[] = Object.freeze(Object.keys(METHODS));

/**
 * The methods of the comparison, ready to be fitted to records of a world: one budget of steps and one schedule for
 * every network. They are told nothing of the world but when the decision is.
 * @throws ArgumentError for a method that does not exist
 */
export function hiddenForecasters(
  world: HiddenWorld, {methods = HIDDEN_METHODS, epochs = 60, training = {}}: HiddenForecastersOptions = {},
): readonly {readonly name: string; readonly forecaster: Forecaster}[] {
  const unknown = methods.filter(name => !HIDDEN_METHODS.includes(name));
  expect(unknown.length === 0, {
    fn: 'hiddenForecasters', argument: 'methods', expected: `names out of ${HIDDEN_METHODS.join('; ')}`,
    received: unknown,
  });
  const options: LearningOptions = {
    epochs, batch: 100, horizon: world.horizon, decisions: [world.decision], rate: {from: 1e-2, to: 1e-4},
    adam: {clipNorm: 1}, ...training,
  };
  return methods.map(name => Object.freeze({
    name, forecaster: METHODS[name](world, network => learned(network, options)),
  }));
}
