import type {MathNode} from 'mathjs';
import {ArgumentError, expect} from '../errors';
import {expectConstant, parseSystem, symbolsIn} from './controlSystem';
import {functionOf, javascriptOf} from './javascript';
import type {ControlSystem, DynamicalSystem, MapSystem} from './system';

/** Values of constants by name: one for all units, or one for each, `[N]`. */
export type Constants<A = ArrayLike<number>> = Readonly<Record<string, number | A>>;

/**
 * A right-hand side in float64, for one unit or for N units one after the other.
 * @param x `[n]` or `[N * n]`
 * @param a `[da]` or `[N * da]`; where the system has noise also with it, after each unit's inputs. Without, it is 0
 * @param first which unit the first one is, for constants that differ between units. Default 0
 * @param out `[n]` or `[N * n]`; may be `x` itself. Default: a new array
 * @throws ArgumentError for arrays of other lengths, and units for which there are no constants
 */
export type Float64Field =
  (x: ArrayLike<number>, a: ArrayLike<number>, first?: number, out?: Float64Array) => Float64Array;

/**
 * The right-hand side of x' = f(x, a) in float64. It is written out as JavaScript once, and as fast as one by hand.
 * @param constants in place of the system's own
 * @throws ArgumentError as `compileSystem`, and for constants that the system does not have or that are no numbers, or
 *   arrays of different lengths
 */
export function fieldOf(system: ControlSystem, constants: Constants = {}): Float64Field {
  return fieldReading('fieldOf', system, constants);
}

/** The right-hand side of x(k + 1) = f(x(k), a(k)) in float64, as {@link fieldOf}. @throws ArgumentError as there */
export function mapOf(system: MapSystem, constants: Constants = {}): Float64Field {
  return fieldReading('mapOf', system, constants);
}

/** The outputs in float64, `x [n] -> [dy]` or `[N * n] -> [N * dy]`. @throws ArgumentError as {@link fieldOf} */
export function outputsOf(system: DynamicalSystem, constants: Constants = {}): (x: ArrayLike<number>) => Float64Array {
  const fn = 'outputsOf', {loop, units} = bound(fn, system, 'h', constants);
  const n = system.states.length, dy = system.outputs.length;
  return x => {
    const N = x.length / n;
    expectUnits(fn, N, 0, units);
    return loop(x, [], new Float64Array(N * dy), 0);
  };
}

function fieldReading(fn: string, system: DynamicalSystem, constants: Constants): Float64Field {
  const {loop, units} = bound(fn, system, 'f', constants), n = system.states.length, da = system.inputs.length;
  const withNoise = da + (system.noise?.length ?? 0);
  return (x, a, first = 0, out = new Float64Array(x.length)) => {
    const N = x.length / n;
    expectUnits(fn, N, first, units);
    if (a.length !== N * da && a.length !== N * withNoise) {
      refuse(fn, 'a', `of ${[...new Set([da, withNoise])].join(' or ')} values a unit, ${N} units`, a.length);
    }
    if (out.length !== x.length) refuse(fn, 'out', `of length ${x.length}`, out.length);
    return loop(x, a, out, first);
  };
}

function expectUnits(fn: string, N: number, first: number, units: number): void {
  if (!Number.isInteger(N)) refuse(fn, 'x', 'of as many values as states, or a multiple', N);
  if (!(first >= 0 && first + N <= units)) refuse(fn, 'first', `in a range of ${units} units`, [first, first + N]);
}

function refuse(fn: string, argument: string, expected: string, received: unknown): never {
  throw new ArgumentError({fn: `${fn}()`, argument, expected, received});
}

/** Reads the units in `x`, of which the first is unit `first`. */
type Loop = (x: ArrayLike<number>, a: ArrayLike<number>, out: Float64Array, first: number) => Float64Array;

/** Values of the constants by name. */
type Values = Readonly<Record<string, number | ArrayLike<number>>>;

type Factory = (values: Values) => Loop;

/** Loops that were written: one a system, part of it and set of constants that differ between units. */
const written = new WeakMap<DynamicalSystem, Map<string, Factory>>();

