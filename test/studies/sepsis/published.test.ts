import assert from 'node:assert/strict';
import {
  publishedFigure4, publishedSepsisSlips, publishedTable3, sepsisOutcomes, storedSofaMap, type PublishedSepsisModel,
} from '../../../lib/studies/sepsis';

describe('the published results on sepsis patients', () => {
  const rows = sepsisOutcomes.flatMap(outcome => publishedTable3(outcome).map(row => ({...row, outcome})));
  /** Printed cells that are not the map's second row, rounded or cut. */
  const wrong = rows.flatMap(({outcome, method, mean}) => {
    const row = publishedFigure4(outcome, method as PublishedSepsisModel)[1];
    return mean.flatMap((v, k) => (Math.abs(v - row[k + 2]!) > 0.0055 ? [`${outcome} ${method} ${k + 1}`] : []));
  });

  it('four outcomes by four models, in the order of the paper', () => {
    assert.deepEqual([...sepsisOutcomes], ['SOFA', 'creatinine', 'bilirubin', 'ALT']);
    assert.equal(rows.length, 16);
  });

  it('the printed table is the second row of each map but for the cells that the slips name', () => {
    assert.deepEqual(wrong, ['creatinine ObsNODE 4', 'creatinine ObsNODE 5', 'creatinine ObsNODE 6',
      'creatinine OptAB 6']);
    for (const cell of wrong) {
      const [outcome, model] = cell.split(' ');
      assert.ok(publishedSepsisSlips.some(slip => slip.outcome === outcome && slip.model === model), cell);
    }
  });

  it('creatinine of ObsNODE is shifted by one step from s = 4 on', () => {
    const [printed] = publishedTable3('creatinine'), row = publishedFigure4('creatinine', 'ObsNODE')[1];
    for (const s of [4, 5, 6]) assert.ok(Math.abs(printed.mean[s - 1] - row[s]!) <= 0.0055, `s = ${s}`);
    assert.match(printed.note, /printed at s = 3 and again at s = 4/);
  });

  it('the spreads printed for ObsNODE\'s bilirubin are those of creatinine', () => {
    const [creatinine, bilirubin] = (['creatinine', 'bilirubin'] as const).map(o => publishedTable3(o)[0].sd);
    assert.deepEqual(bilirubin.slice(2, 4), [0.02, 0.04]);
    assert.deepEqual(creatinine.slice(3, 5), bilirubin.slice(2, 4), 'creatinine\'s are shifted with its means');
  });

  it('the stored map of SOFA is another run', () => {
    const table = publishedFigure4('SOFA', 'ObsNODE')[1], stored = storedSofaMap[1];
    assert.ok([2, 3, 4, 5, 6, 7].some(j => Math.abs(table[j]! - stored[j]!) > 0.02));
  });

  it('refuses what was not published by name', () => {
    assert.throws(() => publishedTable3('lactate' as 'SOFA'), /argument `outcome` must be one of SOFA, creatinine/);
    const unknown = () => publishedFigure4('SOFA', 'DoseAI' as 'OptAB');
    assert.throws(unknown, /argument `model` must be one of ObsNODE, OptAB/);
  });
});
