import assert from 'node:assert/strict';
import {historyAt, planAt, type Trajectories} from '../../../lib/data';
import {ndarray, rng} from '../../../lib/math';
import {anchored, persistence} from '../../../lib/models';
import {releasedSepsisObsNode} from '../../../lib/studies/sepsis';
import {learned} from '../../../lib/training';
import {example} from '../../data/example';
import {expectSeesOnlyHistoryAndPlan} from '../../models/noLeak';

describe('ObsNODE as released for real patients', () => {
  const data = example(3, {N: 40, T: 9, observedShare: 0.7}), [N, T] = data.outcomes.shape, S = 3, dy = 2;
  const options = {epochs: 0, batch: 8, horizon: S, rate: {from: 1, to: 1}, engine: 'cpu'} as const;
  const forecaster = learned(anchored(releasedSepsisObsNode()), options);
  const fitted = () => forecaster.fit(data, data, {rng: rng(1)});
  const asked = async (world: Trajectories, c = 4) =>
    Array.from((await (await fitted()).forecast(historyAt(world, c), planAt(world, c, S))).mean.data);
  const moved = (of: 'outcomes' | 'treatments', hit: (t: number) => boolean): Trajectories => {
    const {shape, data: values} = data[of], d = shape[2];
    const changed = values.map((v, k) => (hit(Math.floor(k / d) % T) ? v + 1 : v));
    return {...data, [of]: ndarray(shape, changed)};
  };

  it('calls the last measured value its first forecast, and leaves it then', async () => {
    const last = await (await persistence.fit(data, data, {rng: rng(1)})).forecast(
      historyAt(data, 4), planAt(data, 4, S),
    );
    const own = await asked(data), at = (s: number) => Array.from({length: N * dy}, (_, k) =>
      [own, last.mean.data].map(values => values[(Math.floor(k / dy) * S + s) * dy + k % dy]));
    assert.ok(at(0).every(([a, b]) => Math.abs(a - b) < 1e-5));
    assert.ok(at(1).every(([a, b]) => Math.abs(a - b) > 1e-4));
  });

  it('looks at the first and the last hour, and at nothing between where the last is measured', async () => {
    const own = await asked(data), between = await asked(moved('outcomes', t => t > 0 && t < 4));
    const whole = (i: number) => [0, 1].every(j => data.observed.data[(i * T + 4) * dy + j] === 1);
    const apart = (i: number) => own.slice(i * S * dy, (i + 1) * S * dy).some((v, k) => v !== between[i * S * dy + k]);
    const units = Array.from({length: N}, (_, i) => i).filter(whole);
    assert.ok(units.length > 5 && !units.some(apart));
    const first = await asked(moved('outcomes', t => t === 0));
    assert.ok(own.some((v, k) => v !== first[k]));
  });

  it('uses the drugs an hour late: those of the last planned hour say nothing', async () => {
    const own = await asked(data);
    const differs = (world: number[]) => Array.from({length: S}, (_, s) => Array.from({length: N}, (_unit, i) =>
      (i * S + s) * dy).some(k => own[k] !== world[k]));
    assert.deepEqual(differs(await asked(moved('treatments', t => t === 4))), [false, true, true]);
    assert.deepEqual(differs(await asked(moved('treatments', t => t === 6))), [false, false, false]);
  });

  it('sees nothing but history and plan', async () =>
    expectSeesOnlyHistoryAndPlan(await fitted(), data, {usesPlan: true, runs: 4}));
});
