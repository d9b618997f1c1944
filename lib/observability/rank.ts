import {Matrix, SVD} from 'ml-matrix';
import {fold, uniform, type Rng} from '../math';
import {observabilityMatrix, outputDerivatives} from './output-derivatives';
import type {ControlSystem} from './system';

/** Singular values of `rows` once each row is scaled to length one, largest first; all-zero rows stay zero. */
export function scaledSingularValues(rows: readonly (readonly number[])[]): number[] {
  const scaled = rows.map(row => {
    const length = Math.hypot(...row);
    return length > 0 ? row.map(v => v / length) : [...row];
  });
  return new SVD(new Matrix(scaled), {autoTranspose: true}).diagonal;
}

/** Number of singular values above `tolerance` times the largest. */
export function numericalRank(rows: readonly (readonly number[])[], tolerance = 1e-9): number {
  const values = scaledSingularValues(rows);
  return values[0] > 0 ? values.filter(v => v > tolerance * values[0]).length : 0;
}

/** One kind of input and the rank it leaves. */
export interface RankUnderInput {
  readonly input: string;
  /** Smallest rank over the states tried. */
  readonly rank: number;
}

/** What the symbolic test found. */
export interface ObservabilityReport {
  readonly system: string;
  readonly states: number;
  /** Rank at a random state under a random input. */
  readonly genericRank: number;
  /** Smallest rank for each kind of input: zero, constants, one input off, wild jets. */
  readonly ranks: readonly RankUnderInput[];
  /** `'uniform'`: full rank under every input tried. `'depends on the input'`: full under some. `'unobservable'`: under none. */
  readonly verdict: 'uniform' | 'depends on the input' | 'unobservable';
}

/** Options of {@link analyseObservability}. */
export interface AnalyseOptions {
  /** Number of output derivatives, y included; default the number of states. */
  readonly order?: number;
  /** Random states tried for each input, >= 1; default 20. */
  readonly points?: number;
}

/**
 * Rank of the observability codistribution at random states of the region, for inputs that usually spoil it and for random
 * ones. Rank tests at points are local (they speak of neighbouring states) and a sample of inputs cannot prove that no
 * other input spoils it: for a proof of the uniform case see {@link normalForm}.
 * @paper definition 3.1
 */
export function analyseObservability(system: ControlSystem, rng: Rng, {order, points = 20}: AnalyseOptions = {}): ObservabilityReport {
  const derivatives = outputDerivatives(system, order), matrix = observabilityMatrix(derivatives), n = system.states.length;
  const states = Array.from({length: points}, (_, k) => randomState(system, fold(rng, k)));
  const rankUnder = (jetOf: (k: number) => readonly number[]) => Math.min(...states.map((x, k) => numericalRank(matrix.at(x, jetOf(k)))));
  const ranks = inputKinds(system, derivatives.inputNames, rng).map(({input, jet}) => ({input, rank: rankUnder(jet)}));
  const genericRank = ranks.find(r => r.input === 'random')!.rank;
  const verdict = ranks.every(r => r.rank === n) ? 'uniform' : genericRank === n ? 'depends on the input' : 'unobservable';
  return {system: system.name, states: n, genericRank, ranks, verdict};
}

/** A state drawn evenly from the system's region. */
export function randomState(system: ControlSystem, rng: Rng): number[] {
  const u = uniform(rng, system.states.length);
  return system.region.map(([low, high], i) => low + (high - low) * u[i]);
}

interface InputKind { readonly input: string; readonly jet: (k: number) => readonly number[] }

function inputKinds(system: ControlSystem, names: readonly string[], rng: Rng): InputKind[] {
  const range = (i: number) => system.inputRange?.[i] ?? [-1, 1] as const, da = system.inputs.length;
  const draw = (k: number, held: boolean, off: number) => {
    const u = uniform(fold(fold(rng, 'input'), k), names.length);
    return names.map((_, i) => {
      const [low, high] = range(i % da);
      if (i % da === off) return 0;
      return i < da ? low + (high - low) * u[i] : held ? 0 : (high - low) * (2 * u[i] - 1);
    });
  };
  const singles = da > 1 ? system.inputs.map((name, i): InputKind => ({input: `${name} off`, jet: k => draw(k, false, i)})) : [];
  if (da === 0) return [{input: 'random', jet: () => []}];
  return [
    {input: 'zero', jet: () => names.map(() => 0)},
    {input: 'constant', jet: k => draw(k, true, -1)},
    {input: 'random', jet: k => draw(k + 1000, false, -1)},
    ...singles,
  ];
}
