import {historyAt, planAt, targetsAt, type Targets} from '../data/cut';
import type {Forecast} from '../data/history';
import type {Trajectories} from '../data/trajectories';
import {expect} from '../errors';
import type {FittedForecaster, Information} from '../models/forecaster';
import type {ScoredMetric} from './metric';
import {scoredProtocol, type Protocol, type ScoredProtocol} from './protocol';

/** Root mean squared error of one outcome at one target, known up to one decision index. */
export interface ScoreCell {
  /** Name of the outcome. */
  readonly outcome: string;
  /** Index of the last known outcome. */
  readonly decision: number;
  /** Steps ahead, s = target - decision. */
  readonly horizon: number;
  /** Index of the outcome that is scored. */
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
 * Scores a fitted forecaster on test trajectories. For every decision index it is given the history and the plan, nothing else.
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
    const squares = await squaresAt(fitted, test, c, protocol);
    channels.outcomes.forEach(({name}, j) => {
      const divisor = protocol.scaling.divisors[j];
      if (divisor === undefined) return;
      squares.forEach(({sum, count}, k) => {
        const rmse = Math.sqrt(sum[j] / count[j]) / divisor;
        if (count[j] > 0) cells.push({outcome: name, decision: c, horizon: k + 1, target: c + k + 1, rmse, count: count[j]});
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

/** Squared errors per step ahead and outcome, over all units and plans. */
async function squaresAt(fitted: FittedForecaster, test: Trajectories, c: number, {horizon, until = Infinity, plans}: Protocol): Promise<Squares[]> {
  const dy = test.channels.outcomes.length, squares: Squares[] = [];
  for (const truth of plans.at(test, c)) {
    const s = Math.min(horizon, until - c, truth.time.length - 1 - c);
    expect(s >= 1, {
      fn: 'evaluate', argument: 'protocol.decisions', expected: 'indices with a target after them', received: c,
      remedy: `${truth.name} has ${truth.time.length} times.`,
    });
    while (squares.length < s) squares.push({sum: new Float64Array(dy), count: new Float64Array(dy)});
    const forecast = await fitted.forecast(historyAt(truth, c), planAt(truth, c, s));
    addSquares(squares, fitted.name, forecast, targetsAt(truth, c, s));
  }
  return squares;
}

function addSquares(squares: readonly Squares[], name: string, {mean}: Forecast, target: Targets): void {
  const [N, s, dy] = target.outcomes.shape, fn = `${name}.forecast`;
  expect(mean.shape.length === 3 && mean.shape.every((n, k) => n === target.outcomes.shape[k]), {fn, argument: 'mean', expected: `of shape [${N}, ${s}, ${dy}]`, received: mean.shape});
  expect(mean.data.length === target.outcomes.data.length, {fn, argument: 'mean', expected: `${target.outcomes.data.length} values for its shape`, received: mean.data.length});
  for (let i = 0; i < mean.data.length; i++) {
    if (target.observed.data[i] === 0) continue;
    const error = mean.data[i] - target.outcomes.data[i], {sum, count} = squares[Math.floor(i / dy) % s];
    expect(Number.isFinite(error), {
      fn, argument: 'mean', expected: 'finite everywhere', received: mean.data[i],
      remedy: `Unit ${Math.floor(i / (s * dy))}, step ${(Math.floor(i / dy) % s) + 1}, outcome ${i % dy}.`,
    });
    sum[i % dy] += error ** 2;
    count[i % dy]++;
  }
}
