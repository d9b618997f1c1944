import {expect} from '../errors';

/** Any keys of settings, at any depth; lists and functions are changed as a whole. */
export type Changes<S> = {
  readonly [K in keyof S]?: S[K] extends readonly unknown[] | ((...rest: never[]) => unknown) ? S[K]
    : S[K] extends object ? Changes<S[K]> : S[K];
};

/** One line of an ablation. */
export interface Variant<S> {
  readonly name: string;
  readonly settings: S;
}

/** Options of {@link ablate}. */
export interface AblateOptions {
  /** Name of the unchanged settings; default `'as it is'`. */
  readonly base?: string;
}

/**
 * Settings with one part changed at a time: the base, then a variant for each named change, in this order. What is not
 * named stays as it is. A key that the settings do not have does not compile.
 * @throws ArgumentError for a change that changes nothing, so that no line of a table repeats the base under another
 * name; a key that the base does not have; or a change named as the base is
 * @example
 * ```ts
 * import {ablate} from './lib';
 * const variants = ablate({blocks: 4, field: {width: 32}}, {'one block': {blocks: 1}, 'wide': {field: {width: 64}}});
 * console.log(variants.map(v => v.settings.blocks));   // [ 4, 1, 4 ]
 * ```
 */
export function ablate<S extends object>(
  base: S, changes: Readonly<Record<string, Changes<S>>>, {base: baseName = 'as it is'}: AblateOptions = {},
): Variant<S>[] {
  const fn = 'ablate', names = Object.keys(changes);
  expect(!names.includes(baseName), {
    fn, argument: 'changes', expected: `other names than "${baseName}", which is the base`, received: names,
    remedy: 'Name the base otherwise with `options.base`.',
  });
  return [{name: baseName, settings: base}, ...names.map(name => {
    const settings = merged(base, changes[name], name);
    expect(JSON.stringify(settings) !== JSON.stringify(base), {
      fn, argument: `changes["${name}"]`, expected: 'something other than the base', received: changes[name],
    });
    return Object.freeze({name, settings});
  })];
}

function merged<S extends object>(base: S, change: Changes<S>, name: string): S {
  const unknown = Object.keys(change).filter(key => !(key in base));
  expect(unknown.length === 0, {
    fn: 'ablate', argument: `changes["${name}"]`, expected: `keys out of ${Object.keys(base).join(', ')}`,
    received: unknown.join(', '),
  });
  const changed = Object.entries(change).map(([key, value]) => {
    const own = base[key as keyof S];
    return [key, isRecord(own) && isRecord(value) ? merged(own, value as Changes<typeof own>, name) : value];
  });
  return Object.freeze({...base, ...Object.fromEntries(changed)});
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