/** The formulas `part` of a system with values for its constants, and for how many units there are any. */
function bound(fn: string, system: DynamicalSystem, part: 'f' | 'h', constants: Constants) {
  const nodes = parseSystem(system)[part], values: Values = {...system.constants, ...constants};
  const units = unitsOf(fn, Object.keys(system.constants ?? {}), constants);
  const perUnit = Object.keys(values).filter(name => typeof values[name] !== 'number');
  const loops = written.get(system) ?? new Map<string, Factory>(), key = `${part}: ${perUnit.join(' ')}`;
  const make = loops.get(key) ?? compiledLoop(nodes, system, perUnit) ?? interpretedLoop(nodes, system);
  written.set(system, loops.set(key, make));
  return {loop: make(values), units};
}

function compiledLoop(nodes: readonly MathNode[], system: DynamicalSystem, perUnit: readonly string[]) {
  const {states, inputs, noise = []} = system, named = [...new Set(nodes.flatMap(symbolsIn))];
  const place = (name: string): string => {
    const state = states.indexOf(name), input = [...inputs, ...noise].indexOf(name);
    if (state >= 0) return `x[r * ${states.length} + ${state}]`;
    if (input >= inputs.length) return `m > ${inputs.length} ? a[r * m + ${input}] : 0`;
    return input >= 0 ? `a[r * m + ${input}]` : perUnit.includes(name) ? `c_${name}[first + r]` : `c_${name}`;
  };
  const code = javascriptOf(nodes, place), constants = named.filter(name => place(name).startsWith('c_'));
  return code && functionOf<Factory>(`values => {
    ${constants.map(name => `const c_${name} = values.${name};`).join(' ')}
    return (x, a, out, first) => {
      const N = x.length / ${states.length}, m = N > 0 ? a.length / N : 0;
      for (let r = 0; r < N; r++) {
        ${code.declarations}
        ${code.expressions.map((text, j) => `out[r * ${nodes.length} + ${j}] = ${text};`).join(' ')}
      }
      return out;
    };
  }`);
}

/** For formulas with functions that only mathjs knows. */
function interpretedLoop(nodes: readonly MathNode[], {states, inputs, noise = []}: DynamicalSystem): Factory {
  const codes = nodes.map(node => node.compile()), n = states.length, given = [...inputs, ...noise];
  return values => (x, a, out, first) => {
    const N = x.length / n, m = N > 0 ? a.length / N : 0;
    for (let r = 0; r < N; r++) {
      const scope: Record<string, number> = {};
      for (const [name, of] of Object.entries(values)) scope[name] = typeof of === 'number' ? of : of[first + r];
      states.forEach((name, i) => { scope[name] = x[r * n + i]; });
      given.forEach((name, i) => { scope[name] = i < m ? a[r * m + i] : 0; });
      codes.forEach((code, j) => { out[r * nodes.length + j] = Number(code.evaluate(scope)); });
    }
    return out;
  };
}

/** Checks the constants given. @returns how many units those have that differ between units */
function unitsOf(fn: string, names: readonly string[], constants: Constants): number {
  let units = Infinity;
  for (const [name, value] of Object.entries(constants)) {
    const argument = `constants.${name}`, values = typeof value === 'number' ? [value] : Array.from(value);
    expectConstant(fn, name, names);
    expect(values.every(Number.isFinite), {fn, argument, expected: 'a finite number, or one a unit', received: value});
    if (typeof value === 'number') continue;
    expect(units === Infinity || values.length === units, {
      fn, argument, expected: `of ${units} units, as the others`, received: values.length,
    });
    units = values.length;
  }
  return units;
}

/** Turns formulas into a function of the values of `names`, given as two lists laid end to end. */
export function numeric(
  nodes: readonly MathNode[], names: readonly string[],
): (first: ArrayLike<number>, second: ArrayLike<number>) => Float64Array {
  const place = (i: number) => `${i} < p.length ? p[${i}] : q[${i} - p.length]`;
  const code = javascriptOf(nodes, name => place(names.indexOf(name))), texts = code?.expressions.join(', ');
  if (code) return functionOf(`(p, q) => { ${code.declarations} return Float64Array.of(${texts}); }`);
  const codes = nodes.map(node => node.compile()), scope: Record<string, number> = {};
  return (first, second) => {
    names.forEach((name, i) => { scope[name] = i < first.length ? first[i] : second[i - first.length]; });
    return Float64Array.from(codes, compiled => Number(compiled.evaluate(scope)));
  };
}
