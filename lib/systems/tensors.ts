import * as tf from '@tensorflow/tfjs';
import type {MathNode} from 'mathjs';
import {expect} from '../errors';
import {expectConstant, parseSystem} from './controlSystem';
import {readFormula, type Reading} from './formula';
import type {ControlSystem, DynamicalSystem, MapSystem} from './system';

/** Values of constants by name: numbers, tensors `[]` for all units, or `[batch]` or `[batch, 1]` with one for each. */
export type TensorConstants = Readonly<Record<string, number | tf.Tensor>>;

/**
 * A right-hand side on tensors, differentiable and recordable: `x [batch, n]`, and `a [batch, da]`, or
 * `[batch, da + noise]` where the system has noise, which is 0 without. @returns `[batch, n]`
 */
export type TensorField = (x: tf.Tensor, a: tf.Tensor) => tf.Tensor2D;

/**
 * The right-hand side of x' = f(x, a) on tensors.
 * @param constants in place of the system's own
 * @throws ArgumentError as `compileSystem`, for constants that the system does not have, for formulas with a function
 *   that has no form on tensors; from the field, for shapes that do not fit
 */
export function tensorFieldOf(system: ControlSystem, constants: TensorConstants = {}): TensorField {
  return fieldReading('tensorFieldOf', system, constants);
}

/** The right-hand side of x(k + 1) = f(x(k), a(k)) on tensors. @throws ArgumentError as {@link tensorFieldOf} */
export function tensorMapOf(system: MapSystem, constants: TensorConstants = {}): TensorField {
  return fieldReading('tensorMapOf', system, constants);
}

/** The outputs on tensors, `x [batch, n] -> [batch, dy]`, as {@link tensorFieldOf}. @throws ArgumentError as there */
export function tensorOutputsOf(
  system: DynamicalSystem, constants: TensorConstants = {},
): (x: tf.Tensor) => tf.Tensor2D {
  const fn = 'tensorOutputsOf', {h} = parseSystem(system), own = checked(fn, system, h, constants);
  return x => tf.tidy(() => {
    expectShape(fn, 'x', x, [system.states.length]);
    return evaluate(h, {...own, ...columns(system.states, x)}, x);
  });
}

function fieldReading(fn: string, system: DynamicalSystem, constants: TensorConstants): TensorField {
  const {f} = parseSystem(system), {states, inputs, noise = []} = system, own = checked(fn, system, f, constants);
  return (x, a) => tf.tidy(() => {
    expectShape(fn, 'x', x, [states.length]);
    expectShape(fn, 'a', a, [inputs.length, inputs.length + noise.length]);
    expect(a.shape[0] === x.shape[0], {
      fn: `${fn}()`, argument: 'a', expected: `for ${x.shape[0]} units`, received: a.shape,
    });
    const given = [...inputs, ...noise].slice(0, a.shape[1]), quiet = Object.fromEntries(noise.map(name => [name, 0]));
    return evaluate(f, {...own, ...quiet, ...columns(states, x), ...columns(given, a)}, x);
  });
}

function expectShape(fn: string, argument: string, {shape}: tf.Tensor, widths: readonly number[]): void {
  const expected = `of shape [batch, ${[...new Set(widths)].join(' or ')}]`;
  expect(shape.length === 2 && widths.includes(shape[1]), {fn: `${fn}()`, argument, expected, received: shape});
}

/** A number, or a tensor that fits `[batch, 1]`. */
type Value = number | tf.Tensor;

/** Columns `[batch, 1]` by name. */
function columns(names: readonly string[], tensor: tf.Tensor): Record<string, Value> {
  return Object.fromEntries(names.map((name, j) => [name, tf.slice(tensor, [0, j], [tensor.shape[0], 1])]));
}

/** The constants' values, after checking that they exist and that the formulas can be read. */
function checked(fn: string, system: DynamicalSystem, nodes: readonly MathNode[], constants: TensorConstants) {
  const own: Record<string, Value> = {...system.constants}, names = Object.keys(own);
  for (const [name, value] of Object.entries(constants)) {
    expectConstant(fn, name, names);
    const column = typeof value !== 'number' && (value.rank < 2 || `${value.shape.slice(1)}` === '1');
    const fits = column || Number.isFinite(value);
    const expected = 'a finite number or a tensor [], [batch] or [batch, 1]';
    expect(fits, {fn, argument: `constants.${name}`, expected, received: value});
    own[name] = typeof value === 'number' || value.rank !== 1 ? value : tf.reshape(value, [-1, 1]);
  }
  const unread = nodes.find(node => readFormula(node, known) === undefined);
  expect(unread === undefined, {
    fn, argument: 'system', expected: `made of + - * / ^ and ${Object.keys(FUNCTIONS).join(', ')}`,
    received: unread?.toString(),
  });
  return own;
}

