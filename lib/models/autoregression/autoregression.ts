import {historyAt, planAt, targetsAt} from '../../data/cut';
import type {History, Plan} from '../../data/history';
import {expectOnGrid, expectPlan} from '../../data/question';
import {fitScaler, type Scaler} from '../../data/scaler';
import {gridOf, targetTimes} from '../../data/times';
import type {Transform} from '../../data/transform';
import type {Trajectories} from '../../data/trajectories';
import {expect} from '../../errors';
import {ndarray} from '../../math/ndarray';
import type {Forecaster, FittedForecaster} from '../forecaster';
import {ridge, type RidgeFit} from '../../math/ridge';
import {lastStandardised, tabular} from '../parts/tabular';

/** Options of {@link autoregression}. */
export interface AutoregressionOptions {
  /**
   * Which planned treatments it sees: none, the one given at t_c, or all up to the time to forecast. Default `'all'`.
   * `'current'` is what a regression on "outcomes and treatments up to t_c" uses, the treatment at t_c being the first
   * of the plan.
   */
  readonly plan?: 'none' | 'current' | 'all';
  /** Penalty on the weights of standardised features, above 0. Default 1. */
  readonly lambda?: number;
  /** Applied to the outcomes before anything else, one or one each. Default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
}

/**
 * Ridge regression of the change since t_c on the whole history, and on planned treatments if it may see them:
 * one fit for every decision time, horizon and outcome, made when first asked for. The reference to beat: it is linear,
 * but it overlooks nothing. It needs a grid that all units share: a weight belongs to a time. An outcome that no
 * training unit has at the time to forecast, as covariates never do, stays at its last value.
 * @throws ArgumentError for options outside their ranges; from `fit`: for units with times of their own; from
 * `forecast`: for questions at other times than those of the training data
 * @reference Hoerl, Kennard 1970, Ridge regression: biased estimation for nonorthogonal problems.
 * doi:10.1080/00401706.1970.10488634
 */
export function autoregression(
  {plan = 'all', lambda = 1, transform = 'identity'}: AutoregressionOptions = {},
): Forecaster {
  expect(['none', 'current', 'all'].includes(plan), {
    fn: 'autoregression', argument: 'plan', expected: "'none', 'current' or 'all'", received: plan,
  });
  expect(lambda > 0 && lambda < Infinity, {
    fn: 'autoregression', argument: 'lambda', expected: 'finite and above 0', received: lambda,
  });
  const log = transform === 'identity' ? '' : ', log scale';
  const seen = {none: 'no plan', current: 'treatment at t_c', all: 'plan'}[plan];
  const name = `ridge (${seen}${log})`, information = plan === 'none' ? 'history' : 'history + plan';
  return Object.freeze({
    name, information,
    async fit(train: Trajectories) {
      gridOf(train, 'autoregression.fit');
      const scale = fitScaler(train, {transform}), fits = new Map<string, RidgeFit[]>();
      const fitAt = (c: number, s: number) => {
        const key = `${c} ${s}`, found = fits.get(key) ?? regress({train, scale, seen: plan, lambda}, c, s);
        fits.set(key, found);
        return found;
      };
      const fitted: FittedForecaster = {
        name, information,
        forecast: async (history, future) => answer({train, scale, seen: plan, fitAt}, history, future),
      };
      return Object.freeze(fitted);
    },
  });
}

type Seen = NonNullable<AutoregressionOptions['plan']>;

/** How many of the planned treatments are seen `s` steps ahead. */
const stepsSeen = (seen: Seen, s: number): number => ({none: 0, current: 1, all: s})[seen];

/** What is regressed on what, and how much large weights cost. */
interface Regression {
  readonly train: Trajectories;
  readonly scale: Scaler;
  readonly seen: Seen;
  readonly lambda: number;
}

/** One fit per outcome of the standardised change between decision index c and c + s. */
function regress({train, scale, seen, lambda}: Regression, c: number, s: number): RidgeFit[] {
  const history = historyAt(train, c), target = targetsAt(train, c, s), [N, , dy] = target.outcomes.shape;
  const x = tabular(history, planAt(train, c, s), stepsSeen(seen, s), scale), last = lastStandardised(history, scale);
  const z = scale.forward(target.outcomes);
  const at = (i: number, j: number) => (i * s + s - 1) * dy + j;
  return Array.from({length: dy}, (_, j) => {
    const y = Float64Array.from({length: N}, (_, i) => z.data[at(i, j)] - last.data[i * dy + j]);
    const measured = (i: number) => target.observed.data[at(i, j)] === 1;
    return y.some((_, i) => measured(i)) ? ridge(x, y, lambda, measured) : unchanged(x.shape[1]);
  });
}

/** No change, whatever the `d` features. */
const unchanged = (d: number): RidgeFit => ({weights: new Float64Array(d), intercept: 0});

/** All regressions of a training set. */
interface Regressions extends Omit<Regression, 'lambda'> {
  readonly fitAt: (c: number, s: number) => RidgeFit[];
}

function answer({train, scale, seen, fitAt}: Regressions, history: History, plan: Plan) {
  expectPlan('autoregression', history, plan);
  const [N, s] = plan.treatments.shape, dy = scale.mean.length, c = history.outcomes.shape[1] - 1, grid = gridOf(train);
  const fn = 'autoregression.forecast';
  expectOnGrid(fn, grid, history, plan);
  expect(c + s < grid.length, {
    fn, argument: 'plan.time', expected: `up to ${grid.at(-1)}, where its training data end`, received: plan.time,
    remedy: 'Ask for fewer steps, or fit it on longer series.',
  });
  const last = lastStandardised(history, scale), out = new Float64Array(N * s * dy);
  for (let k = 1; k <= s; k++) {
    const {shape: [, d], data} = tabular(history, plan, stepsSeen(seen, k), scale), fits = fitAt(c, k);
    for (let i = 0; i < N; i++)
      for (let j = 0; j < dy; j++) {
        let sum = fits[j].intercept + last.data[i * dy + j];
        for (let f = 0; f < d; f++) sum += fits[j].weights[f] * data[i * d + f];
        out[(i * s + k - 1) * dy + j] = sum;
      }
  }
  return {time: targetTimes(plan), mean: scale.inverse(ndarray([N, s, dy], out))};
}
