import {derivative, parse, type MathNode} from 'mathjs';
import {expect} from '../errors';
import {addUp, compileSystem, gradient, lieDerivative, numeric, times, type ControlSystem} from './system';

/** Time derivatives of the outputs as formulas in the state, the inputs and the inputs' own derivatives `a_1`, `a_2`, ... */
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
 * @reference Hermann & Krener 1977, Nonlinear controllability and observability. doi:10.1109/TAC.1977.1101601
 */
export function outputDerivatives(system: ControlSystem, order: number = system.states.length): OutputDerivatives {
  expect(Number.isInteger(order) && order >= 1, {fn: 'outputDerivatives', argument: 'order', expected: 'a whole number >= 1', received: order});
  const {f, h} = compileSystem(system);
  const formulas: MathNode[][] = [[...h]];
  for (let k = 1; k < order; k++) formulas.push(formulas[k - 1].map(node => rate(node, f, system, k)));
  const inputNames = Array.from({length: order}, (_, k) => system.inputs.map(a => inputName(a, k))).flat();
  return {system, formulas, inputNames};
}

/** Name of the k-th derivative of an input. */
function inputName(input: string, k: number): string {
  return k === 0 ? input : `${input}_${k}`;
}

/** d/dt of a formula that may hold inputs and their derivatives up to order k - 1. */
function rate(node: MathNode, f: readonly MathNode[], {states, inputs}: ControlSystem, k: number): MathNode {
  const byInput = inputs.flatMap(a => Array.from({length: k}, (_, j) => times(derivative(node, inputName(a, j)), parse(inputName(a, j + 1)))));
  return addUp([lieDerivative(node, f, states), ...byInput]);
}

/** Numeric observability matrix: rows d(y, y', ...)/dx at a state and an input jet. */
export interface ObservabilityMatrix {
  /** `(x [n], jet [inputNames]) -> rows [order * dy][n]`. */
  at(x: ArrayLike<number>, jet: ArrayLike<number>): number[][];
  readonly jetSize: number;
}

/** The matrix whose rank decides whether nearby states can be told apart under a given input. */
export function observabilityMatrix({system, formulas, inputNames}: OutputDerivatives): ObservabilityMatrix {
  const n = system.states.length, rows = formulas.flat();
  const evaluate = numeric(rows.flatMap(node => gradient(node, system.states)), [...system.states, ...inputNames]);
  return {
    jetSize: inputNames.length,
    at(x, jet) {
      const flat = evaluate(x, jet);
      return rows.map((_, i) => Array.from(flat.subarray(i * n, (i + 1) * n)));
    },
  };
}
