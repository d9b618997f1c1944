import {expect} from '../../errors';
import {own} from '../graph/own';

/** A table of numbers over named discrete variables, last name fastest. `names` may be empty: one number. */
export interface Factor {
  readonly names: readonly string[];
  readonly sizes: readonly number[];
  readonly data: Float64Array;
}

/**
 * Cells of a table, at most 2^26 (half a gigabyte); zero.
 * @throws ArgumentError for a table of more than 2^26 numbers.
 */
export function emptyTable(sizes: readonly number[]): Float64Array {
  const cells = sizes.reduce((n, s) => n * s, 1);
  expect(cells <= 2 ** 26, {
    fn: 'factor', argument: 'sizes', expected: 'a table of at most 2^26 numbers',
    received: `${sizes.length} variables, ${cells.toPrecision(3)} numbers`,
    remedy: 'Fix some variables at a value, or use a smaller graph.',
  });
  return new Float64Array(cells);
}

/** Table with the given numbers. @throws ArgumentError when `data` does not fit `sizes`. */
export function factor(names: readonly string[], sizes: readonly number[], data: Float64Array): Factor {
  expect(data.length === sizes.reduce((a, b) => a * b, 1) && names.length === sizes.length, {
    fn: 'factor', argument: 'data', expected: `a table of shape [${sizes}]`, received: data.length,
  });
  return {names, sizes, data};
}

/** The table that holds one number. */
export function scalarFactor(value: number): Factor {
  return {names: [], sizes: [], data: Float64Array.of(value)};
}

/**
 * Elementwise `combine(a, b)` over the union of their names.
 * @throws ArgumentError for a table of more than 2^26 numbers.
 */
export function combineFactors(a: Factor, b: Factor, combine: (x: number, y: number) => number): Factor {
  const extra = b.names.map((_, i) => i).filter(i => !a.names.includes(b.names[i]));
  const names = [...a.names, ...extra.map(i => b.names[i])], sizes = [...a.sizes, ...extra.map(i => b.sizes[i])];
  const data = emptyTable(sizes);
  const stepA = strides(a, names), stepB = strides(b, names);
  walk(sizes, [stepA, stepB], (i, [at, bt]) => { data[i] = combine(a.data[at], b.data[bt]); });
  return {names, sizes, data};
}

/**
 * Product of tables. Zero times an undefined number is zero: what cannot happen needs no conditional law.
 * @throws ArgumentError for a table of more than 2^26 numbers.
 */
