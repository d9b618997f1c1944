import {fold, uniform, type Rng} from '../math';
import {normalForm} from './normal-form';
import {numericalRank} from './numerical-rank';
import {observabilityMatrix, outputDerivatives, type ObservabilityMatrix} from './output-derivatives';
import {inputRanges, randomState} from './random-state';
import {findRankLoss, type RankLoss} from './rank-loss';
import type {ControlSystem} from './system';

/** One kind of input and the rank it leaves. */
export interface RankUnderInput {
  readonly input: string;
  /** Smallest rank over the states tried. */
  readonly rank: number;
}

/**
 * - `'uniform'`: uniformly observable on the whole region, under every input; comes with a certificate.
 * - `'generic'`: locally weakly observable at almost every state, under almost every input; no certificate for the rest.
 * - `'depends on the input'`: generically observable, but some inputs hide part of the state wherever it is.
 * - `'unobservable'`: the rank is too small at almost every state, under almost every input.
 */
export type ObservabilityVerdict = 'uniform' | 'generic' | 'depends on the input' | 'unobservable';

/** What the symbolic test found. */
export interface ObservabilityReport {
  readonly system: string;
  readonly states: number;
  /** Rank at a random state under a random input. */
  readonly genericRank: number;
  /** Smallest rank for each kind of input: zero, constants, one input off, wild jets, and constants found to hide something. */
  readonly ranks: readonly RankUnderInput[];
  readonly verdict: ObservabilityVerdict;
  /** Why the verdict `'uniform'` holds everywhere. */
  readonly certificate?: string;
  /** Where the rank of the first n derivatives was found to drop (sets of one dimension less; smaller ones may be missed). */
  readonly exceptions: readonly RankLoss[];
}

/** Options of {@link analyseObservability}. */
export interface AnalyseOptions {
  /** Number of output derivatives, y included; default the number of states. */
  readonly order?: number;
  /** Random states tried for each input, >= 1; default 20. */
  readonly points?: number;
}

/**
 * Observability from formulas. The rank of the observability codistribution at random states tells what holds at almost every
 * state (formulas are analytic, so a random point is a generic one). `'uniform'` is said only when the normal form (5) exists on the whole
 * region with a one-to-one change of coordinates, which proves it for every input. Otherwise the places where rank is lost are looked for.
 * @paper definition 3.1
 * @reference Hermann & Krener 1977, doi:10.1109/TAC.1977.1101601 (local weak observability); Gauthier, Hammouri & Othman 1992, doi:10.1109/9.256352
 */
export function analyseObservability(system: ControlSystem, rng: Rng, {order, points = 20}: AnalyseOptions = {}): ObservabilityReport {
  const derivatives = outputDerivatives(system, order), matrix = observabilityMatrix(derivatives), n = system.states.length;
  const states = Array.from({length: points}, (_, k) => randomState(system, fold(rng, k)));
  const rankUnder = (jetOf: (k: number) => readonly number[]) => Math.min(...states.map((x, k) => numericalRank(matrix.at(x, jetOf(k)))));
  const kinds = inputKinds(system, derivatives.inputNames, rng).map(({input, jet}) => ({input, rank: rankUnder(jet)}));
  const genericRank = kinds.find(r => r.input === 'random')!.rank, common = {system: system.name, states: n, genericRank};
  if (genericRank < n) return {...common, ranks: kinds, verdict: 'unobservable', exceptions: []};
  const certificate = n % system.outputs.length === 0 ? normalForm(system, rng, {points}).certificate : undefined;
  if (certificate !== undefined && kinds.every(r => r.rank === n)) return {...common, ranks: kinds, verdict: 'uniform', certificate, exceptions: []};
  const exceptions = rankLosses(system, matrix, rng);
  const blinding = exceptions.filter(e => e.value !== undefined && system.inputs.includes(e.coordinate));
  const ranks = [...kinds, ...blinding.map(e => ({input: e.where, rank: rankUnder(k => constantJet(system, matrix, k, rng, e))}))];
  return {...common, ranks, verdict: ranks.every(r => r.rank === n) ? 'generic' : 'depends on the input', exceptions};
}

/** Looks for states and constant inputs that lose rank. */
function rankLosses(system: ControlSystem, matrix: ObservabilityMatrix, rng: Rng): RankLoss[] {
  const n = system.states.length, da = system.inputs.length, ranges = [...system.region, ...inputRanges(system)];
  const coordinates = [...system.states, ...system.inputs].map((name, i) => ({name, low: ranges[i][0], high: ranges[i][1]}));
  const constant = (a: readonly number[]) => Array.from({length: matrix.jetSize}, (_, i) => (i < da ? a[i] : 0));
  return findRankLoss(point => matrix.at(point.slice(0, n), constant(point.slice(n))), coordinates, fold(rng, 'rank loss'));
}

/** Random constants, but for the input that hides something. */
function constantJet(system: ControlSystem, matrix: ObservabilityMatrix, k: number, rng: Rng, {coordinate, value}: RankLoss): number[] {
  const ranges = inputRanges(system), u = uniform(fold(fold(rng, 'constant'), k), Math.max(1, ranges.length));
  const a = ranges.map(([low, high], i) => (system.inputs[i] === coordinate ? value! : low + (high - low) * u[i]));
  return Array.from({length: matrix.jetSize}, (_, i) => a[i] ?? 0);
}

interface InputKind { readonly input: string; readonly jet: (k: number) => readonly number[] }

function inputKinds(system: ControlSystem, names: readonly string[], rng: Rng): InputKind[] {
  const ranges = inputRanges(system), da = system.inputs.length;
  const draw = (k: number, held: boolean, off: number) => {
    const u = uniform(fold(fold(rng, 'input'), k), names.length);
    return names.map((_, i) => {
      const [low, high] = ranges[i % da];
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
