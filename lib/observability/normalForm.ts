import {LuDecomposition, Matrix, SVD} from 'ml-matrix';
import type {MathNode} from 'mathjs';
import {expect} from '../errors';
import {fold, type Rng} from '../math';
import {genericRank} from './exactRank';
import {determinant, injectivityProof, jacobianFormulas, shortFormula} from './injectivity';
import {
  derivative, FormulaTooLarge, multipliedOut, nodeOf, subtract, ZERO, type Polynomial,
} from '../systems/polynomial';
import {randomInput, randomState} from './randomState';
import {findRankLoss, type RankLoss} from './rankLoss';
import {compileSystem, expectSmooth, lieDerivative, type CompiledSystem} from '../systems/controlSystem';
import {numeric} from '../systems/float64';
import type {ControlSystem} from '../systems/system';

/** The map into the observable normal form (5) and what is known about it. */
export interface NormalForm {
  readonly system: ControlSystem;
  /** Number of blocks m. */
  readonly blocks: number;
  /** z = Phi(x): outputs and their Lie derivatives along the untreated field, block after block. */
  readonly map: readonly MathNode[];
  /** phi^(i)(x, a): what is left of z^(i)' after z^(i+1), written in the old coordinates. */
  readonly phi: readonly (readonly MathNode[])[];
  /** True when Phi has full rank at almost every state. */
  readonly invertible: boolean;
  /**
   * Largest part of d phi^(i) outside span(d z^(1), ..., d z^(i)) at the states and inputs sampled, relative; 0 when
   * the form is triangular. One for each block.
   */
  readonly leaks: readonly number[];
  /** Determinant of the Jacobian of Phi, as a formula. */
  readonly determinant: string;
  /**
   * Where the determinant was found to vanish (sets of one dimension less); empty when there is a certificate or no
   * form at all.
   */
  readonly exceptions: readonly RankLoss[];
  /**
   * Why Phi is one-to-one on the whole region, when that could be proved (interval arithmetic), and that no phi^(i)
   * leaks at any state and input (exact cancellation).
   */
  readonly certificate?: string;
  /**
   * `'everywhere'`: (5) holds on the whole region, for every input, with a certificate. `'almost everywhere'`: near
   * almost every state; nothing is claimed for the rest. `'no'`: Phi is singular or the form leaks at almost every
   * state.
   */
  readonly exists: 'everywhere' | 'almost everywhere' | 'no';
}

/** Options of {@link normalForm}. */
export interface NormalFormOptions {
  /** Random states and inputs tried, >= 1; default 30. */
  readonly points?: number;
  /** Leak that still counts as zero; default 1e-8. */
  readonly tolerance?: number;
}

/**
 * Tries to write a system in the observable normal form: z^(1) = y and z^(i+1) = Lie derivative of z^(i) along f(x, 0).
 * Then z^(i)' = z^(i+1) + phi^(i), and (5) asks that phi^(i) depend on z^(1..i) and the input only, for every input.
 * That is sampled on gradients at random states and inputs, which is what `'almost everywhere'` rests on; the
 * certificate of `'everywhere'` samples nothing. Inputs may enter in any way.
 * @throws ArgumentError when the states cannot be cut into blocks of dy; FormulaTooLarge when the derivatives are too
 * long to be written out.
 * @paper equation (5)
 * @reference Gauthier, Hammouri & Othman 1992, doi:10.1109/9.256352; Bernard 2019, Observer design for nonlinear
 * systems, doi:10.1007/978-3-030-11146-5
 */
