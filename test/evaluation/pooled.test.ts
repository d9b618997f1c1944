import assert from 'node:assert/strict';
import {trajectoriesFromUnits} from '../../lib/data';
import {evaluate, mae, pooled, protocol, trainingSd, type Scores} from '../../lib/evaluation';
import {normal, rng, split} from '../../lib/math';
import {persistence} from '../../lib/models';

const channels = {
  outcomes: [{name: 'a', unit: '1'}, {name: 'b', unit: '1'}], treatments: [{name: 'u', unit: '1'}], statics: [],
};
/** 30 units over 9 times; `b` is measured at every fourth value drawn only, so that some cells hold next to nothing. */
const [values, gaps] = split(rng(1), 2), T = 9;
const drawn = normal(values, 30 * T * 2), missing = normal(gaps, 30 * T);
const data = trajectoriesFromUnits(Array.from({length: 30}, (_, i) => ({
  id: `${i}`, time: Array.from({length: T}, (__, t) => t), treatments: Array.from({length: T}, () => [0]), statics: [],
  outcomes: Array.from({length: T}, (__, t) =>
    [drawn[(i * T + t) * 2], missing[i * T + t] > 0.6 || t === 0 ? drawn[(i * T + t) * 2 + 1] : undefined]),
})), {name: 'sparse', timeUnit: 'h', channels});

describe('scores of all decisions in one', () => {
  const rule = protocol({name: 'all hours', decisions: [1, 2, 3, 4, 5], horizon: 3, scaling: trainingSd(data)});
  let single: Scores, one: Scores;
  before(async () => {
    const fitted = await persistence.fit(data, data, {rng: rng(2)});
    single = await evaluate(fitted, data, rule, {metrics: [mae]});
    one = pooled(single);
  });

  it('equal the errors of all targets of a horizon, counted from the forecasts', () => {
    const {outcomes, observed} = data;
    for (const j of [0, 1]) for (const s of [1, 2, 3]) {
      let squares = 0, sizes = 0, n = 0;
      for (let i = 0; i < 30; i++) for (const c of rule.decisions) {
        const at = (t: number) => (i * T + t) * 2 + j;
        let last = c;
        while (observed.data[at(last)] === 0) last--;
        if (observed.data[at(c + s)] === 0) continue;
        const error = outcomes.data[at(last)] - outcomes.data[at(c + s)];
        squares += error ** 2;
        sizes += Math.abs(error);
        n++;
      }
      const cell = one.cells.find(({outcome, horizon}) => outcome === 'ab'[j] && horizon === s)!;
      const unit = rule.scaling.divisors[j]!;
      assert.equal(cell.count, n);
      assert.ok(Math.abs(cell.rmse - Math.sqrt(squares / n) / unit) < 1e-12);
      assert.ok(Math.abs(cell.values!.MAE - sizes / n / unit) < 1e-12);
    }
  });

  it('one cell an outcome and horizon, at the first decision, under a name that does not mix with the others', () => {
    assert.equal(one.cells.length, 6);
    assert.ok(one.cells.every(({decision, horizon, target}) => decision === 1 && target === 1 + horizon));
    assert.notEqual(one.protocol.name, single.protocol.name);
    assert.deepEqual(pooled(one).cells, one.cells, 'pooling again changes nothing');
  });

  it('stands in one order, whatever was measured first', () => {
    const backwards = pooled({...single, cells: [...single.cells].reverse()});
    assert.deepEqual(backwards.cells.map(({outcome, horizon}) => [outcome, horizon]),
      one.cells.map(({outcome, horizon}) => [outcome, horizon]));
  });

  it('refuses scores without a cell', () => {
    assert.throws(() => pooled({...single, cells: []}), /pooled: argument `scores` must be with a measured target/);
  });
});
