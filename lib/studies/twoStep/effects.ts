import {historyAt} from '../../data/cut';
import {gridOf} from '../../data/times';
import type {Trajectories} from '../../data/trajectories';
import {mean} from '../../math/statistics';
import {ndarray} from '../../math/ndarray';
import type {FittedForecaster} from '../../models/forecaster';
import type {TwoStepOptions} from './cohort';
import {twoStepBias} from './truth';

/**
 * What the second treatment does to the last outcome of the two-step toy, as a forecaster sees it: mean forecast under
 * `(a, 1)` minus that under `(a, 0)`, over units and both first treatments. In truth it is the toy's `effect`.
 * @param test units of `twoStepCohort`; only their outcomes at time 0 are used
 */
export async function secondEffect(fitted: FittedForecaster, test: Trajectories): Promise<number> {
  const history = historyAt(test, 0), N = test.outcomes.shape[0], time = gridOf(test, 'secondEffect').slice(0, 3);
  const under = async (first: number, second: number) => {
    const {mean: forecast} = await fitted.forecast(history, {
      time, treatments: ndarray([N, 2, 1], Float64Array.from({length: 2 * N}, (_, i) => (i % 2 ? second : first))),
    });
    return mean(forecast.data.filter((_, i) => i % 2 === 1));
  };
  return (await under(0, 1) - await under(0, 0) + await under(1, 1) - await under(1, 0)) / 2;
}

/** What {@link secondEffect} is for a regression on the records: the effect plus the toy's bias, by quadrature. */
export function confoundedEffect(test: Trajectories, options: TwoStepOptions = {}): number {
  const {effect = -1} = options, [N, T] = test.outcomes.shape;
  const bias = (centre: number) => twoStepBias(centre, 1, options) - twoStepBias(centre, 0, options);
  return effect
    + mean(Array.from({length: N}, (_, i) => test.outcomes.data[i * T]).flatMap(y => [bias(y), bias(y + effect)]));
}