export function normalForm(
  system: ControlSystem, rng: Rng, {points = 30, tolerance = 1e-8}: NormalFormOptions = {},
): NormalForm {
  const compiled = compileSystem(system), n = system.states.length, dy = compiled.h.length, blocks = n / dy;
  const fn = 'normalForm';
  expect(Number.isInteger(blocks), {
    fn, argument: 'system', expected: `a number of states that is a multiple of the ${dy} outputs`, received: n,
    remedy: 'Equation (5) has blocks of the size of the outcome.',
  });
  expect(Number.isInteger(points) && points >= 1, {
    fn, argument: 'points', expected: 'a whole number >= 1', received: points,
  });
  expectSmooth(compiled, fn);
  const {map, phi, next} = candidate(compiled, blocks), jacobian = jacobianOf(map.map(nodeOf), system);
  const samples = Array.from({length: points}, (_, k) =>
    ({x: randomState(system, fold(rng, k)), a: randomInput(system, fold(fold(rng, 'a'), k))}));
  const invertible = genericRank(compiled, fold(rng, 'rank'), {order: blocks, free: () => false}) === n;
  const leaks = phi.map((block, i) => {
    const slopes = jacobianOf(block.map(nodeOf), system), size = jacobianOf(next[i].map(nodeOf), system);
    return Math.max(...samples.map(s =>
      leakOf(jacobian(s.x, []).slice(0, (i + 1) * dy), slopes(s.x, s.a), size(s.x, s.a))));
  });
  const triangular = invertible && leaks.every(leak => leak < tolerance);
  const proof = triangular ? injectivityProof(map, system) : undefined;
  const proved = proof && phi.every((block, i) =>
    block.every(p => proof.spannedBy(system.states.map(state => derivative(p, state)), (i + 1) * dy)));
  const certificate = proved ? proof.reason : undefined;
  const exceptions = triangular && certificate === undefined ? singularStates(jacobian, system, rng) : [];
  const common = {
    system, blocks, map: map.map(nodeOf), phi: phi.map(block => block.map(nodeOf)), invertible, leaks,
    determinant: determinantText(map, system), exceptions,
  };
  return certificate === undefined
    ? {...common, exists: triangular ? 'almost everywhere' : 'no'}
    : {...common, certificate, exists: 'everywhere'};
}

/** Phi, the phi^(i), and for each block what it must move by. */
function candidate(
  {system: {states, inputs}, f, h}: CompiledSystem, blocks: number,
): {map: Polynomial[]; phi: Polynomial[][]; next: Polynomial[][]} {
  const fields = f.map(node => multipliedOut(node)), zeros = Object.fromEntries(inputs.map(a => [a, ZERO]));
  const untreated = f.map(node => multipliedOut(node, zeros));
  const stages = [h.map(node => multipliedOut(node))];
  for (let i = 1; i <= blocks; i++) stages.push(stages[i - 1].map(p => lieDerivative(p, untreated, states)));
  const phi = stages.slice(0, blocks).map((stage, i) => stage.map((p, j) => {
    const full = lieDerivative(p, fields, states);
    return i === blocks - 1 ? full : subtract(full, stages[i + 1][j]);
  }));
  return {map: stages.slice(0, blocks).flat(), phi, next: stages.slice(1)};
}

function determinantText(map: readonly Polynomial[], {states}: ControlSystem): string {
  try {
    return shortFormula(nodeOf(determinant(jacobianFormulas(map, states))));
  } catch (error) {
    if (error instanceof FormulaTooLarge) return `not written out: ${error.message}`;
    throw error;
  }
}

/** Where the Jacobian of Phi is singular. */
function singularStates(
  jacobian: (x: ArrayLike<number>, a: ArrayLike<number>) => number[][], {states, region}: ControlSystem, rng: Rng,
): RankLoss[] {
  const coordinates = states.map((name, i) => ({name, low: region[i][0], high: region[i][1]}));
  return findRankLoss(x => jacobian(x, []), coordinates, fold(rng, 'singular'));
}

/** The change of coordinates as numbers. */
export interface NormalFormMap {
  /** z = Phi(x). */
  forward(x: ArrayLike<number>): Float64Array;
  /** x with Phi(x) = z by Newton's method from `guess`. @throws ArgumentError when it does not converge. */
  inverse(z: ArrayLike<number>, guess: ArrayLike<number>): Float64Array;
  /** The field in the new coordinates, through the inverse: z' at (z, a). */
  field(z: ArrayLike<number>, a: ArrayLike<number>, guess: ArrayLike<number>): Float64Array;
}

