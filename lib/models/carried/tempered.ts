import {historyAt, planAt, targetsAt, unitsAt} from '../../data/cut';
import type {Forecast, History} from '../../data/history';
import {lastObserved} from '../../data/last';
import {fitScaler} from '../../data/scaler';
import type {Trajectories} from '../../data/trajectories';
import {expect, expectWhole} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import type {FitContext, FittedForecaster, ForecasterOf} from '../forecaster';

/** Options of {@link tempered}. */
export interface TemperedOptions {
  /** Decision indices at which validation units are asked, at least one, each >= 0. */
  readonly decisions: readonly number[];
  /** Steps ahead that they are asked about at most, >= 1. */
  readonly horizon: number;
  /** Standard errors by which a share is lowered, >= 0. Default 1. */
  readonly caution?: number;
}

/** What {@link tempered} adds to a fitted method. */
export interface Tempered {
  /** `[dy]`: share of its forecast change that each outcome keeps, in [0, 1]; 1 where validation units say nothing. */
  readonly shares: readonly number[];
}

/**
 * The same method, trusted as far as validation units bear it out: of the change that it forecasts, each outcome keeps
 * a share between none (the last measured value stays) and all. Shares are those of least squares over the validation
 * units, lowered by a standard error, which is that of units, not of single values. For outcomes so rarely measured
 * that a fit of them is mostly noise. Draws are moved, not narrowed.
 *
 * Shares are few numbers, but they are fitted: errors on the validation units are too low afterwards.
 * @throws ArgumentError for options out of range, or when no validation unit has a target there
 * @reference Copas 1983, Regression, prediction and shrinkage. doi:10.1111/j.2517-6161.1983.tb01258.x
 */
export function tempered<F extends FittedForecaster>(
  forecaster: ForecasterOf<F>, options: TemperedOptions,
): ForecasterOf<F & Tempered> {
  const {decisions, horizon, caution = 1} = options, fn = 'tempered';
  expectWhole(fn, {horizon, 'number of decisions': decisions.length});
  expect(caution >= 0 && caution < Infinity, {
    fn, argument: 'caution', expected: 'a number >= 0', received: caution,
  });
  return Object.freeze({
    name: forecaster.name,
    information: forecaster.information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const fitted = await forecaster.fit(train, validation, context), {mean} = fitScaler(train);
      const shares = await fitShares(fitted, validation, mean, {decisions, horizon, caution});
      return withShares(fitted, mean, shares);
    },
  });
}

function withShares<F extends FittedForecaster>(
  fitted: F, means: readonly number[], shares: readonly number[],
): F & Tempered {
  const told: Partial<FittedForecaster> & Tempered = {
    shares: Object.freeze(shares),
    forecast: async (history, plan) => moved(await fitted.forecast(history, plan), lastOf(history, means), shares),
    ...(fitted.onOrOff && {onOrOff: above => withShares(fitted.onOrOff!(above), means, shares)}),
  };
  return Object.freeze({...fitted, ...told});
}

/** `[N, dy]`: where forecasts start from. */
const lastOf = (history: History, means: readonly number[]): NdArray => lastObserved(history, means);

/** The forecast with its changes shortened; draws go with their mean. */
function moved({mean, samples, ...rest}: Forecast, {data: last}: NdArray, shares: readonly number[]): Forecast {
  const [, s, dy] = mean.shape;
  const back = mean.data.map((v, k) => (1 - shares[k % dy]) * (last[Math.floor(k / (s * dy)) * dy + k % dy] - v));
  const along = ({shape, data}: NdArray) => ndarray(shape, data.map((v, k) => v + back[k % back.length]));
  return {...rest, mean: along(mean), ...(samples && {samples: along(samples)})};
}

/** Sums over the targets of one unit and outcome: of the forecast change squared, and of it times the true change. */
interface Sums {
  square: number;
  product: number;
}

async function fitShares(
  fitted: FittedForecaster, validation: Trajectories, means: readonly number[], options: Required<TemperedOptions>,
): Promise<number[]> {
  const {shape: [N, T, dy]} = validation.outcomes, {decisions, horizon, caution} = options;
  const sums = Array.from({length: dy}, () => Array.from({length: N}, (): Sums => ({square: 0, product: 0})));
  let targets = 0;
  for (const decision of decisions) {
    const far = Math.min(horizon, T - 1 - decision), units = far > 0 ? unitsAt(validation, decision, far) : [];
    if (units.length === 0) continue;
    const history = historyAt(validation, decision, {units}), last = lastOf(history, means).data;
    const {mean} = await fitted.forecast(history, planAt(validation, decision, far, {units}));
    const {outcomes, observed} = targetsAt(validation, decision, far, {units}), steps = outcomes.shape[1];
    for (let k = 0; k < mean.data.length; k++) {
      if (observed.data[k] === 0) continue;
      const i = Math.floor(k / (steps * dy)), j = k % dy, from = last[i * dy + j], change = mean.data[k] - from;
      sums[j][units[i]].square += change ** 2;
      sums[j][units[i]].product += change * (outcomes.data[k] - from);
      targets++;
    }
  }
  expect(targets > 0, {
    fn: 'tempered', argument: 'validation', expected: 'with a measured target after the decisions', received: 'none',
  });
  return sums.map(own => shareOf(own, caution));
}

/** The share of least squares less `caution` standard errors of it, which treat units as drawn independently. */
function shareOf(units: readonly Sums[], caution: number): number {
  const total = (of: (sums: Sums) => number) => units.reduce((sum, own) => sum + of(own), 0);
  const square = total(own => own.square);
  if (square === 0) return 1;
  const share = total(own => own.product) / square;
  const error = Math.sqrt(total(({square: s, product}) => (product - share * s) ** 2)) / square;
  return Math.max(0, Math.min(1, share - caution * error));
}
