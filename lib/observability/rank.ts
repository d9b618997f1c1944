import {expect} from '../errors';
import {fold, uniform, type Rng} from '../math';
import {genericRank, type FreeInputs} from './exactRank';
import {normalForm} from './normalForm';
import {expectOrder, slopesOf} from './outputDerivatives';
import {FormulaTooLarge} from '../systems/polynomial';
import {inputRanges, randomState} from './randomState';
import {findRankLoss, rankBeside, type RankLoss} from './rankLoss';
import {compileSystem, expectSmooth, type CompiledSystem, type ControlSystem} from '../systems/controlSystem';
import {uniformProof} from './uniformProof';

/** One kind of input and the rank it leaves. */
export interface RankUnderInput {
  readonly input: string;
  /**
   * Rank at almost every state; for a constant that was found to hide something, the smallest over the states tried.
   */
  readonly rank: number;
}

/**
 * - `'uniform'`: uniformly observable on the whole region, under every input; comes with a certificate.
 * - `'generic'`: locally weakly observable at almost every state, under almost every input; no certificate for the
 * rest.
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
  /**
   * Smallest rank for each kind of input: zero, constants, one input off, wild jets, and constants found to hide
   * something.
   */
  readonly ranks: readonly RankUnderInput[];
  readonly verdict: ObservabilityVerdict;
  /** Why the verdict `'uniform'` holds everywhere. */
  readonly certificate?: string;
  /**
   * Where the rank of the first n derivatives was found to drop (sets of one dimension less; smaller ones may be
   * missed).
   */
  readonly exceptions: readonly RankLoss[];
  /** What was not looked for, when limits of size were met. */
  readonly note?: string;
}

/** Options of {@link analyseObservability}. */
export interface AnalyseOptions {
  /** Number of output derivatives, y included; default the number of states. */
  readonly order?: number;
  /** Random states at which the normal form and the constants found are tried, >= 1; default 20. */
  readonly points?: number;
}

/**
 * Observability from formulas. The rank of the observability codistribution at random points tells what holds at almost
 * every state, in any units (exact remainders, or 100 digits where formulas hold exp, log, sin ...). `'uniform'` is
 * said only with a proof for every state of the region and every input of its range: triangular or linear in the
 * system's own coordinates, or through the normal form (5); slopes are bounded by interval arithmetic, cancellations
 * are exact. Otherwise the places where rank is lost are looked for by sampling. Short systems take less than a second,
 * ten states seconds; where formulas grow too long, `note` says what was left out.
 * @throws ArgumentError unless `order` and `points` are whole numbers >= 1 and the formulas are smooth.
 * @paper definition 3.1
 * @reference Hermann & Krener 1977, doi:10.1109/TAC.1977.1101601 (local weak observability); Gauthier, Hammouri &
 * Othman 1992, doi:10.1109/9.256352
 * @example
 * ```ts
 * import {observability, rng} from './lib';
 * const swing = {
 *   name: 'pendulum', states: ['angle', 'speed'], inputs: ['push'], outputs: ['angle'],
 *   dynamics: ['speed', '-sin(angle) + push'], region: [[-1, 1], [-1, 1]],
 * } as const;
 * console.log(observability.analyseObservability(swing, rng(1)).verdict);   // uniform
 * ```
 */
