import type {MathNode} from 'mathjs';
import {mathjs} from '../math/mathjs';
import {expect} from '../errors';
import {float64} from './arithmetic';
import {add, derivative, multipliedOut, multiply, nodeOf, type Polynomial} from '../systems/polynomial';
import {
  compileSystem, expectSmooth, lieDerivative, type CompiledSystem, type ControlSystem,
} from '../systems/controlSystem';
import {outputSlopes} from './taylor';

/**
 * Time derivatives of the outputs as formulas in the state, the inputs and the inputs' own derivatives `a_1`, `a_2`,
 * ...
 */
export interface OutputDerivatives {
  readonly system: ControlSystem;
  /** `[order][dy]`: y, y', y'', ... */
  readonly formulas: readonly (readonly MathNode[])[];
  /** Names of the inputs and their derivatives, in the order the numeric map takes them. */
  readonly inputNames: readonly string[];
}

/**
 * y, y', ..., the first `order` of them. For constant inputs these are the Lie derivatives of h along f.
 * @param order number of derivatives counting y itself, >= 1; default the number of states
 * @throws ArgumentError unless `order` is a whole number >= 1 and the formulas are smooth.
 * @reference Hermann & Krener 1977, Nonlinear controllability and observability. doi:10.1109/TAC.1977.1101601
 */
export function outputDerivatives(system: ControlSystem, order: number = system.states.length): OutputDerivatives {
  expectOrder('outputDerivatives', order);
  const compiled = compileSystem(system), names = inputNames(system, order);
  expectSmooth(compiled, 'outputDerivatives');
  const f = compiled.f.map(node => multipliedOut(node)), formulas = [compiled.h.map(node => multipliedOut(node))];
  for (let k = 1; k < order; k++) {
    formulas.push(formulas[k - 1].map(p => add(lieDerivative(p, f, system.states), ...byInputs(p, names, k))));
  }
  return {system, formulas: formulas.map(row => row.map(nodeOf)), inputNames: names.flat()};
}

/** @throws ArgumentError unless `order` is a whole number >= 1. */
export function expectOrder(fn: string, order: number): void {
  expect(Number.isInteger(order) && order >= 1, {
    fn, argument: 'order', expected: 'a whole number >= 1', received: order,
  });
}

/**
 * Names of the inputs and their derivatives, `[order][da]`: `a`, `a_1`, `a_2`, ..., with more underscores where such a
 * name is taken.
 */
function inputNames({states, inputs}: ControlSystem, order: number): string[][] {
  const taken = [...states, ...inputs];
  for (let line = '_'; ; line += '_') {
    const names = Array.from({length: order}, (_, k) => inputs.map(a => (k === 0 ? a : `${a}${line}${k}`)));
    if (!names.slice(1).flat().some(name => taken.includes(name))) return names;
  }
}

/** What d/dt of a formula owes to the inputs, which it holds up to derivative k - 1. */
function byInputs(p: Polynomial, names: readonly (readonly string[])[], k: number): Polynomial[] {
  return names.slice(0, k).flatMap((row, j) =>
    row.map((name, i) => multiply(derivative(p, name), multipliedOut(mathjs().parse(names[j + 1][i])))));
}

/** Numeric observability matrix: rows d(y, y', ...)/dx at a state and an input jet. */
export interface ObservabilityMatrix {
  /** `(x [n], jet [inputNames]) -> rows [order * dy][n]`. */
  at(x: ArrayLike<number>, jet: ArrayLike<number>): number[][];
  readonly jetSize: number;
}

/** The matrix whose rank decides whether nearby states can be told apart under a given input. */
export function observabilityMatrix({system, formulas}: OutputDerivatives): ObservabilityMatrix {
  return slopesOf(compileSystem(system), formulas.length);
}

/** The same without the formulas, which in long systems are longer than the matrix needs. */
export function slopesOf(compiled: CompiledSystem, order: number): ObservabilityMatrix {
  const {inputs} = compiled.system, dy = compiled.h.length, factorials = [1];
  const slopes = outputSlopes(compiled, float64, order);
  for (let k = 1; k < order; k++) factorials.push(k * factorials[k - 1]);
  return {
    jetSize: order * inputs.length,
    at(x, jet) {
      const taylor = inputs.map((_, i) => factorials.map((factorial, k) => jet[k * inputs.length + i] / factorial));
      // Adding 0 turns -0 into 0.
      return slopes({state: Array.from(x), inputs: taylor}).map((row, i) =>
        row.map(v => v * factorials[Math.floor(i / dy)] + 0));
    },
  };
}
