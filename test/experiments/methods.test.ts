import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rng} from '../../lib/math';
import {cancerCohort} from '../../lib/studies/cancer';
import {CHOOSING_SEEDS, cancerForecasters, cancerSweeps, cancerTrainings} from '../../lib/studies/cancer';
import {twoStepForecasters} from '../../lib/studies/twoStep';
import {type TimedForecaster} from '../../lib/experiments';

describe('the list of the comparison', function () {
  this.timeout(120_000);

  it('holds every model of the paper\'s comparison and the field\'s other references, each once', () => {
    const names = cancerForecasters().map(({name}) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of [
      'ObsNODE', 'DoseAI', 'OptAB', 'IGC-Net', 'SCIP-Net', 'TE-CDE', 'CF-ODE', 'CRN', 'G-Net', 'RMSN',
      'Causal Transformer',
    ]) assert.ok(names.includes(name), name);
  });

  it('tells methods made for binary treatments only whether each is given, unless asked otherwise, '
      + 'and marks them', () => {
    const of = (doses: 'as made' | 'for all') =>
      cancerForecasters({doses, models: ['CRN', 'ObsNODE']}).map(c => [c.name, c.treatments, c.forecaster.information]);
    assert.deepEqual(of('as made'), [
      ['ObsNODE', 'doses', 'history + plan'], ['CRN', 'on or off', 'history + plan, treatments on or off'],
    ]);
    assert.deepEqual(of('for all'), [['ObsNODE', 'doses', 'history + plan'], ['CRN', 'doses', 'history + plan']]);
  });

  it('trains each method at its own rate and for its own passes, unless told otherwise', () => {
    const own = cancerForecasters();
    assert.deepEqual(own.map(({name}) => name).sort(), Object.keys(cancerTrainings).sort());
    for (const {name, rate, epochs} of own) assert.deepEqual({rate, epochs}, cancerTrainings[name], name);
    assert.ok(cancerForecasters({rate: 1e-3}).every(({rate}) => rate === 1e-3));
    assert.ok(cancerForecasters({epochs: 3}).every(({epochs}) => epochs === 3));
    const told = cancerForecasters({training: {rate: {from: 5e-3, to: 5e-4}, epochs: 2}});
    assert.ok(told.every(({rate, epochs}) => rate === 5e-3 && epochs === 2), 'what is said is what is used');
  });

  it('chose by patients that no table has', () => {
    const seeds = cancerSweeps['table-1']('full', 'cpu').map(({draw}) => draw.seed);
    assert.ok(seeds.length > 0 && CHOOSING_SEEDS.every(seed => !seeds.includes(seed)));
  });

  it('refuses names that are not there', () => {
    assert.throws(
      () => cancerForecasters({models: ['CNR']}),
      /cancerForecasters: argument `models` must be names out of ObsNODE, .*; received \["CNR"\]/,
    );
    assert.throws(() => twoStepForecasters({models: ['']}), /twoStepForecasters: argument `models`/);
    assert.throws(() => cancerForecasters({doses: 'all' as never}), /argument `doses`/);
  });

  it('keeps what a training took, and says when it was only read again', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'obsnode-')), {trajectories} = cancerCohort({patients: 48, rng: rng(1)});
    try {
      const fit = async () => {
        const [{forecaster}] = cancerForecasters({
          models: ['CRN'], epochs: 1, checkpoints: dir, training: {batch: 24, horizon: 3, repeats: 1},
        });
        return (await forecaster.fit(trajectories, trajectories, {rng: rng(2)}) as TimedForecaster<unknown>).cost;
      };
      const first = await fit(), again = await fit();
      assert.equal(first.cached, false);
      assert.ok(first.seconds! > 0);
      assert.deepEqual(again, {seconds: first.seconds, cached: true});
      for (const file of readdirSync(dir).filter(name => name.endsWith('.seconds.json'))) rmSync(join(dir, file));
      assert.deepEqual(await fit(), {seconds: undefined, cached: true});
    } finally {
      rmSync(dir, {recursive: true});
    }
  });
});
