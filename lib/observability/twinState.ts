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
  /** Largest difference of the two outcome paths, relative to how much those of random starts differ. */
  readonly difference: number;
}

/**
 * Looks for a second starting state with the same outcome path: Definition 3.1 taken at its word. Gauss-Newton from
 * random guesses in the region, on the beginning of the path first: there it depends on the start most simply, and
 * chaos has not set in. A twin is at least a hundredth of the region away and agrees to 1e-9 of how much the outcomes
 * of the guesses differ. Finding none proves nothing.
 * @throws ArgumentError for a region of another size, or a number of starts that is none.
 * @paper definition 3.1
 */
export function twinState(
  system: NumericSystem, x0: ArrayLike<number>, rng: Rng, {inputs, horizon = 1, steps, region, starts = 6}: TwinOptions,
): TwinState | undefined {
  expect(region.length === x0.length, {
    fn: 'twinState', argument: 'region', expected: `${x0.length} intervals`, received: region,
  });
  expect(Number.isInteger(starts) && starts >= 1, {
    fn: 'twinState', argument: 'starts', expected: 'a whole number >= 1', received: starts,
  });
  const start = Float64Array.from(x0), sides = region.map(([low, high]) => high - low);
  const dy = system.measure(start).length;
  const guesses = Array.from({length: starts}, (_, k) => {
    const u = uniform(fold(rng, k), x0.length);
    return Float64Array.from(region, ([low], i) => low + sides[i] * u[i]);
  });
  const stages = [...new Set([1, Math.ceil(inputs.length / 2), inputs.length])].map(parts =>
    outputsUnder(system, {inputs: inputs.slice(0, parts), horizon: horizon * parts / inputs.length, steps}));
  const paths = stages.map(run => scaledRun(run, start, guesses, dy)), whole = paths[paths.length - 1];
  const far = (x: Float64Array) => Math.max(...x.map((v, i) => Math.abs(v - x0[i]) / sides[i])) > 0.01;
  for (const guess of guesses) {
    const state = paths.reduce((x, path) =>
      (x === undefined || !far(x) ? undefined : gaussNewton(path, x, sides)), guess as Float64Array | undefined);
    if (!state || !far(state) || !state.every((v, i) => v >= region[i][0] && v <= region[i][1])) continue;
    const difference = Math.max(...whole(state).map(Math.abs));
    if (difference < 1e-9) return {state, difference};
  }
  return undefined;
}

/** Outcomes less those seen from `x0`, each output measured by how much the guesses make it differ. */
function scaledRun(
  run: (x: Float64Array) => number[], x0: Float64Array, guesses: readonly Float64Array[], dy: number,
): (x: Float64Array) => number[] {
  const seen = run(x0), sizes = new Array<number>(dy).fill(0);
  for (const guess of guesses) run(guess).forEach((v, i) => {
    if (Number.isFinite(v)) sizes[i % dy] = Math.max(sizes[i % dy], Math.abs(v - seen[i]));
  });
  return x => run(x).map((v, i) => (v - seen[i]) / (sizes[i % dy] || 1));
}

/** Least squares on the outcome path (relative to that of x0), steps limited to a quarter of the region. */
function gaussNewton(run: (x: Float64Array) => number[], guess: Float64Array, sides: readonly number[]): Float64Array {
  let x = guess;
  for (let k = 0; k < 25; k++) {
    const gap = run(x).map(v => -v);
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
