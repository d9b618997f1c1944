import {Matrix, solve as leastSquares} from 'ml-matrix';
import {expect} from '../errors';
import {fold, uniform, type Rng} from '../math';
import {outputsUnder, type GramianOptions, type NumericSystem} from './gramian';

/** Options of {@link twinState}. */
export interface TwinOptions extends Pick<GramianOptions, 'inputs' | 'horizon' | 'steps'> {
  /** Where to look, one interval a state. */
  readonly region: readonly (readonly [low: number, high: number])[];
  /** Random guesses the search starts from, >= 1; default 6. */
  readonly starts?: number;
}

/** A state that cannot be told from another one. */
export interface TwinState {
  readonly state: Float64Array;
  /** Largest difference of the two outcome paths, relative to their size. */
  readonly difference: number;
}

/**
 * Looks for a second starting state with the same outcome path: Definition 3.1 taken at its word. Gauss-Newton from random guesses in the
 * region; a twin is at least a hundredth of the region away and agrees to 1e-9. Finding none proves nothing.
 * @paper definition 3.1
 */
export function twinState(system: NumericSystem, x0: ArrayLike<number>, rng: Rng, {inputs, horizon, steps, region, starts = 6}: TwinOptions): TwinState | undefined {
  expect(region.length === x0.length, {fn: 'twinState', argument: 'region', expected: `${x0.length} intervals`, received: region});
  const run = outputsUnder(system, {inputs, horizon, steps}), seen = run(Float64Array.from(x0)), size = 1 + Math.max(...seen.map(Math.abs));
  const sides = region.map(([low, high]) => high - low);
  for (let k = 0; k < starts; k++) {
    const u = uniform(fold(rng, k), x0.length), state = gaussNewton(run, seen, region.map(([low], i) => low + sides[i] * u[i]), sides);
    const inside = state.every((v, i) => v >= region[i][0] && v <= region[i][1]);
    const far = Math.max(...Array.from(state, (v, i) => Math.abs(v - x0[i]) / sides[i])) > 0.01;
    if (!inside || !far) continue;
    const difference = Math.max(...run(state).map((v, i) => Math.abs(v - seen[i]))) / size;
    if (difference < 1e-9) return {state, difference};
  }
  return undefined;
}

/** Least squares on the outcome path, steps limited to a quarter of the region. */
function gaussNewton(run: (x: Float64Array) => number[], target: readonly number[], guess: readonly number[], sides: readonly number[]): Float64Array {
  let x = Float64Array.from(guess);
  for (let k = 0; k < 25; k++) {
    const gap = run(x).map((v, i) => target[i] - v);
    if (!gap.every(Number.isFinite)) break;
    const columns = sides.map((side, i) => {
      const h = 1e-5 * side, moved = (s: number) => run(x.map((v, j) => (i === j ? v + s * h : v)));
      const [up, down] = [moved(1), moved(-1)];
      return up.map((v, j) => (v - down[j]) * side / (2 * h));
    });
    const step = leastSquares(new Matrix(columns).transpose(), Matrix.columnVector(gap), true).to1DArray();
    const length = Math.max(...step.map(Math.abs));
    if (!Number.isFinite(length)) break;
    x = x.map((v, i) => v + sides[i] * step[i] * Math.min(1, 0.25 / length));
    if (length < 1e-12) break;
  }
  return x;
}
