import {expect} from '../errors';

/** What a parameter can be; nested settings belong in the library, not on the command line. */
export type ParameterValue = number | string | boolean | null | readonly number[] | readonly string[];

/** A parameter set of one profile. */
export type ParameterSet = Readonly<Record<string, ParameterValue>>;

/**
 * What a parameter may be, as a notebook states it; what is left out follows from the values of its profiles. A list is
 * judged item by item.
 */
export interface Range {
  /** Least number. Default: 0 where no profile has a negative number, else none. */
  readonly min?: number;
  /** Greatest number. Default: none, but never infinite. */
  readonly max?: number;
  /** Whether only whole numbers will do. Default: true where the numbers of all profiles are whole. */
  readonly whole?: boolean;
  /** The texts there are. Default: any. */
  readonly oneOf?: readonly string[];
  /** Least number of items of a list, e.g. of seeds from which a standard error is computed. Default: any. */
  readonly items?: number;
}

/** Ranges by parameter. */
export type Ranges = Readonly<Record<string, Range>>;

/**
 * The range of one parameter. Most numbers of a notebook are counts, seeds and sizes, for which a fraction, a negative
 * number or infinity is a slip of the hand that costs a long run: hence the defaults. A parameter that is a quantity
 * says so, e.g. `{gamma: {whole: false}}`.
 */
export function rangeOf(name: string, profiles: readonly ParameterSet[], stated: Ranges = {}): Range {
  const numbers = profiles.flatMap((set) => set[name]).filter((value) => typeof value === 'number');
  if (numbers.length === 0) return stated[name] ?? {};
  const isCount = numbers.every(Number.isInteger);
  return {whole: isCount, ...(numbers.every((value) => value >= 0) ? {min: 0} : {}), ...stated[name]};
}

/** In words, e.g. `a whole number of at least 1`. */
export function rangeText(like: ParameterValue, range: Range): string {
  const {items = 1} = range, [first] = [like].flat() as ParameterValue[];
  const item = itemText(first, range);
  return Array.isArray(like) && items > 1 ? `at least ${items} values, each ${item}` : item;
}

function itemText(first: ParameterValue, {min, max, whole, oneOf}: Range): string {
  if (typeof first === 'boolean') return 'true or false';
  if (typeof first === 'string') return oneOf ? `one of ${oneOf.join(', ')}` : 'a text';
  if (typeof first !== 'number') return 'anything';
  const kind = whole ? 'a whole number' : 'a finite number';
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return max === undefined ? kind : `${kind} of at most ${max}`;
}

/** @throws ArgumentError when a value, or an item of a list, lies outside its range, or a list is too short */
export function checkRange(fn: string, argument: string, value: ParameterValue, range: Range): void {
  const items = (Array.isArray(value) ? value : [value]) as readonly ParameterValue[];
  expect(!Array.isArray(value) || items.length >= (range.items ?? 0), {
    fn, argument, expected: rangeText(value, range), received: value,
  });
  for (const item of items) {
    expect(isWithin(item, range), {fn, argument, expected: rangeText(item, range), received: item});
  }
}

function isWithin(value: ParameterValue, {min = -Infinity, max = Infinity, whole = false, oneOf}: Range): boolean {
  if (typeof value === 'string') return !oneOf || oneOf.includes(value);
  if (typeof value !== 'number') return true;
  return Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isSafeInteger(value));
}
