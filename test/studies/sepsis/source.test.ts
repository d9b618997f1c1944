import assert from 'node:assert/strict';
import {evaluate, pooled, protocol, trainingSd} from '../../../lib/evaluation';
import {mean, rng} from '../../../lib/math';
import {persistence} from '../../../lib/models';
import {example} from '../../data/example';
import {openDatabase} from '../../../lib/data/database';
import {
  chosenSettings, fillFromWard, openRecords, ruleEffects, sepsisForecasters, sepsisSource, simulatedWard,
  type SepsisSourceName,
} from '../../../lib/studies/sepsis';

const ward = simulatedWard({stays: 12, rng: rng(1)});

describe('records by their name', () => {
  it('the ward is the one given, with its stays in the views', async () => {
    const source = sepsisSource('ward', {ward}), database = await openRecords(source);
    const [{n}] = await database.rows<{n: number}>('SELECT count(*) AS n FROM stays');
    database.close();
    assert.deepEqual([source.name, n], ['simulated ward', 12]);
  });

  it('what is wanted and not here is the ward', () => {
    assert.equal(sepsisSource('auto', {wanted: [], ward}).name, 'simulated ward');
  });

  it('another name is refused', () => {
    assert.throws(() => sepsisSource('hospital' as SepsisSourceName, {ward}),
      /sepsisSource: argument `name` must be one of auto, ward, mimic demo, eicu demo, mimic-iv; received "hospital"/);
  });
});

describe('what each rule moves', () => {
  it('leaves the rules in force with which it was asked', async () => {
    const database = await openDatabase();
    await fillFromWard(database, ward);
    await ruleEffects(database);
    const [{onset}] = await database.rows<{onset: string}>('SELECT getvariable(\'onset\') AS onset');
    database.close();
    assert.equal(onset, 'suspicion');
  });
});

describe('the learned methods for sepsis', () => {
  it('are those of the other comparisons, each once, and the recursive ObsNODE', () => {
    const names = sepsisForecasters().map(({name}) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(['ObsNODE', 'recursive ObsNODE', 'G-Net', 'CRN'].every(name => names.includes(name)), names.join());
  });

  it('one alone, with its rate; an unknown one is refused by name, a rate of 0 by its value', () => {
    const [crn, ...others] = sepsisForecasters({models: ['CRN'], setting: {rate: 1e-3, anchored: true}});
    assert.deepEqual([crn.name, crn.rate, others.length], ['CRN', 1e-3, 0]);
    const unknown = () => sepsisForecasters({models: ['GRU-D']});
    assert.throws(unknown, /sepsisForecasters: argument `models` must be names out of/);
    const still = () => sepsisForecasters({models: ['CRN'], setting: {rate: 0, anchored: true}});
    assert.throws(still, /sepsisForecasters: argument `setting` must be with a rate above 0; received 0/);
  });

  it('each with the setting of its name', () => {
    const settings = {RMSN: {rate: 1e-4, anchored: false}};
    const rates = sepsisForecasters({models: ['CRN', 'RMSN'], settings}).map(({name, rate}) => [name, rate]);
    assert.deepEqual(rates, [['CRN', 2e-3], ['RMSN', 1e-4]]);
  });

  it('settings are chosen by the error on validation units, of which the choice alone is told', async () => {
    const train = example(1, {N: 40}), validation = example(2, {N: 20}), asked = {rng: rng(1)};
    const candidates = [{rate: 1e-3, anchored: true}, {rate: 3, anchored: true}, {rate: 1e-3, anchored: false}];
    const own = {models: ['latent NODE'], hours: 8, epochs: 2, candidates}, progress: string[] = [];
    const [{name, setting, errors}] = await chosenSettings({train, validation}, {
      ...own, onProgress: (done, total) => progress.push(`${done}/${total}`),
    }, asked);
    assert.deepEqual([name, errors.length, progress], ['latent NODE', 3, ['1/3', '2/3', '3/3']]);
    assert.equal(setting, candidates[errors.indexOf(Math.min(...errors))]);
    assert.notEqual(errors[0], errors[2]);
    const [other] = await chosenSettings({train, validation: example(5, {N: 20})}, own, asked);
    assert.notEqual(other.errors[0], errors[0]);
    await assert.rejects(chosenSettings({train, validation}, {...own, candidates: []}, asked),
      /chosenSettings: argument `candidates`/);
  });

  it('an error of a setting is that of its tempered forecasts over the last value\'s', async () => {
    const train = example(1, {N: 40}), validation = example(2, {N: 20}), asked = {rng: rng(1)};
    const setting = {rate: 1e-3, anchored: true}, own = {models: ['latent NODE'], hours: 8, epochs: 2};
    const [{errors}] = await chosenSettings({train, validation}, {...own, candidates: [setting]}, asked);
    const [{forecaster}] = sepsisForecasters({...own, setting}), rule = protocol({
      name: 'by hand', decisions: [1, 2], horizon: 6, scaling: trainingSd(train),
    });
    const [mine, last] = await Promise.all([forecaster, persistence].map(async method =>
      pooled(await evaluate(await method.fit(train, validation, asked), validation, rule)).cells));
    assert.ok(Math.abs(errors[0] - mean(mine.map((cell, k) => cell.rmse / last[k].rmse))) < 1e-6, errors.join());
  });
});