/** Formulas side by side, `[batch, count]`. */
function evaluate(nodes: readonly MathNode[], values: Readonly<Record<string, Value>>, x: tf.Tensor): tf.Tensor2D {
  const shape: [number, number] = [x.shape[0], 1];
  const whole = (v: Value) => (typeof v === 'number' ? tf.fill(shape, v) : v.rank < 2 ? tf.add(tf.zeros(shape), v) : v);
  const reading: Reading<Value> = {number: v => v, symbol: name => values[name], call};
  return tf.concat(nodes.map(node => whole(readFormula(node, reading)!)), 1) as tf.Tensor2D;
}

/** Finds out whether a formula can be read. */
const known: Reading<true> = {
  number: () => true, symbol: () => true,
  call: (fn, args) => (arity(fn).includes(args.length) ? true : undefined),
};

type OfOne = readonly [numbers: (x: number) => number, tensors: (x: tf.Tensor) => tf.Tensor];
type OfTwo = readonly [numbers: (x: number, y: number) => number, tensors: (x: Value, y: Value) => tf.Tensor];

const TWO: Readonly<Record<string, OfTwo>> = {
  add: [(x, y) => x + y, tf.add as never], subtract: [(x, y) => x - y, tf.sub as never],
  multiply: [(x, y) => x * y, tf.mul as never], divide: [(x, y) => x / y, tf.div as never], pow: [Math.pow, power],
  log: [(x, y) => Math.log(x) / Math.log(y), (x, y) => tf.div(call('log', [x]), call('log', [y]))],
};

/** Functions of one number that formulas on tensors may hold. */
const FUNCTIONS: Readonly<Record<string, OfOne>> = {
  exp: [Math.exp, tf.exp], log: [Math.log, tf.log], sqrt: [Math.sqrt, tf.sqrt], abs: [Math.abs, tf.abs],
  sin: [Math.sin, tf.sin], cos: [Math.cos, tf.cos], tan: [Math.tan, tf.tan], atan: [Math.atan, tf.atan],
  sinh: [Math.sinh, tf.sinh], cosh: [Math.cosh, tf.cosh], tanh: [Math.tanh, tf.tanh],
  log10: [Math.log10, x => tf.mul(tf.log(x), Math.LOG10E)], log2: [Math.log2, x => tf.mul(tf.log(x), Math.LOG2E)],
  cbrt: [Math.cbrt, x => tf.mul(tf.sign(x), tf.pow(tf.abs(x), 1 / 3))],
  square: [x => x * x, tf.square], cube: [x => x * x * x, x => tf.mul(tf.square(x), x)],
  unaryMinus: [x => -x, tf.neg], unaryPlus: [x => x, x => x],
};

const arity = (fn: string): number[] =>
  [FUNCTIONS, TWO].flatMap((table, i) => (Object.hasOwn(table, fn) ? [i + 1] : []));

/** Numbers are calculated with in float64, before they meet a tensor. */
function call(fn: string, [x, y]: readonly Value[]): Value {
  if (y === undefined) return typeof x === 'number' ? FUNCTIONS[fn][0](x) : FUNCTIONS[fn][1](x);
  return typeof x === 'number' && typeof y === 'number' ? TWO[fn][0](x, y) : TWO[fn][1](x, y);
}

/** Largest exponent that is written as products: those hold for a base of any sign, and so do their slopes. */
const MOST_FACTORS = 8;

function power(x: Value, y: Value): tf.Tensor {
  if (typeof x === 'number' || typeof y !== 'number') return tf.pow(x, y);
  if (y === 0.5) return tf.sqrt(x);
  if (!Number.isInteger(y) || y === 0 || Math.abs(y) > MOST_FACTORS) return tf.pow(x, y);
  const product = (n: number): tf.Tensor =>
    (n === 1 ? x : n % 2 === 0 ? tf.square(product(n / 2)) : tf.mul(product(n - 1), x));
  return y > 0 ? product(y) : tf.reciprocal(product(-y));
}
