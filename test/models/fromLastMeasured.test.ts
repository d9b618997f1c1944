import assert from 'node:assert/strict';
import {evaluate, protocol, unscaled} from '../../lib/evaluation';
import {historyAt, lastObserved, plannedAt, targetTimes, trajectoriesFromTable, type TableRow} from '../../lib/data';
import {ndarray, rng, uniform} from '../../lib/math';
import {fromLastMeasured, type FittedForecaster, type Forecaster} from '../../lib/models';
import {timeAt} from '../../lib/data/times';

const information = 'history + plan' as const, name = 'sum';
/** The last measured outcome, plus the planned treatment times how long it acts: right where t_c was measured. */
const fitted: FittedForecaster = {
  name, information, forecast: async (history, plan) => {
    const [N, s] = plan.treatments.shape, start = lastObserved(history, [0]).data, mean = ndarray([N, s, 1]);
    for (let i = 0; i < N; i++) for (let k = 0; k < s; k++) {
      const lasts = timeAt(plan.time, i, k + 1) - timeAt(plan.time, i, k);
      mean.data[i * s + k] = (k > 0 ? mean.data[i * s + k - 1] : start[i]) + lasts * plan.treatments.data[i * s + k];
    }
    return {time: targetTimes(plan), mean, samples: ndarray([2, N, s, 1], Float64Array.of(...mean.data, ...mean.data))};
  },
};
const forecaster: Forecaster = {name, information, fit: async () => fitted};

/** Units whose outcome is the sum of what was given; half of the times have a change of treatment only. */
function sums(): TableRow[] {
  const chance = uniform(rng(1), 1000), rows: TableRow[] = [];
  let drawn = 0;
  for (const unit of ['p', 'q', 'r', 's']) {
    let [time, sum, rate] = [0, 5 * chance[drawn++], 1];
    for (let k = 0; k < 20; k++) {
      if (k === 0 || chance[drawn++] < 0.6) {
        rate = chance[drawn++];
        rows.push({unit, time, variable: 'rate', value: rate});
      } else rows.push({unit, time, variable: 'y', value: sum});
      if (k === 0) rows.push({unit, time, variable: 'y', value: sum});
      const wait = 0.1 + chance[drawn++];
      [time, sum] = [time + wait, sum + wait * rate];
    }
  }
  return rows;
}

describe('a forecaster that is asked from the last measurement on', () => {
  const roles = {timeUnit: 'h', outcomes: [{name: 'y', unit: 'ml'}], treatments: [{name: 'rate', unit: 'ml/h'}]};
  const decisions = [2, 3.3, 5].map(time => ({time}));
  const rule = protocol({name: 'between', decisions, horizon: 3, scaling: unscaled(1)});
  const scores = async (asked: FittedForecaster) =>
    (await evaluate(asked, await trajectoriesFromTable(sums(), roles), rule)).cells.map(({rmse}) => rmse);

  it('is told of the treatment between that and t_c, and so is right where the equation is', async () => {
    const wrapped = await fromLastMeasured(forecaster).fit(undefined!, undefined!, {rng: rng(0)});
    assert.deepEqual([wrapped.name, wrapped.information], [name, information]);
    assert.ok((await scores(fitted)).every(error => error > 0.1), 'asked at t_c it misses what was given since');
    assert.ok((await scores(wrapped)).every(error => error < 1e-9));
  });

  it('answers at the times of the plan, with draws', async () => {
    const wrapped = await fromLastMeasured(forecaster).fit(undefined!, undefined!, {rng: rng(0)});
    const data = await trajectoriesFromTable(sums(), roles), decision = {time: 3.3};
    const plan = plannedAt(data, decision, {ahead: [1, 2], treatments: {rate: 2}});
    const {time, mean, samples} = await wrapped.forecast(historyAt(data, decision), plan);
    assert.deepEqual([time, mean.shape, samples!.shape], [Float64Array.of(4.3, 5.3), [4, 2, 1], [2, 4, 2, 1]]);
    const rises = [0, 1, 2, 3].map(i => mean.data[2 * i + 1] - mean.data[2 * i]);
    assert.ok(rises.every(rise => Math.abs(rise - 2) < 1e-9));
    assert.deepEqual([...samples!.data], [...mean.data, ...mean.data]);
  });

  it('is asked as ever where t_c was measured, and where nothing was', async () => {
    let asked = 0;
    const counting = {...fitted, forecast: (...question: Parameters<typeof fitted.forecast>) => {
      asked = question[1].treatments.shape[1];
      return fitted.forecast(...question);
    }};
    const wrapped = await fromLastMeasured({...forecaster, fit: async () => counting})
      .fit(undefined!, undefined!, {rng: rng(0)});
    const data = await trajectoriesFromTable(sums(), roles);
    const plan = plannedAt(data, 0, {ahead: [1], treatments: {rate: 2}});
    const history = historyAt(data, 0), blind = {...history, observed: ndarray(history.observed.shape)};
    assert.deepEqual(await wrapped.forecast(history, plan), await fitted.forecast(history, plan));
    assert.equal(asked, 1);
    assert.deepEqual(await wrapped.forecast(blind, plan), await fitted.forecast(blind, plan));
  });
});
