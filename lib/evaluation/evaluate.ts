import {historyAt, planAt, targetsAt, unitsAt} from '../data/cut';
import type {Plan} from '../data/history';
import {timeAt} from '../data/times';
import type {Trajectories} from '../data/trajectories';
import {expect} from '../errors';
import type {FittedForecaster, Information} from '../models/forecaster';
import {scoredMetric, type Metric, type ScoredMetric} from './metric';
import {rmse} from './metrics';
import {byTime, cellEdges, scoredProtocol, type Protocol, type ScoredDecision, type ScoredProtocol} from './protocol';
import {addScores, emptyTally, type Tally} from './tally';

/** How far forecasts of one outcome at one target were from it, known up to one decision. */
export interface ScoreCell {
  /** Name of the outcome. */
  readonly outcome: string;
  /** Index of the last known outcome; for a protocol by time, the decision's time. */
  readonly decision: number;
  /**
   * Steps ahead, s = target - decision; by time, the duration at which the cell ends: it holds the targets since the
   * cell before.
   */
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

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** What to count beside the root mean squared error, each with a name of its own. Default: nothing. */
  readonly metrics?: readonly Metric[];
}

/**
 * Scores a fitted forecaster on test trajectories. For every decision it is given the history and the plan, nothing
 * else. Units that have not begun, are no longer followed or have no time to forecast within the horizon are not asked.
 * @throws ArgumentError when the protocol does not fit the data, a forecast has a wrong shape or a value that is not
 * finite, or a metric needs draws that the forecaster does not give
 * @example
 * ```ts
 * import {evaluate, persistence, protocol, rng, unscaled} from './lib';
 * import {confoundedPendulum} from './lib/studies/pendulum';
 * const [train, test] = [1, 2].map(seed => confoundedPendulum(rng(seed), {steps: 12}).trajectories);
 * const model = await persistence.fit(train, train, {rng: rng(3)});
 * const rule = protocol({name: 'two decisions', decisions: [4, 8], horizon: 3, scaling: unscaled(1)});
 * const {cells} = await evaluate(model, test, rule);
 * console.log(cells.length);   // 6
 * ```
 */
export async function evaluate(
  fitted: FittedForecaster, test: Trajectories, protocol: Protocol, {metrics: more = []}: EvaluateOptions = {},
): Promise<Scores> {
  const {channels} = test, cells: ScoreCell[] = [], metrics = withRmse(more);
  expect(protocol.scaling.divisors.length === channels.outcomes.length, {
    fn: 'evaluate', argument: 'protocol.scaling', expected: `for ${channels.outcomes.length} outcomes`,
    received: protocol.scaling.divisors,
  });
  for (const c of protocol.decisions) {
    const tallies = await talliesAt(fitted, test, c, {...protocol, metrics}), at = byTime(c) ? c.time : c;
    channels.outcomes.forEach(({name}, j) => {
      const divisor = protocol.scaling.divisors[j];
      if (divisor === undefined) return;
      tallies.forEach((tally, k) => {
        const horizon = byTime(c) ? cellEdges(protocol)[k] : k + 1, count = tally.count[j];
        const place = {outcome: name, decision: at, horizon, target: sum(at, horizon)};
        if (count > 0) cells.push({...place, ...totals(metrics, tally, j, divisor), count});
      });
    });
  }
  const {name: forecaster, information} = fitted, others = metrics.slice(1).map(scoredMetric);
  const counted = {protocol: scoredProtocol(protocol), ...(others.length > 0 ? {metrics: others} : {})};
  return Object.freeze({forecaster, information, data: test.name, ...counted, cells});
}

/** A sum of times without its rounding error, so that equal targets of different decisions are equal numbers. */
const sum = (time: number, duration: number): number => Number((time + duration).toPrecision(12));

function withRmse(more: readonly Metric[]): readonly Metric[] {
  const metrics = [rmse, ...more.filter(metric => metric !== rmse)], names = metrics.map(({name}) => name);
  expect(new Set(names).size === names.length, {
    fn: 'evaluate', argument: 'metrics', expected: 'with names of their own', received: names,
  });
  return metrics;
}

/** What a cell says of outcome `j`. */
function totals(
  metrics: readonly Metric[], {sums, count}: Tally, j: number, divisor: number,
): Pick<ScoreCell, 'rmse' | 'values'> {
  const [error, ...others] = metrics.map(({unit, total = mean => mean}, m) =>
    total(sums[m][j] / count[j]) / (unit === 'outcome' ? divisor : 1));
  if (others.length === 0) return {rmse: error};
  return {rmse: error, values: Object.fromEntries(others.map((value, m) => [metrics[m + 1].name, value]))};
}

/** A protocol, and what is counted under it. */
type Asked = Protocol & {readonly metrics: readonly Metric[]};

/** Scores per cell and outcome, over all units and plans. */
async function talliesAt(
  fitted: FittedForecaster, test: Trajectories, decision: ScoredDecision, protocol: Asked,
): Promise<Tally[]> {
  const dy = test.channels.outcomes.length, tallies: Tally[] = [], {metrics} = protocol;
  for (const truth of protocol.plans.at(test, decision)) {
    const [N] = truth.outcomes.shape, {horizon, asked} = reach(truth, decision, protocol);
    const chosen = asked.length < N ? {units: asked} : {}, plan = planAt(truth, decision, horizon, chosen);
    const cellOf = cellsOf(plan, decision, protocol), steps = plan.treatments.shape[1];
    const cells = byTime(decision) ? cellEdges(protocol).length : steps;
    while (tallies.length < cells) tallies.push(emptyTally(metrics, dy));
    const forecast = await fitted.forecast(historyAt(truth, decision, chosen), plan);
    const target = targetsAt(truth, decision, horizon, chosen);
    addScores(metrics, fitted.name, {forecast, target, tallyOf: (i, k) => tallies[cellOf(i, k)]});
  }
  return tallies;
}

/** How far ahead `truth` can be asked, and about whom. */
function reach(truth: Trajectories, decision: ScoredDecision, {horizon, until = Infinity}: Protocol) {
  const T = truth.outcomes.shape[1];
  const far = byTime(decision) ? horizon : Math.min(horizon, until - decision, T - 1 - decision);
  const asked = unitsAt(truth, decision, far);
  expect(asked.length > 0, {
    fn: 'evaluate', argument: 'protocol.decisions', received: decision,
    expected: byTime(decision)
      ? 'times with a target within the horizon after them'
      : 'indices with a target after them',
    remedy: `${truth.name} has ${T} times.`,
  });
  return {horizon: far, asked};
}

/**
 * Which cell step `k` of a plan's row `i` belongs to: its step, or after a time the first that does not end before it.
 */
function cellsOf(plan: Plan, decision: ScoredDecision, protocol: Protocol): (i: number, k: number) => number {
  if (!byTime(decision)) return (_, k) => k;
  const edges = cellEdges(protocol), ahead = (i: number, k: number) => timeAt(plan.time, i, k + 1) - decision.time;
  return (i, k) => Math.min(edges.length - 1, edges.filter(edge => edge * (1 + 1e-9) < ahead(i, k)).length);
}