export function analyseObservability(
  system: ControlSystem, rng: Rng, {order = system.states.length, points = 20}: AnalyseOptions = {},
): ObservabilityReport {
  expectOrder('analyseObservability', order);
  expect(Number.isInteger(points) && points >= 1, {
    fn: 'analyseObservability', argument: 'points', expected: 'a whole number >= 1', received: points,
  });
  const compiled = compileSystem(system), n = system.states.length;
  expectSmooth(compiled, 'analyseObservability');
  const tries = Math.min(points, 3);
  const kinds = inputKinds(system).map(({input, free}) =>
    ({input, rank: genericRank(compiled, fold(rng, input), {order, free, tries})}));
  const genericRankFound = kinds.find(r => r.input === 'random')!.rank;
  const common = {system: system.name, states: n, genericRank: genericRankFound};
  if (genericRankFound < n) return {...common, ranks: kinds, verdict: 'unobservable', exceptions: []};
  const {certificate, note: unproved} = certificateOf(compiled, rng, points);
  if (certificate !== undefined && kinds.every(r => r.rank === n)) {
    return {...common, ranks: kinds, verdict: 'uniform', certificate, exceptions: []};
  }
  const {exceptions, ranks: found, note: unsearched} = rankLosses(compiled, order, rng, points);
  const ranks = [...kinds, ...found], notes = [unproved, unsearched].filter(t => t);
  return {
    ...common, ranks, verdict: ranks.every(r => r.rank === n) ? 'generic' : 'depends on the input', exceptions,
    ...(notes.length > 0 && {note: notes.join('; ')}),
  };
}

/** A proof in the coordinates of the system, or else in those of the normal form. */
function certificateOf(compiled: CompiledSystem, rng: Rng, points: number): {certificate?: string; note?: string} {
  const {system, h} = compiled;
  try {
    const certificate = uniformProof(compiled)
      ?? (system.states.length % h.length === 0 ? normalForm(system, rng, {points}).certificate : undefined);
    return {certificate};
  } catch (error) {
    if (error instanceof FormulaTooLarge) return {note: `no proof was looked for beyond this: ${error.message}`};
    throw error;
  }
}

/** Most states of which places of lost rank are looked for: each line costs thousands of ranks. */
const MOST_STATES_SEARCHED = 5;

/** Looks for states and constant inputs that lose rank. */
function rankLosses(
  compiled: CompiledSystem, order: number, rng: Rng, points: number,
): {exceptions: RankLoss[]; ranks: RankUnderInput[]; note?: string} {
  const {system} = compiled, n = system.states.length, ranges = [...system.region, ...inputRanges(system)];
  if (n > MOST_STATES_SEARCHED) return {
    exceptions: [], ranks: [], note: `places of lost rank are looked for up to ${MOST_STATES_SEARCHED} states only`,
  };
  const coordinates = [...system.states, ...system.inputs]
    .map((name, i) => ({name, low: ranges[i][0], high: ranges[i][1]})), matrix = slopesOf(compiled, order);
  const at = (point: readonly number[]) => matrix.at(point.slice(0, n), point.slice(n)).map(row =>
    row.map((v, i) => v * (system.region[i][1] - system.region[i][0]) / 2));
  const exceptions = findRankLoss(at, coordinates, fold(rng, 'rank loss'));
  const blinding = exceptions.filter(e => e.value !== undefined && system.inputs.includes(e.coordinate));
  const tries = Array.from({length: points}, (_, k) => k), placed = (e?: RankLoss) =>
    tries.map(k => [...randomState(system, fold(rng, k)), ...constants(system, rng, k, e)]);
  const ranks = blinding.map(e => ({input: e.where, rank: rankBeside(at, placed(e), placed())}));
  return {exceptions, ranks};
}

/** Random constant inputs, but for one that hides something. */
function constants(system: ControlSystem, rng: Rng, k: number, blinding?: RankLoss): number[] {
  const ranges = inputRanges(system), u = uniform(fold(fold(rng, 'constant'), k), Math.max(1, ranges.length));
  return ranges.map(([low, high], i) =>
    (system.inputs[i] === blinding?.coordinate ? blinding.value! : low + (high - low) * u[i]));
}

interface InputKind { readonly input: string; readonly free: FreeInputs }

function inputKinds({inputs}: ControlSystem): InputKind[] {
  if (inputs.length === 0) return [{input: 'random', free: () => true}];
  const singles =
    inputs.length > 1 ? inputs.map((name, i): InputKind => ({input: `${name} off`, free: input => input !== i})) : [];
  return [
    {input: 'zero', free: () => false}, {input: 'constant', free: (_, k) => k === 0},
    {input: 'random', free: () => true}, ...singles,
  ];
}
