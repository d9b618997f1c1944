import type {Forecast, GridHistory, GridPlan, History, Plan} from '../../data/history';
import {expectPlan} from '../../data/question';
import {fitScaler} from '../../data/scaler';
import {gridOf, targetTimes} from '../../data/times';
import type {Transform} from '../../data/transform';
import type {GridTrajectories, Trajectories} from '../../data/trajectories';
import {expect, expectWhole} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {ridge, type RidgeFit} from '../../math/ridge';
import type {FitContext, Forecaster} from '../forecaster';
import {firstSteps} from '../parts/steps';
import {lastStandardised} from '../parts/tabular';
import {examples} from '../parts/windowedExamples';
import {features, type Reading} from '../parts/windowedFeatures';

/** Options of {@link windowedRidge}. */
export interface WindowedRidgeOptions {
  /** So many of the last times are read as they stand, >= 1; of what was measured before, the last value. Default 2. */
  readonly window?: number;
  /** Penalty on the weights of standardised features, above 0. Default 300. */
  readonly lambda?: number;
  /** Whether it sees the planned treatments. Default `'all'`. */
  readonly plan?: 'none' | 'all';
  /** Examples (a unit at a decision time) for each regression at most, >= 1, drawn at random. Default 5000. */
  readonly rows?: number;
  /** Applied to the outcomes before anything else, one or one each. Default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
}

/**
 * Ridge regression of the change since the last measured value on the last few times, on the last value of everything
 * and on the plan: one fit for each outcome and number of steps, of all decision times together. Where units are few
 * and much is missing it is the line to beat: a fit for each decision time has more features than units. What
 * nobody has at the time to forecast, and covariates, stay at their last value.
 * Units must share one grid of times.
 * @throws ArgumentError for options out of range; when fitted or asked, for units with times of their own
 * @reference Hoerl, Kennard 1970, Ridge regression: biased estimation for nonorthogonal problems.
 * doi:10.1080/00401706.1970.10488634
 */
export function windowedRidge(options: WindowedRidgeOptions = {}): Forecaster {
  const settings = checked(options), {plan} = settings;
  const name = `ridge, windowed (${plan === 'none' ? 'no plan' : 'plan'})`;
  const information = plan === 'none' ? 'history' : 'history + plan';
  return Object.freeze({
    name, information,
    async fit(train: Trajectories, _: Trajectories, {rng}: FitContext) {
      const data = {...train, time: gridOf(train, `${FN}.fit`)}, lines = learner(settings, data, rng);
      return Object.freeze({
        name, information,
        async forecast(history: History, future: Plan): Promise<Forecast> {
          expectPlan(FN, history, future);
          const fn = `${FN}.forecast`, known = {...history, time: gridOf(history, fn)};
          const asked = {...future, time: gridOf(future, fn)};
          return {time: targetTimes(future), mean: answer(lines, known, asked)};
        },
      });
    },
  });
}

const FN = 'windowedRidge';

function checked({window = 2, lambda = 300, plan = 'all', rows = 5000, transform = 'identity'}: WindowedRidgeOptions) {
  expectWhole(FN, {window, rows});
  expect(lambda > 0 && lambda < Infinity, {
    fn: FN, argument: 'lambda', expected: 'finite and above 0', received: lambda,
  });
  expect(plan === 'none' || plan === 'all', {
    fn: FN, argument: 'plan', expected: "'none' or 'all'", received: plan,
  });
  return {window, lambda, plan, rows, transform};
}

/** Lines made when first asked for. */
interface Lines {
  readonly reading: Reading;
  /** Undefined for covariates, and where the outcome was never measured so many steps after anything. */
  readonly line: (steps: number, outcome: number) => RidgeFit | undefined;
}

function learner(
  {window, lambda, plan, rows, transform}: ReturnType<typeof checked>, train: GridTrajectories, rng: Rng,
): Lines {
  const reading: Reading = {scale: fitScaler(train, {transform}), window, last: true, planned: plan === 'all'};
  const make = (steps: number, outcome: number): RidgeFit | undefined => {
    if (train.channels.outcomes[outcome].role === 'covariate') return undefined;
    const own = examples(train, {steps, outcome}, reading, {rows, rng: fold(rng, `${steps} ${outcome}`)});
    return own && ridge(own.features, own.targets, lambda);
  };
  const made = new Map<string, RidgeFit | undefined>();
  return {
    reading,
    line(steps, outcome) {
      const key = `${steps} ${outcome}`;
      if (!made.has(key)) made.set(key, make(steps, outcome));
      return made.get(key);
    },
  };
}

/** `[N, s, dy]` */
function answer({reading, line}: Lines, history: GridHistory, plan: GridPlan): NdArray {
  const {scale} = reading, [N, s] = plan.treatments.shape, dy = scale.mean.length;
  const last = lastStandardised(history, scale), out = new Float64Array(N * s * dy);
  for (let k = 1; k <= s; k++) {
    const x = features(history, firstSteps(plan, k), k, reading), [, d] = x.shape;
    for (let j = 0; j < dy; j++) {
      const fit = line(k, j);
      for (let i = 0; i < N; i++) {
        let sum = last.data[i * dy + j] + (fit?.intercept ?? 0);
        for (let f = 0; fit && f < d; f++) sum += fit.weights[f] * x.data[i * d + f];
        out[(i * s + k - 1) * dy + j] = sum;
      }
    }
  }
  return scale.inverse(ndarray([N, s, dy], out));
}
