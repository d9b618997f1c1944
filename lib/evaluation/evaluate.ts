import {historyAt, planAt, targetsAt, unitsAt, type Targets} from '../data/cut';
import type {Forecast, Plan} from '../data/history';
import {timeAt} from '../data/times';
import type {Trajectories} from '../data/trajectories';
import {expect} from '../errors';
import type {FittedForecaster, Information} from '../models/forecaster';
import type {ScoredMetric} from './metric';
import {byTime, cellEdges, scoredProtocol, type Protocol, type ScoredDecision, type ScoredProtocol} from './protocol';

/** Root mean squared error of one outcome at one target, known up to one decision index. */
export interface ScoreCell {
  /** Name of the outcome. */
  readonly outcome: string;
  /** Index of the last known outcome; for a protocol by time, the decision's time. */
  readonly decision: number;
  /** Steps ahead, s = target - decision; by time, the duration at which the cell ends: it holds the targets since the cell before. */
  readonly horizon: number;
  /** Index of the outcome that is scored; by time, the time at which the cell ends. */
  readonly target: number;
  /** Root mean squared error in the protocol's unit. */
  readonly rmse: number;
  /** Further metrics by name; see `Scores.metrics` for their units. Undefined where none was asked for. */
  readonly values?: Readonly<Record<string, number>>;
  /** Number of measured targets behind it. */
  readonly count: number;
}

/** What a forecaster scored, with what it knew and how it was counted. */
export interface Scores {
  readonly forecaster: string;
  readonly information: Information;
  /** Name of the test data. */
  readonly data: string;
  readonly protocol: ScoredProtocol;
  /** The metrics beside the root mean squared error. Undefined where none was asked for. */
  readonly metrics?: readonly ScoredMetric[];
  /** Only cells with at least one measured target. */
  readonly cells: readonly ScoreCell[];
}

/**
 * Scores a fitted forecaster on test trajectories. For every decision it is given the history and the plan, nothing else. Units that
 * have not begun, are no longer followed or have no time to forecast within the horizon are not asked.
 * @throws ArgumentError when the protocol does not fit the data or a forecast has a wrong shape or a value that is not finite
 * @example
 * ```ts
 * import {evaluate, persistence, protocol, rng, unscaled} from './lib';
 * import {cancerCohort} from './lib/studies/cancer';
 * const [train, test] = [1, 2].map(seed => cancerCohort({patients: 50, rng: rng(seed)}).trajectories);
 * const model = await persistence.fit(train, train, {rng: rng(3)});
 * const rule = protocol({name: 'two decisions', decisions: [4, 8], horizon: 3, scaling: unscaled(2)});
 * const {cells} = await evaluate(model, test, rule);
 * console.log(cells.length);   // 12
 * ```
 */
export async function evaluate(fitted: FittedForecaster, test: Trajectories, protocol: Protocol): Promise<Scores> {
  const {channels} = test, cells: ScoreCell[] = [];
  expect(protocol.scaling.divisors.length === channels.outcomes.length, {
    fn: 'evaluate', argument: 'protocol.scaling', expected: `for ${channels.outcomes.length} outcomes`, received: protocol.scaling.divisors,
  });
  for (const c of protocol.decisions) {
    const squares = await squaresAt(fitted, test, c, protocol), at = byTime(c) ? c.time : c;
    channels.outcomes.forEach(({name}, j) => {
      const divisor = protocol.scaling.divisors[j];
      if (divisor === undefined) return;
      squares.forEach(({sum, count}, k) => {
        const rmse = Math.sqrt(sum[j] / count[j]) / divisor;
        const horizon = byTime(c) ? cellEdges(protocol)[k] : k + 1;
        if (count[j] > 0) cells.push({outcome: name, decision: at, horizon, target: at + horizon, rmse, count: count[j]});
      });
    });
  }
  const {name: forecaster, information} = fitted;
  return Object.freeze({forecaster, information, data: test.name, protocol: scoredProtocol(protocol), cells});
}

interface Squares {
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

/** Squared errors per cell and outcome, over all units and plans. */
async function squaresAt(fitted: FittedForecaster, test: Trajectories, decision: ScoredDecision, protocol: Protocol): Promise<Squares[]> {
  const dy = test.channels.outcomes.length, squares: Squares[] = [];
  for (const truth of protocol.plans.at(test, decision)) {
    const horizon = reach(truth, decision, protocol), [N] = truth.outcomes.shape, asked = unitsAt(truth, decision, horizon);
    const chosen = asked.length < N ? {units: asked} : {}, plan = planAt(truth, decision, horizon, chosen);
    const cellOf = cellsOf(plan, decision, protocol), steps = plan.treatments.shape[1];
    const cells = byTime(decision) ? cellEdges(protocol).length : steps;
    while (squares.length < cells) squares.push({sum: new Float64Array(dy), count: new Float64Array(dy)});
    const forecast = await fitted.forecast(historyAt(truth, decision, chosen), plan);
    addSquares((i, k) => squares[cellOf(i, k)], fitted.name, forecast, targetsAt(truth, decision, horizon, chosen));
  }
  return squares;
}

/** How far ahead `truth` can be asked. */
function reach(truth: Trajectories, decision: ScoredDecision, {horizon, until = Infinity}: Protocol): number {
  const T = truth.outcomes.shape[1], far = byTime(decision) ? horizon : Math.min(horizon, until - decision, T - 1 - decision);
  const some = byTime(decision) ? unitsAt(truth, decision, far).length > 0 : far >= 1;
  expect(some, {
    fn: 'evaluate', argument: 'protocol.decisions', received: decision,
    expected: byTime(decision) ? 'times with a target within the horizon after them' : 'indices with a target after them',
    remedy: `${truth.name} has ${T} times.`,
  });
  return far;
}

/** Which cell step `k` of a plan's row `i` belongs to: its step, or after a time the first that does not end before it. */
function cellsOf(plan: Plan, decision: ScoredDecision, protocol: Protocol): (i: number, k: number) => number {
  if (!byTime(decision)) return (_, k) => k;
  const edges = cellEdges(protocol), ahead = (i: number, k: number) => timeAt(plan.time, i, k + 1) - decision.time;
  return (i, k) => Math.min(edges.length - 1, edges.filter(edge => edge * (1 + 1e-9) < ahead(i, k)).length);
}

/** @param cell where step `k` of unit `i` is counted */
function addSquares(cell: (i: number, k: number) => Squares, name: string, {mean}: Forecast, target: Targets): void {
  const [N, s, dy] = target.outcomes.shape, fn = `${name}.forecast`;
  expect(mean.shape.length === 3 && mean.shape.every((n, k) => n === target.outcomes.shape[k]), {fn, argument: 'mean', expected: `of shape [${N}, ${s}, ${dy}]`, received: mean.shape});
  expect(mean.data.length === target.outcomes.data.length, {fn, argument: 'mean', expected: `${target.outcomes.data.length} values for its shape`, received: mean.data.length});
  for (let i = 0; i < mean.data.length; i++) {
    if (target.observed.data[i] === 0) continue;
    const unit = Math.floor(i / (s * dy)), step = Math.floor(i / dy) % s, error = mean.data[i] - target.outcomes.data[i];
    const {sum, count} = cell(unit, step);
    expect(Number.isFinite(error), {
      fn, argument: 'mean', expected: 'finite everywhere', received: mean.data[i],
      remedy: `Unit ${unit}, step ${step + 1}, outcome ${i % dy}.`,
    });
    sum[i % dy] += error ** 2;
    count[i % dy]++;
  }
}
