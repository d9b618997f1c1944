import type {History, Plan} from '../../data/history';
import {expectPlan} from '../../data/question';
import {countOf, isGrid, lastTime, targetTimes, timeAt} from '../../data/times';
import type {Trajectories} from '../../data/trajectories';
import {expect} from '../../errors';
import {ndarray} from '../../math/ndarray';
import {mean} from '../../math/statistics';
import type {Forecaster} from '../forecaster';

/**
 * The mean of the training outcomes at each time, whoever the patient: what is known without looking at anybody. On a
 * grid it is the mean at each of its times; where units have times of their own, n measurements of an outcome are
 * grouped into about sqrt(n) runs of neighbours, and the means of their times and values are used. In between it is
 * interpolated linearly; outside the training times it refuses.
 */
export const perTimeMean: Forecaster = Object.freeze({
  name: 'mean per time', information: 'none',
  async fit(train: Trajectories) {
    const curves = train.channels.outcomes.map((_, j) =>
      (isGrid(train.time) ? gridCurve(train, train.time, j) : runCurve(train, j)));
    return Object.freeze({
      name: 'mean per time', information: 'none' as const,
      async forecast(history: History, plan: Plan) {
        expectPlan('perTimeMean', history, plan);
        const [N, s] = plan.treatments.shape, dy = curves.length, out = new Float64Array(N * s * dy);
        for (let i = 0; i < N; i++)
          for (let k = 0; k < countOf(plan, i) - 1; k++)
            curves.forEach((curve, j) => {
              out[(i * s + k) * dy + j] = interpolate(curve, timeAt(plan.time, i, k + 1));
            });
        return {time: targetTimes(plan), mean: ndarray([N, s, dy], out)};
      },
    });
  },
});

/** The mean of one outcome over time. */
interface Curve {
  /** Strictly increasing. */
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  /** The training times, which it does not leave. */
  readonly range: readonly [number, number];
}

/** Means over the units measured at each time. @throws ArgumentError when nobody was */
function gridCurve({outcomes, observed}: Trajectories, time: Float64Array, j: number): Curve {
  const [N, T, dy] = outcomes.shape, sum = new Float64Array(T), count = new Float64Array(T);
  for (let i = 0; i < N * T; i++) {
    sum[i % T] += outcomes.data[i * dy + j] * observed.data[i * dy + j];
    count[i % T] += observed.data[i * dy + j];
  }
  expectMeasured(count.indexOf(0) < 0, `no value at time index ${count.indexOf(0)}, outcome ${j}`);
  return {time, value: sum.map((total, k) => total / count[k]), range: [time[0], time[T - 1]]};
}

/** Means over runs of about sqrt(n) neighbouring measurements; those at one time stay together. */
function runCurve(train: Trajectories, j: number): Curve {
  const {time, outcomes, observed} = train, [N, T, dy] = outcomes.shape, units = Array.from({length: N}, (_, i) => i);
  const places = Array.from({length: N * T}, (_, at) => at).filter(at => observed.data[at * dy + j] === 1);
  const points = places.map(at => ({t: timeAt(time, Math.floor(at / T), at % T), y: outcomes.data[at * dy + j]}))
    .sort((a, b) => a.t - b.t);
  expectMeasured(points.length > 0, `no value of outcome ${j}`);
  const runs: (typeof points)[] = [[]];
  for (const point of points) {
    const run = runs[runs.length - 1];
    if (run.length >= Math.sqrt(points.length) && run[run.length - 1].t < point.t) runs.push([point]);
    else run.push(point);
  }
  return {
    time: runs.map(run => mean(run.map(({t}) => t))), value: runs.map(run => mean(run.map(({y}) => y))),
    range: [Math.min(...units.map(i => timeAt(time, i, 0))), Math.max(...units.map(i => lastTime(train, i)))],
  };
}

function expectMeasured(condition: boolean, received: string): void {
  expect(condition, {
    fn: 'perTimeMean.fit', argument: 'train', expected: 'measured at least once at every time', received,
  });
}

function interpolate({time, value, range: [first, end]}: Curve, at: number): number {
  const last = time.length - 1;
  expect(at >= first && at <= end, {
    fn: 'perTimeMean.forecast', argument: 'plan.time', expected: `within the training times [${first}, ${end}]`,
    received: at,
  });
  if (last === 0 || at <= time[0]) return value[0];
  if (at > time[last]) return value[last];
  const right = Math.max(1, Array.prototype.findIndex.call(time, (t: number) => t >= at));
  const share = (at - time[right - 1]) / (time[right] - time[right - 1]);
  return value[right - 1] * (1 - share) + value[right] * share;
}
