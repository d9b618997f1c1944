import {expect} from '../errors';
import {checkRange, type ParameterSet, type ParameterValue, type Range, rangeOf, type Ranges} from './ranges';

/** The profile in force and the values that were overridden. */
export interface ActiveParameters {
  readonly profile: string;
  readonly overrides: Readonly<Record<string, ParameterValue>>;
  readonly values: ParameterSet;
  /** Whether an override differs from the value of the profile. */
  readonly changed: boolean;
}

const FN = 'parameters';
let active: ActiveParameters | undefined;

/** The latest result of {@link parameters}, for the provenance stamp. */
export function activeParameters(): ActiveParameters | undefined {
  return active;
}

/** The profile named by `OBSNODE_PROFILE`; default `quick`. */
export function activeProfile(): string {
  return process.env.OBSNODE_PROFILE || 'quick';
}

type Widened<T> = {
  readonly [K in keyof T]: T[K] extends number ? number
    : T[K] extends boolean ? boolean
    : T[K] extends string ? string
    : T[K];
};

/** A set of parameters for each profile. */
interface Profiles<T> {
  readonly quick: T;
  readonly full: Widened<T>;
}

/**
 * The constants of a notebook, in one cell: a set for a quick look and one for the full result. The environment chooses
 * the profile (`OBSNODE_PROFILE`) and overrides single values (`OBSNODE_SET`, a JSON object of strings, which
 * `npm run notebook -- 05 --set epochs=200` fills).
 *
 * @param profiles sets with the same keys and types; `quick` is the default
 * @param ranges what an override may be, where it is not what `rangeOf` takes from the values: numbers are finite, not
 * negative where no
 *   profile's are, and whole where all profiles' are
 * @returns the frozen values of the active profile
 * @throws ArgumentError for an unknown profile, an unknown key (with the known ones), a value of the wrong type or
 * outside its range
 * @example
 * ```ts
 * import {parameters} from './lib';
 * const P = parameters({quick: {patients: 100}, full: {patients: 3000}}, {patients: {min: 10}});
 * console.log(P.patients);   // 100
 * ```
 */
export function parameters<T extends ParameterSet>(
  profiles: Profiles<T>, ranges: {readonly [K in keyof T]?: Range} = {},
): Widened<T> {
  const profile = activeProfile();
  const names = Object.keys(profiles);
  const remedy = 'Set OBSNODE_PROFILE or --profile to one of these.';
  expect(names.includes(profile), {
    fn: FN, argument: 'profile', expected: `one of ${names.join(', ')}`, received: profile, remedy,
  });
  const sets: readonly ParameterSet[] = [profiles.quick, profiles.full];
  const base = profiles[profile as 'quick' | 'full'] as ParameterSet;
  const overrides = readOverrides(base, (key) => rangeOf(key, sets, ranges as Ranges));
  const values = Object.freeze({...base, ...overrides});
  const changed = Object.entries(overrides).some(([key, value]) => JSON.stringify(value) !== JSON.stringify(base[key]));
  active = Object.freeze({profile, overrides, values, changed});
  return values as unknown as Widened<T>;
}

function readOverrides(base: ParameterSet, rangeFor: (key: string) => Range): Record<string, ParameterValue> {
  const given = parseEnvironment(process.env.OBSNODE_SET);
  const keys = Object.keys(base);
  return Object.fromEntries(
    Object.entries(given).map(([key, text]) => {
      const remedy = 'Check the spelling of --set.';
      expect(keys.includes(key), {
        fn: FN, argument: key, expected: `one of the known parameters (${keys.join(', ')})`, received: key, remedy,
      });
      const value = parseLike(key, base[key], String(text));
      checkRange(FN, key, value, rangeFor(key));
      return [key, value];
    }),
  );
}

function parseEnvironment(text: string | undefined): Record<string, unknown> {
  if (!text) return {};
  const value = tryJson(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  expect(isObject, {
    fn: FN, argument: 'OBSNODE_SET', expected: 'a JSON object such as {"epochs": "200"}', received: text,
  });
  return value as Record<string, unknown>;
}

/** Reads `text` as a value of the same type as `like`. */
function parseLike(key: string, like: ParameterValue, text: string): ParameterValue {
  if (typeof like === 'string') return text;
  if (typeof like === 'number') return parseNumber(key, text);
  if (typeof like === 'boolean') return parseBoolean(key, text);
  if (Array.isArray(like)) return parseList(key, like as readonly (number | string)[], text);
  return parseFree(text);
}

function parseNumber(key: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  expect(!Number.isNaN(value), {fn: FN, argument: key, expected: 'a number', received: text});
  return value;
}

function parseBoolean(key: string, text: string): boolean {
  expect(text === 'true' || text === 'false', {fn: FN, argument: key, expected: 'true or false', received: text});
  return text === 'true';
}

function parseList(
  key: string, like: readonly (number | string)[], text: string,
): readonly number[] | readonly string[] {
  const items = text.trim().replace(/^\[|\]$/g, '')
    .split(',').map((item) => item.trim().replace(/^"|"$/g, '')).filter((item) => item !== '');
  expect(items.length > 0 || like.length === 0, {
    fn: FN, argument: key, expected: 'a list such as 1,2', received: text,
  });
  return typeof like[0] === 'string' ? items : items.map((item) => parseNumber(key, item));
}

function parseFree(text: string): ParameterValue {
  const value = tryJson(text);
  return value === undefined || (typeof value === 'object' && !Array.isArray(value) && value !== null)
    ? text
    : (value as ParameterValue);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