export function multiplyFactors(a: Factor, b: Factor): Factor {
  return combineFactors(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
}

/**
 * Quotient of tables; undefined (NaN) where the divisor is zero.
 * @throws ArgumentError for a table of more than 2^26 numbers.
 */
export function divideFactors(a: Factor, b: Factor): Factor {
  return combineFactors(a, b, (x, y) => (y === 0 ? NaN : x / y));
}

/** Sums the named variables out. */
export function sumOut(f: Factor, over: readonly string[]): Factor {
  const kept = f.names.map((_, i) => i).filter(i => !over.includes(f.names[i]));
  if (kept.length === f.names.length) return f;
  const out = {names: kept.map(i => f.names[i]), sizes: kept.map(i => f.sizes[i])};
  const data = new Float64Array(out.sizes.reduce((n, s) => n * s, 1));
  walk(f.sizes, [strides({...out, data}, f.names)], (i, [to]) => { data[to] += f.data[i]; });
  return {...out, data};
}

/**
 * Product of `tables` with `names` summed out one by one; next is always the variable whose tables have the fewest axes
 * in all. Returns the tables that are left. Nothing is ever multiplied out that need not be.
 */
export function eliminate(tables: readonly Factor[], names: readonly string[]): Factor[] {
  const pool = new Set(tables), touching = new Map(names.map(name => [name, new Set<Factor>()]));
  const link = (f: Factor, change: (at: Set<Factor>) => void) =>
    f.names.forEach(name => { const at = touching.get(name); if (at) change(at); });
  for (const f of tables) link(f, at => at.add(f));
  const costs = new Map(names.map(name => [name, cost(touching.get(name)!)]));
  while (costs.size > 0) {
    const name = cheapest(costs), touched = [...pool].filter(f => touching.get(name)!.has(f));
    costs.delete(name);
    if (touched.length === 0) continue;
    const merged = sumOut(touched.reduce(multiplyFactors), [name]);
    for (const f of touched) { pool.delete(f); link(f, at => at.delete(f)); }
    pool.add(merged);
    link(merged, at => at.add(merged));
    for (const other of merged.names) if (costs.has(other)) costs.set(other, cost(touching.get(other)!));
  }
  return [...pool];
}

function cost(tables: Iterable<Factor>): number {
  let axes = 0;
  for (const f of tables) axes += f.names.length;
  return axes;
}

function cheapest(costs: ReadonlyMap<string, number>): string {
  let best = '', least = Infinity;
  for (const [name, axes] of costs) if (axes < least) { least = axes; best = name; }
  return best;
}

/**
 * The slice where the named variables have the given values; names that do not occur are ignored.
 * @throws ArgumentError for a value that a variable does not take.
 */
export function sliceFactor(f: Factor, values: Readonly<Record<string, number>>): Factor {
  const kept = f.names.map((_, i) => i).filter(i => own(values, f.names[i]) === undefined);
  if (kept.length === f.names.length) return f;
  const all = strides(f, f.names);
  const start = f.names.reduce((at, name, i) => at + valueWithin(own(values, name) ?? 0, f.sizes[i], name) * all[i], 0);
  const names = kept.map(i => f.names[i]), sizes = kept.map(i => f.sizes[i]);
  const data = new Float64Array(sizes.reduce((n, s) => n * s, 1));
  walk(sizes, [strides(f, names)], (i, [at]) => { data[i] = f.data[start + at]; });
  return {names, sizes, data};
}

/** The same table under other names. */
export function renameFactor(f: Factor, rename: (name: string) => string): Factor {
  return {...f, names: f.names.map(rename)};
}

/** The number at an assignment of all names. @throws ArgumentError for a value that is missing or outside the table. */
export function factorAt(f: Factor, values: Readonly<Record<string, number>>): number {
  const step = strides(f, f.names);
  return f.data[f.names.reduce((at, name, i) => at + valueWithin(own(values, name), f.sizes[i], name) * step[i], 0)];
}

function valueWithin(value: number | undefined, size: number, name: string): number {
  expect(value !== undefined && Number.isInteger(value) && value >= 0 && value < size, {
    fn: 'factor', argument: 'values', expected: `a whole number from 0 to ${size - 1} for ${name}`, received: value,
  });
  return value;
}

/** Step in `f.data` for each of `names`; 0 where `f` does not depend on the name. */
function strides(f: Factor, names: readonly string[]): number[] {
  const own = new Map<string, number>();
  for (let i = f.names.length - 1, step = 1; i >= 0; step *= f.sizes[i], i--) own.set(f.names[i], step);
  return names.map(name => own.get(name) ?? 0);
}

/** Visits every cell of a table of shape `sizes`, keeping one running offset for each list of steps. */
function walk(
  sizes: readonly number[], steps: readonly (readonly number[])[],
  visit: (index: number, offsets: readonly number[]) => void,
): void {
  const total = sizes.reduce((n, s) => n * s, 1), digits = sizes.map(() => 0), offsets = steps.map(() => 0);
  for (let index = 0; index < total; index++) {
    visit(index, offsets);
    for (let d = sizes.length - 1; d >= 0; d--) {
      digits[d]++;
      for (let k = 0; k < steps.length; k++) offsets[k] += steps[k][d];
      if (digits[d] < sizes[d]) break;
      for (let k = 0; k < steps.length; k++) offsets[k] -= steps[k][d] * sizes[d];
      digits[d] = 0;
    }
  }
}
