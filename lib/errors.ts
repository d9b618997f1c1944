/** What a check knows about a bad argument; every part ends up in the message. */
export interface ArgumentProblem {
  /** Function that was called, e.g. `'solve'`. */
  readonly fn: string;
  /** Name of the argument as the caller writes it, e.g. `'ts'`. */
  readonly argument: string;
  /** What would have been right, e.g. `'strictly increasing times'`. */
  readonly expected: string;
  /** What came instead; numbers, arrays and strings are shortened. */
  readonly received: unknown;
  /** What to do about it, one sentence. */
  readonly remedy?: string;
}

/** A bad argument: names function, argument, expected, received and remedy. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  constructor(readonly problem: ArgumentProblem) {
    const {fn, argument, expected, received, remedy} = problem;
    super(`${fn}: argument \`${argument}\` must be ${expected}; received `
      + `${describe(received)}.${remedy ? ` ${remedy}` : ''}`);
  }
}

/** Throws an {@link ArgumentError} unless `condition` holds. */
export function expect(condition: unknown, problem: ArgumentProblem): asserts condition {
  if (!condition) throw new ArgumentError(problem);
}

/**
 * Throws an {@link ArgumentError} unless every value is a whole number in `[low, high]`.
 * @param values by the name of their argument
 * @param low default 1
 * @param high default 2^53 - 1, the last number up to which all whole numbers are different
 */
export function expectWhole(
  fn: string, values: Readonly<Record<string, unknown>>, low = 1, high = Number.MAX_SAFE_INTEGER,
): void {
  const expected = high < Number.MAX_SAFE_INTEGER ? `a whole number in [${low}, ${high}]` : `a whole number >= ${low}`;
  for (const [argument, received] of Object.entries(values)) {
    expect(isWhole(received, low, high), {fn, argument, expected, received});
  }
}

/** Whether `value` is a whole number in `[low, high]`, limits as in {@link expectWhole}. */
export function isWhole(value: unknown, low = 1, high = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const items = Array.from(value as ArrayLike<unknown>);
    const shown = items.slice(0, 6).map(describe).join(', ');
    return `[${shown}${items.length > 6 ? `, ... ${items.length} in all` : ''}]`;
  }
  // A record may hold a key of its own called `constructor`.
  const made: unknown = Object.getPrototypeOf(value)?.constructor;
  const name = typeof made === 'function' ? made.name : 'Object';
  return name === 'Object' ? JSON.stringify(value).slice(0, 80) : `a ${name}`;
}
