import {expect} from '../errors';
import {fold, rng as makeRng, uniform, type Rng} from '../math';
import {empiricalGramian, type NumericSystem} from './gramian';
import type {ObservabilityVerdict} from './rank';
import {inputRanges, randomInput, randomState} from './randomState';
import {fieldOf, outputsOf} from '../systems/float64';
import type {ControlSystem} from '../systems/system';
import {twinState} from './twinState';

/** What simulation alone found; compare {@link ObservabilityReport}. */
export interface EmpiricalReport {
  readonly verdict: ObservabilityVerdict;
  /** Smallest rank of the Gramian with no input, and under random inputs, at random states. */
  readonly untreated: number;
  readonly treated: number;
  /** Visibility of the faintest direction under random inputs, the smallest over the states tried. */
  readonly visibility: number;
  /** What spoiled a better verdict, e.g. `'a = -1: rank 1'`; empty for `'uniform'`. */
  readonly evidence: string;
}

/** Options of {@link simulateObservability}. */
export interface EmpiricalOptions {
  /**
   * Length of each run, > 0; default four times the time in which the fastest state crosses half its region, so that
   * units of time do not matter.
   */
  readonly horizon?: number;
  /** Parts of a run with an input of their own, >= 1; default 6. */
  readonly parts?: number;
  /** Random states, >= 1; default 2. */
  readonly points?: number;
}

interface Trial { readonly name: string; readonly inputs: number[][] }

/**
 * Observability by simulation, no formula looked at: ranks of the empirical Gramian at random states under no, random
 * and extreme constant inputs, and at states with one component at zero; then a search for a second start with the same
 * outcomes. `'uniform'` here means: nothing spoiled it. States are measured by half the width of their region, outputs
 * by how much they differ between states, so visibility and verdict do not depend on units.
 * @throws ArgumentError for options that make no sense.
 * @paper definition 3.1
 */
export function simulateObservability(
  system: ControlSystem, rng: Rng, {horizon, parts = 6, points = 2}: EmpiricalOptions = {},
): EmpiricalReport {
  expectCounts(horizon, parts, points);
  const n = system.states.length, {length, ...numericSystem} = scaledSystem(system, horizon);
  const trials = inputTrials(system, rng, parts);
  const scales = system.region.map(([low, high]) => (high - low) / 2);
  const states = Array.from({length: points}, (_, k) => randomState(system, fold(rng, k)));
  const gramian = (x: readonly number[], {inputs}: Trial) =>
    empiricalGramian(numericSystem, x, {inputs, horizon: length, scales});
  const found = trials.map(trial => ({name: trial.name, grams: states.map(x => gramian(x, trial))}));
  const rank = (name: string) => Math.min(...found.find(f => f.name === name)!.grams.map(g => g.rank));
  const common = {
    untreated: rank('untreated'), treated: rank('random'),
    visibility: Math.min(...found.find(f => f.name === 'random')!.grams.map(g => g.visibility)),
  };
  if (common.treated < n) {
    return {...common, verdict: 'unobservable', evidence: `rank ${common.treated} of ${n} under random inputs`};
  }
  const blind = trials.find(trial => rank(trial.name) < n);
  if (blind) return {...common, verdict: 'depends on the input', evidence: `${blind.name}: rank ${rank(blind.name)}`};
  const special = specialStates(system, states[0])
    .flatMap(({name, x}) => trials.map(trial => ({name: `${name}, ${trial.name}`, rank: gramian(x, trial).rank})))
    .find(s => s.rank < n);
  if (special) return {...common, verdict: 'generic', evidence: `${special.name}: rank ${special.rank}`};
  const inputs = trials.find(t => t.name === 'random')!.inputs;
  for (const [k, x] of states.entries()) {
    const twin = twinState(numericSystem, x, k === 0 ? fold(rng, 'twin') : fold(fold(rng, 'twin'), k), {
      inputs, horizon: length, region: system.region,
    });
    if (twin) return {...common, verdict: 'generic', evidence: `${point(x)} and ${point(twin.state)} look alike`};
  }
  return {...common, verdict: 'uniform', evidence: ''};
}

function expectCounts(horizon: number | undefined, parts: number, points: number): void {
  const fn = 'simulateObservability';
  expect(horizon === undefined || (horizon > 0 && Number.isFinite(horizon)), {
    fn, argument: 'horizon', expected: 'a finite number > 0', received: horizon,
  });
  for (const [argument, value] of Object.entries({parts, points})) {
    expect(Number.isInteger(value) && value >= 1, {fn, argument, expected: 'a whole number >= 1', received: value});
  }
}

/** The system with each output measured by half its spread over the region, and how long to run it. */
function scaledSystem(system: ControlSystem, horizon: number | undefined): NumericSystem & {readonly length: number} {
  const field = fieldOf(system), outputs = outputsOf(system), places = Array.from({length: 16}, (_, k) =>
    ({x: randomState(system, fold(SCALES, k)), a: randomInput(system, fold(fold(SCALES, 'a'), k))}));
  const seen = places.map(({x}) => outputs(x)), sizes = Array.from(seen[0], (_, j) =>
    (Math.max(...seen.map(y => y[j])) - Math.min(...seen.map(y => y[j]))) / 2 || 1);
  const rates = places.map(({x, a}) =>
    field(x, a).map((v, i) => 2 * Math.abs(v) / (system.region[i][1] - system.region[i][0])));
  const typical = system.states.map((_, i) => rates.map(r => r[i]).sort((p, q) => p - q)[rates.length >> 1]);
  return {
    field, measure: x => outputs(x).map((v, j) => v / sizes[j]), length: horizon ?? 4 / (Math.max(...typical) || 1),
  };
}

/** Scales are looked for at the same places always, so that a verdict's own seed changes places alone. */
const SCALES = makeRng(0);

function inputTrials(system: ControlSystem, rng: Rng, parts: number): Trial[] {
  const ranges = inputRanges(system), all = (value: readonly number[]) => Array.from({length: parts}, () => [...value]);
  const random = Array.from({length: parts}, (_, k) => {
    const u = uniform(fold(fold(rng, 'input'), k), Math.max(1, ranges.length));
    return ranges.map(([low, high], i) => low + (high - low) * u[i]);
  });
  const ends = ranges.flatMap((range, i) => range.map(end =>
    ({name: `${system.inputs[i]} = ${end}`, inputs: random.map(a => a.map((v, j) => (i === j ? end : v)))})));
  return [{name: 'random', inputs: random}, {name: 'untreated', inputs: all(ranges.map(() => 0))}, ...ends];
}

/** The state with one component at zero, for each component whose range holds it. */
function specialStates({states, region}: ControlSystem, x: readonly number[]): {name: string; x: number[]}[] {
  return states.flatMap((name, i) =>
    (region[i][0] <= 0 && region[i][1] >= 0 ? [{name: `${name} = 0`, x: x.map((v, j) => (i === j ? 0 : v))}] : []));
}

const point = (x: ArrayLike<number>): string => `(${Array.from(x, v => String(Number(v.toPrecision(3)))).join(', ')})`;
