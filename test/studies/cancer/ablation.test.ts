import assert from 'node:assert/strict';
import {rng} from '../../../lib/math';
import {
  ablatedObsNode, cancerCohort, cancerSolvers, obsNodeForCancer, obsNodeSettings, type ObsNodeSettings,
} from '../../../lib/studies/cancer';
import {historyAt, planAt} from '../../../lib/data';

const draw = (seed: number) => cancerCohort({patients: 100, gamma: 4, rng: rng(seed)}).trajectories;
const [train, validation] = [draw(1), draw(2)];
const trained = async (changes: Partial<ObsNodeSettings> = {}) => {
  const settings = {...obsNodeSettings, width: 8, hidden: 8, epochs: 1, ...changes};
  const fitted = await ablatedObsNode(settings).fit(train, validation, {rng: rng(3)});
  const {mean} = await fitted.forecast(historyAt(validation, 8), planAt(validation, 8, 4));
  await fitted.dispose();
  return mean.data;
};

describe('ObsNODE with parts that can be changed', () => {
  it('unchanged is that of the cancer notebooks, bit for bit', async () => {
    const network = {width: 8, hidden: 8}, fit = {rng: rng(3)};
    const own = await obsNodeForCancer({epochs: 1, network}).fit(train, validation, fit);
    const {mean} = await own.forecast(historyAt(validation, 8), planAt(validation, 8, 4));
    await own.dispose();
    assert.deepEqual(await trained(), mean.data);
  });

  const changes: Partial<ObsNodeSettings>[] = [
    {form: 'free'}, {form: 'general'}, {recognition: 'observer'},
    {blocks: 1}, {hiddenLayers: 0}, {activation: 'leakyrelu'}, {substeps: 3},
    {scheme: 'recursive'}, {plan: false}, {history: false}, {transform: 'identity'},
    ...cancerSolvers.filter(solver => solver !== obsNodeSettings.solver).map(solver => ({solver})),
  ];
  for (const change of changes) {
    it(`another ${Object.entries(change).map(part => part.join(' ')).join()} gives other forecasts`, async () => {
      const [own, other] = [await trained(), await trained(change)];
      assert.ok(other.every(Number.isFinite));
      assert.notDeepEqual(other, own);
    });
  }

  it('with a part that does not exist is refused by name', () => {
    const ask = (change: object) => () => ablatedObsNode({...obsNodeSettings, ...change});
    assert.throws(ask({solver: 'rk5'}), /ablatedObsNode: argument `solver` must be one of euler, midpoint/);
    assert.throws(ask({form: 'none'}), /ablatedObsNode: argument `form` must be one of observable, general, free/);
    assert.throws(ask({blocks: 0}), /argument `blocks`/);
  });
});
