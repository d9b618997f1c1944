import {expect} from '../errors';

/** A table of numbers over named discrete variables, last name fastest. `names` may be empty: one number. */
export interface Factor {
  readonly names: readonly string[];
  readonly sizes: readonly number[];
  readonly data: Float64Array;
}

/** Table with the given numbers. */
export function factor(names: readonly string[], sizes: readonly number[], data: Float64Array): Factor {
  expect(data.length === sizes.reduce((a, b) => a * b, 1) && names.length === sizes.length, {fn: 'factor', argument: 'data', expected: `a table of shape [${sizes}]`, received: data.length});
  return {names, sizes, data};
}

/** The table that holds one number. */
export function scalarFactor(value: number): Factor {
  return {names: [], sizes: [], data: Float64Array.of(value)};
}

/** Elementwise `combine(a, b)` over the union of their names. */
export function combineFactors(a: Factor, b: Factor, combine: (x: number, y: number) => number): Factor {
  const extra = b.names.map((_, i) => i).filter(i => !a.names.includes(b.names[i]));
  const names = [...a.names, ...extra.map(i => b.names[i])], sizes = [...a.sizes, ...extra.map(i => b.sizes[i])];
  const data = new Float64Array(sizes.reduce((n, s) => n * s, 1));
  const stepA = strides(a, names), stepB = strides(b, names);
  walk(sizes, [stepA, stepB], (i, [at, bt]) => { data[i] = combine(a.data[at], b.data[bt]); });
  return {names, sizes, data};
}

/** Product of tables. Zero times an undefined number is zero: what cannot happen needs no conditional law. */
export function multiplyFactors(a: Factor, b: Factor): Factor {
  return combineFactors(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
}

/** Quotient of tables; undefined (NaN) where the divisor is zero. */
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

/** The slice where the named variables have the given values; names that do not occur are ignored. */
export function sliceFactor(f: Factor, values: Readonly<Record<string, number>>): Factor {
  const kept = f.names.map((_, i) => i).filter(i => values[f.names[i]] === undefined);
  if (kept.length === f.names.length) return f;
  const all = strides(f, f.names);
  const start = f.names.reduce((at, name, i) => at + (values[name] ?? 0) * all[i], 0);
  const names = kept.map(i => f.names[i]), sizes = kept.map(i => f.sizes[i]);
  const data = new Float64Array(sizes.reduce((n, s) => n * s, 1));
  walk(sizes, [strides(f, names)], (i, [at]) => { data[i] = f.data[start + at]; });
  return {names, sizes, data};
}

/** The same table under other names. */
export function renameFactor(f: Factor, rename: (name: string) => string): Factor {
  return {...f, names: f.names.map(rename)};
}

/** The number at an assignment of all names. */
export function factorAt(f: Factor, values: Readonly<Record<string, number>>): number {
  const step = strides(f, f.names);
  return f.data[f.names.reduce((at, name, i) => at + values[name] * step[i], 0)];
}

/** Step in `f.data` for each of `names`; 0 where `f` does not depend on the name. */
function strides(f: Factor, names: readonly string[]): number[] {
  const own = new Map<string, number>();
  for (let i = f.names.length - 1, step = 1; i >= 0; step *= f.sizes[i], i--) own.set(f.names[i], step);
  return names.map(name => own.get(name) ?? 0);
}

/** Visits every cell of a table of shape `sizes`, keeping one running offset for each list of steps. */
function walk(sizes: readonly number[], steps: readonly (readonly number[])[], visit: (index: number, offsets: readonly number[]) => void): void {
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
