import {expect, expectWhole} from '../../errors';
import type {Provider} from '../../graph';
import {digest} from '../../math/digest';
import {expectParams, type Params, type Space} from '../search/space';
import type {TrainableStudy, TrainSpec} from './trainableStudy';

/** What a file of a specification may leave out. */
export interface SpecDefaults {
  readonly engine: Provider;
}

/** Raised when results are written in another way. */
const FORMAT = 1;

const ENGINES: readonly Provider[] = ['native', 'cpu', 'webgpu', 'cuda'];
const KEYS = ['study', 'draw', 'model', 'settings', 'seed', 'budget', 'engine'];

/**
 * A specification with everything filled in that it leaves to defaults.
 * @throws ArgumentError for an unknown key, study, method or engine, or a value out of range, with what is allowed
 */
export function readSpec(
  given: unknown, studies: readonly TrainableStudy[], {engine: ours}: SpecDefaults,
): TrainSpec {
  const spec = record('spec', given, KEYS);
  const study = studies.find(({name}) => name === spec.study);
  expect(study, {fn: FN, argument: 'spec.study', expected: oneOf(studies.map(s => s.name)), received: spec.study});
  const models = Object.keys(study.models), model = models.find(name => name === spec.model);
  expect(model !== undefined, {fn: FN, argument: 'spec.model', expected: oneOf(models), received: spec.model});
  const engine = ENGINES.find(name => name === (spec.engine ?? ours));
  expect(engine, {fn: FN, argument: 'spec.engine', expected: oneOf(ENGINES), received: spec.engine});
  const {seed = 0} = spec, budget = record('spec.budget', spec.budget ?? {}, ['epochs', 'seconds']);
  expectWhole(FN, {'spec.seed': seed}, 0, 2 ** 31 - 1);
  const {epochs = study.epochs, seconds} = budget;
  expectWhole(FN, {'spec.budget.epochs': epochs}, 0, 10_000);
  const limited = seconds === undefined || (typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds));
  expect(limited, {fn: FN, argument: 'spec.budget.seconds', expected: 'a number > 0', received: seconds});
  return Object.freeze({
    study: study.name, draw: {...study.draw.defaults, ...params('draw', spec.draw, study.draw.space)}, model,
    settings: params('settings', spec.settings, study.models[model]), seed: seed as number,
    budget: {epochs: epochs as number, ...(seconds === undefined ? {} : {seconds: seconds as number})}, engine,
  });
}

/**
 * Name of a specification: a hash, in 24 hexadecimal digits, of all that its result follows from. The order of keys and
 * the limit of processor seconds do not count.
 */
export function specHash({budget: {epochs}, ...spec}: TrainSpec): string {
  return digest([FORMAT, {...spec, epochs}]).slice(0, 24);
}

const FN = 'readSpec';

const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}`;

function record(argument: string, given: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given);
  expect(isRecord, {fn: FN, argument, expected: `a record of ${keys.join(', ')}`, received: given});
  const unknown = Object.keys(given).filter(key => !keys.includes(key));
  expect(unknown.length === 0, {fn: FN, argument, expected: `of the keys ${keys.join(', ')}`, received: unknown});
  return given as Readonly<Record<string, unknown>>;
}

function params(key: string, given: unknown, space: Space): Params {
  const found = record(`spec.${key}`, given ?? {}, Object.keys(space));
  expectParams(FN, `spec.${key}`, found, space);
  return found as Params;
}
