import {mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {expect} from '../errors';
import {preprocessing, preprocessingFields, type PreprocessingFields, type SeriesShape} from '../data';
import {rng, type Rng} from '../math/rng';
import type {Network} from '../models/network';
import {leaves, readWeights, rebuild, writeWeights, type Weight} from '../nn';
import {forecastDigest} from './forecastDigest';
import {DRAWS, type PredictorContext} from './predictor';

/** Stands in every file, so that other safetensors files are not taken for one. */
const FORMAT = 'obsnode model 1';

/** What a file says beside the weights. */
interface About {
  /** Name of the network, for readers. */
  readonly network: string;
  /** Settings of the network. */
  readonly config: unknown;
  readonly shape: SeriesShape;
  readonly length: number;
  readonly preprocessing: PreprocessingFields;
  readonly draws: number;
  readonly key?: Rng['key'];
  /** Digest of the recorded forecast, where it can be recorded. */
  readonly program?: string;
}

/**
 * Writes weights, preprocessing and settings in one step, never half a file.
 * @throws the file system's own error, e.g. ENOSPC
 */
export function saveModel<P>(path: string, network: Network<P>, weights: P, context: PredictorContext): void {
  const {shape, length, draws = DRAWS, rng: source} = context;
  const about: About = {
    network: network.name, config: network.config, shape, length, draws, ...(source && {key: source.key}),
    preprocessing: preprocessingFields(context.preprocessing), program: forecastDigest(network, weights, context),
  };
  mkdirSync(dirname(path), {recursive: true});
  writeWeights(path, {
    weights: Object.fromEntries(leaves<Weight>(weights).map(leaf => [leaf.path, leaf.value])),
    metadata: {format: FORMAT, model: JSON.stringify(about)},
  });
}

/** What {@link saveModel} wrote. */
export interface SavedModel<P> {
  readonly weights: P;
  readonly context: Omit<PredictorContext, 'engine'>;
}

/**
 * Reads a model for the network that it was saved of, which is code and not in the file.
 * @throws ArgumentError for a missing, damaged or other file, and for a network with other settings, other weights or
 * another forecast
 */
export function readModel<P>(path: string, network: Network<P>): SavedModel<P> {
  const {weights: found, metadata} = readWeights(path), fn = 'loadModel';
  expect(metadata.format === FORMAT, {
    fn, argument: 'path', expected: 'a file written by `save` of a model', received: path,
  });
  const {config, shape, length, draws, key, program, ...about} = JSON.parse(metadata.model) as About;
  const fits = (condition: boolean, what: string, received: unknown): void => expect(condition, {
    fn, argument: 'network', expected: `the one that was saved, ${what}`, received,
    remedy: `${path} holds a ${about.network}. Make the network as it was made then.`,
  });
  fits(isDeepStrictEqual(plain(network.config), config), `of the settings ${JSON.stringify(config)}`, network.config);
  const template = network.init(rng(0), shape), expected = leaves<Weight>(template);
  const shapes = Object.fromEntries(Object.entries(found).map(([name, weight]) => [name, [...weight.shape]]));
  const wanted = Object.fromEntries(expected.map(leaf => [leaf.path, [...leaf.value.shape]]));
  fits(isDeepStrictEqual(wanted, shapes), `with weights ${JSON.stringify(shapes)}`, wanted);
  const weights = rebuild(template, expected.map(leaf => found[leaf.path])) as P;
  const source = key && {key: Object.freeze(key)};
  const scaling = preprocessing(about.preprocessing);
  const context = {shape, length, preprocessing: scaling, draws, ...(source && {rng: source})};
  const computes = forecastDigest(network, weights, context);
  fits(computes === program, `whose forecast has the digest ${program}`, computes);
  return {weights, context};
}

/** As it comes back from a file. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
