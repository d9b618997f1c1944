import type {History, Plan} from '../../data/history';
import {expectPlan} from '../../data/question';
import type {Trajectories} from '../../data/trajectories';
import {expect} from '../../errors';
import {ndarray} from '../../math/ndarray';
import type {Forecaster} from '../forecaster';

/**
 * The mean of the training outcomes at each time, whoever the patient: what is known without looking at anybody.
 * Between training times it is interpolated linearly; outside them it refuses.
 */
export const perTimeMean: Forecaster = Object.freeze({
  name: 'mean per time', information: 'none',
  async fit(train: Trajectories) {
    const means = meansPerTime(train), {time} = train, dy = train.outcomes.shape[2];
    return Object.freeze({
      name: 'mean per time', information: 'none' as const,
      async forecast(history: History, plan: Plan) {
        expectPlan('perTimeMean', history, plan);
        const [N, s] = plan.treatments.shape, row = new Float64Array(s * dy), out = new Float64Array(N * s * dy);
        for (let k = 0; k < row.length; k++) row[k] = interpolate(time, t => means[t * dy + (k % dy)], plan.time[1 + Math.floor(k / dy)]);
        for (let i = 0; i < N; i++) out.set(row, i * row.length);
        return {time: plan.time.slice(1), mean: ndarray([N, s, dy], out)};
      },
    });
  },
});

/** `[T * dy]`: means over the units measured at each time. @throws ArgumentError when nobody was */
function meansPerTime({outcomes, observed}: Trajectories): Float64Array {
  const [N, T, dy] = outcomes.shape, sum = new Float64Array(T * dy), count = new Float64Array(T * dy);
  for (let i = 0; i < N * T * dy; i++) {
    sum[i % (T * dy)] += outcomes.data[i] * observed.data[i];
    count[i % (T * dy)] += observed.data[i];
  }
  const empty = count.indexOf(0);
  expect(empty < 0, {
    fn: 'perTimeMean.fit', argument: 'train', expected: 'measured at least once at every time', received: `no value at time index ${Math.floor(empty / dy)}, outcome ${empty % dy}`,
  });
  return sum.map((total, k) => total / count[k]);
}

function interpolate(time: Float64Array, value: (t: number) => number, at: number): number {
  const last = time.length - 1;
  expect(at >= time[0] && at <= time[last], {
    fn: 'perTimeMean.forecast', argument: 'plan.time', expected: `within the training times [${time[0]}, ${time[last]}]`, received: at,
  });
  const right = Math.max(1, time.findIndex(t => t >= at)), share = (at - time[right - 1]) / (time[right] - time[right - 1]);
  return value(right - 1) * (1 - share) + value(right) * share;
}
