import {expect} from '../../errors';

/** Values that a choice may have: those that a journal file can hold. */
export type Choice = string | number | boolean | null;

/** Numbers between two limits, both included. */
export interface NumberRange {
  readonly kind: 'float' | 'int';
  readonly low: number;
  readonly high: number;
  /** Drawn evenly in the logarithm; default false. */
  readonly log?: boolean;
}

/** One of a list of values. */
export interface Choices<V extends Choice = Choice> {
  readonly kind: 'choice';
  readonly choices: readonly V[];
}

/** What a parameter may be. */
export type Domain = (NumberRange | Choices) & {
  /** The parameter exists only where others, named before it, have these values. Default: always. */
  readonly when?: Readonly<Record<string, Choice>>;
};

/** Parameters by name, conditional ones after those that they depend on. */
export type Space = Readonly<Record<string, Domain>>;

/** Values of the parameters that exist. */
export type Params = Readonly<Record<string, Choice>>;

/** Real numbers in `[low, high]`. */
export const float = (low: number, high: number, {log = false} = {}): NumberRange => ({kind: 'float', low, high, log});

/** Whole numbers in `[low, high]`. */
export const int = (low: number, high: number, {log = false} = {}): NumberRange => ({kind: 'int', low, high, log});

/** One of `choices`. */
export const choice = <const V extends Choice>(...choices: readonly V[]): Choices<V> => ({kind: 'choice', choices});

/**
 * Checks a space.
 * @throws ArgumentError naming the parameter whose limits, choices or condition make no sense
 */
export function expectSpace(fn: string, space: Space): void {
  const before: string[] = [];
  expect(Object.keys(space).length > 0, {fn, argument: 'space', expected: 'at least one parameter', received: space});
  for (const [name, domain] of Object.entries(space)) {
    const argument = `space.${name}`, unknown = Object.keys(domain.when ?? {}).filter(key => !before.includes(key));
    expect(unknown.length === 0, {
      fn, argument, expected: 'a condition on parameters named before it', received: unknown,
    });
    if (domain.kind === 'choice') {
      expect(new Set(domain.choices).size === domain.choices.length && domain.choices.length > 0, {
        fn, argument, expected: 'one or more different choices', received: domain.choices,
      });
    } else expectRange(fn, argument, domain);
    before.push(name);
  }
}

function expectRange(fn: string, argument: string, {kind, low, high, log}: NumberRange): void {
  const whole = kind === 'float' || (Number.isSafeInteger(low) && Number.isSafeInteger(high));
  const numbers = `${kind === 'int' ? 'whole' : 'finite'} numbers low <= high`;
  expect(Number.isFinite(low) && Number.isFinite(high) && low <= high && whole && (!log || low > 0), {
    fn, argument, expected: log ? `${numbers}, above 0 for a logarithmic scale` : numbers, received: [low, high],
  });
}

/** A domain in words, e.g. `a whole number in [1, 8]`. */
export function domainText(domain: Domain): string {
  if (domain.kind === 'choice') return `one of ${domain.choices.join(', ')}`;
  return `a ${domain.kind === 'int' ? 'whole ' : ''}number in [${domain.low}, ${domain.high}]`;
}

/** Whether a domain holds a value. */
export function holds(domain: Domain, value: unknown): boolean {
  if (domain.kind === 'choice') return domain.choices.includes(value as Choice);
  const number = typeof value === 'number' && (domain.kind === 'float' || Number.isSafeInteger(value));
  return number && value >= domain.low && value <= domain.high;
}

/**
 * Checks given values, some or all of those that there are, against their domains.
 * @throws ArgumentError for a name that the space does not have, with those that it has, or a value outside its domain
 */
export function expectParams(fn: string, argument: string, given: object, space: Space): void {
  for (const [name, received] of Object.entries(given)) {
    const known = Object.hasOwn(space, name), names = Object.keys(space).join(', ') || 'none';
    expect(known, {fn, argument: `${argument}.${name}`, expected: `left out: the names are ${names}`, received});
    const expected = domainText(space[name]);
    expect(holds(space[name], received), {fn, argument: `${argument}.${name}`, expected, received});
  }
}

/** The value at `u` in [0, 1) of a domain: equal shares of the unit interval have equal probability. */
export function atUnit(domain: Domain, u: number): Choice {
  if (domain.kind === 'choice') {
    const {choices} = domain;
    return choices[Math.min(choices.length - 1, Math.floor(u * choices.length))];
  }
  const {kind, low, high, log} = domain, edge = kind === 'int' ? 0.5 : 0;
  const [from, to] = log ? [Math.log(low - edge), Math.log(high + edge)] : [low - edge, high + edge];
  const x = from + u * (to - from), value = log ? Math.exp(x) : x;
  return Math.min(high, Math.max(low, kind === 'int' ? Math.round(value) : value));
}

/** Where in [0, 1] of its domain a value lies: the inverse of {@link atUnit}, up to the width of a step. */
export function unitOf(domain: Domain, value: Choice): number {
  if (domain.kind === 'choice') return (domain.choices.indexOf(value) + 0.5) / domain.choices.length;
  const {low, high, log} = domain, at = log ? Math.log : (v: number) => v;
  return high === low ? 0.5 : (at(value as number) - at(low)) / (at(high) - at(low));
}

/** Whether a parameter exists, given those before it. */
export const exists = ({when = {}}: Domain, params: Params): boolean =>
  Object.entries(when).every(([name, value]) => params[name] === value);

/**
 * The parameters at a point of the unit cube, one coordinate a parameter of the space, those of conditional parameters
 * that do not exist unused.
 * @param wanted parameters that are what they are, wherever the point lies; default none
 */
export function paramsAt(space: Space, point: ArrayLike<number>, wanted: Params = {}): Params {
  const params: Record<string, Choice> = {};
  Object.entries(space).forEach(([name, domain], k) => {
    if (exists(domain, params)) params[name] = wanted[name] ?? atUnit(domain, point[k]);
  });
  return Object.freeze(params);
}
