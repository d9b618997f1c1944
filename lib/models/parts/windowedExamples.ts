import {historyAt, planAt, targetsAt} from '../../data/cut';
import type {GridTrajectories} from '../../data/trajectories';
import {choice} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import type {Rng} from '../../math/rng';
import {lastStandardised} from './tabular';
import {features, type Reading} from './windowedFeatures';

/** What one regression learns: an outcome so many steps ahead. */
export interface Question {
  readonly steps: number;
  readonly outcome: number;
}

/** Questions with their answers. */
export interface Examples {
  /** `[n, d]` */
  readonly features: NdArray;
  /** `[n]`: standardised change since the last measured value. */
  readonly targets: Float64Array;
}

/**
 * Questions of all units at all decision times, as far as their answer was measured; at most `rows`, drawn without
 * replacement.
 * @returns undefined if nothing was measured
 */
export function examples(
  data: GridTrajectories, question: Question, reading: Reading, limit: Limit,
): Examples | undefined {
  const {rows, rng} = limit, pairs = answered(data, question), count = Math.min(rows, pairs.length);
  if (count === 0) return undefined;
  const units = new Map<number, number[]>();
  const chosen = count < pairs.length ? choice(rng, pairs.length, count).sort() : pairs.keys();
  for (const k of chosen) {
    const {unit, decision} = pairs[k];
    const found = units.get(decision);
    if (found) found.push(unit);
    else units.set(decision, [unit]);
  }
  return stacked([...units].map(([decision, at]) => examplesAt(data, {decision, units: at}, question, reading)));
}

interface Limit {
  readonly rows: number;
  readonly rng: Rng;
}

interface Pair {
  readonly unit: number;
  readonly decision: number;
}

/** Units and decisions for which the outcome that is asked for was measured. */
function answered({outcomes: {shape: [N, T, dy]}, observed}: GridTrajectories, {steps, outcome}: Question): Pair[] {
  const pairs: Pair[] = [];
  for (let decision = 0; decision + steps < T; decision++)
    for (let unit = 0; unit < N; unit++)
      if (observed.data[(unit * T + decision + steps) * dy + outcome] === 1) pairs.push({unit, decision});
  return pairs;
}

interface Asked {
  readonly decision: number;
  readonly units: readonly number[];
}

function examplesAt(data: GridTrajectories, {decision, units}: Asked, question: Question, reading: Reading): Examples {
  const {steps, outcome} = question, {scale} = reading, {outcomes} = targetsAt(data, decision, steps, {units});
  const history = historyAt(data, decision, {units}), last = lastStandardised(history, scale), [, dy] = last.shape;
  const z = scale.forward(outcomes), end = (i: number) => ((i + 1) * steps - 1) * dy + outcome;
  return {
    features: features(history, planAt(data, decision, steps, {units}), steps, reading),
    targets: Float64Array.from(units, (_, i) => z.data[end(i)] - last.data[i * dy + outcome]),
  };
}

function stacked(parts: readonly Examples[]): Examples {
  const rows = parts.reduce((sum, {targets}) => sum + targets.length, 0), d = parts[0].features.shape[1];
  const data = new Float64Array(rows * d), targets = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    data.set(part.features.data, at * d);
    targets.set(part.targets, at);
    at += part.targets.length;
  }
  return {features: ndarray([rows, d], data), targets};
}
