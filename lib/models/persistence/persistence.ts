import type {History, Plan} from '../../data/history';
import {lastObserved} from '../../data/last';
import {expectPlan} from '../../data/question';
import {fitScaler} from '../../data/scaler';
import {targetTimes} from '../../data/times';
import type {Trajectories} from '../../data/trajectories';
import {ndarray} from '../../math/ndarray';
import type {Forecaster} from '../forecaster';

/**
 * Every outcome stays at its last measured value; where there is none, at its training mean.
 * The floor that a forecaster has to beat before its errors mean anything.
 */
export const persistence: Forecaster = Object.freeze({
  name: 'persistence', information: 'last outcome',
  async fit(train: Trajectories) {
    const {mean} = fitScaler(train);
    return Object.freeze({
      name: 'persistence', information: 'last outcome' as const,
      async forecast(history: History, plan: Plan) {
        expectPlan('persistence', history, plan);
        const [N, s] = plan.treatments.shape, dy = mean.length, {data: last} = lastObserved(history, mean);
        const out = new Float64Array(N * s * dy);
        for (let i = 0; i < out.length; i++) out[i] = last[Math.floor(i / (s * dy)) * dy + (i % dy)];
        return {time: targetTimes(plan), mean: ndarray([N, s, dy], out)};
      },
    });
  },
});