/**
 * Numeric version of a normal form.
 * @throws ArgumentError when the inverse is asked for a point outside the image, or too far from the guess.
 */
export function normalFormMap(form: NormalForm): NormalFormMap {
  const {system, map, phi, blocks} = form, n = system.states.length, dy = n / blocks;
  const forward = numeric(map, system.states), jacobian = jacobianOf(map, system);
  const phis = numeric(phi.flat(), [...system.states, ...system.inputs]);
  const inverse = (z: ArrayLike<number>, guess: ArrayLike<number>): Float64Array => {
    let x = Float64Array.from(guess);
    for (let k = 0; k < 50; k++) {
      const gap = forward(x, []).map((v, i) => v - z[i]);
      if (Math.hypot(...gap) <= 1e-13 * (1 + Math.hypot(...Array.from(z)))) return x;
      const step = newtonStep(jacobian(x, []), gap)?.map((v, i) => v * (system.region[i][1] - system.region[i][0]) / 2);
      if (!step) break;
      x = x.map((v, i) => v - step[i]);
      if (Math.hypot(...step) <= 1e-14 * (1 + Math.hypot(...x))) return x;
    }
    expect(false, {
      fn: 'normalFormMap', argument: 'z', expected: 'in the image of the map, with a guess near its source',
      received: Array.from(z),
    });
  };
  const field = (z: ArrayLike<number>, a: ArrayLike<number>, guess: ArrayLike<number>): Float64Array => {
    const extra = phis(inverse(z, guess), a);
    return extra.map((v, i) => v + (i < n - dy ? z[i + dy] : 0));
  };
  return {forward: x => forward(x, []), inverse, field};
}

/** Solution of `jacobian step = gap`, or nothing where the Jacobian is singular. */
function newtonStep(jacobian: number[][], gap: Float64Array): number[] | undefined {
  const lu = new LuDecomposition(new Matrix(jacobian));
  return lu.isSingular() ? undefined : lu.solve(Matrix.columnVector(Array.from(gap))).to1DArray();
}

/** Slopes of formulas, each state measured by half the width of its region. */
function jacobianOf(
  nodes: readonly MathNode[], {states, inputs, region}: ControlSystem,
): (x: ArrayLike<number>, a: ArrayLike<number>) => number[][] {
  const slopes = jacobianFormulas(nodes.map(node => multipliedOut(node)), states).flat().map(nodeOf);
  const evaluate = numeric(slopes, [...states, ...inputs]), n = states.length;
  return (x, a) => {
    const flat = evaluate(x, a.length > 0 ? a : inputs.map(() => 0));
    return nodes.map((_, i) =>
      Array.from(flat.subarray(i * n, (i + 1) * n), (v, j) => v * (region[j][1] - region[j][0]) / 2));
  };
}

/**
 * Size of the part of `rows` outside the row space of `basis`, relative to the larger of each row and what it is
 * compared with.
 */
function leakOf(
  basis: readonly (readonly number[])[], rows: readonly (readonly number[])[], sizes: readonly (readonly number[])[],
): number {
  const unit = basis.map(row => row.map(v => v / (Math.hypot(...row) || 1)));
  const svd = new SVD(new Matrix(unit).transpose(), {autoTranspose: true});
  const rank = svd.diagonal.filter(v => v > 1e-11 * svd.diagonal[0]).length;
  const directions = svd.leftSingularVectors.subMatrix(0, basis[0].length - 1, 0, Math.max(0, rank - 1));
  return Math.max(...rows.map((row, i) => {
    const v = Matrix.columnVector([...row]), inside = directions.mmul(directions.transpose().mmul(v));
    const size = Math.max(Math.hypot(...row), Math.hypot(...sizes[i]));
    return size > 0 ? Matrix.sub(v, inside).norm('frobenius') / size : 0;
  }));
}
