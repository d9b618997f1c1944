import assert from 'node:assert/strict';
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {search} from '../../../lib/experiments';
import {rng} from '../../../lib/math';
import {exchange, RECORD, type Batch} from './exchange';

const STUB = join(__dirname, 'optunaStub.cjs');
const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as readonly Batch[];

describe('TPE, asked of Optuna', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'tpe-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  it('starts the trials of a batch as Optuna drew them, and tells what they came to', async () => {
    const {study, told} = await exchange(STUB, folder), trials = study.trials();
    assert.deepEqual(trials.map(({number, state, value}) => ({number, state, value})),
      told.map((value, number) => ({number, state: 'complete', value})));
    assert.equal(study.best()!.value, Math.min(...told));
    const drawn = recorded.flat().filter(line => line.op_code === 5);
    for (const {id, params} of trials) {
      const own = drawn.filter(line => line.trial_id === id), given = (name: string) =>
        own.find(line => line.param_name === name)?.param_value_internal;
      assert.deepEqual(params, {
        rate: given('rate'), kind: ['plain', 'deep'][given('kind') as number],
        ...(given('layers') === undefined ? {} : {layers: given('layers')}),
      });
      assert.equal('layers' in params, params.kind === 'deep');
    }
    assert.equal(new Set(trials.map(({params}) => params.kind)).size, 2);
  });

  it('says in each job what the space is and how many trials were asked for, so that no seed comes twice', async () => {
    const {study} = await exchange(STUB, folder);
    const jobs = readFileSync(join(folder, 'journal.log.jobs'), 'utf8').trim().split('\n').map(line =>
      JSON.parse(line) as Readonly<Record<string, unknown>>);
    const numbers = jobs.map(({name, count, seed, startup, known}) => ({name, count, seed, startup, known}));
    assert.deepEqual(numbers, [0, 4].map(known => ({name: study.name, count: 4, seed: 3, startup: 4, known})));
    const domain = (name: string, attributes: object) => JSON.stringify({name, attributes});
    assert.deepEqual(jobs[1].space, [
      ['rate', domain('FloatDistribution', {step: null, low: 1e-4, high: 0.1, log: true}), {}],
      ['kind', domain('CategoricalDistribution', {choices: ['plain', 'deep']}), {}],
      ['layers', domain('IntDistribution', {log: false, step: 1, low: 2, high: 5}), {kind: 'deep'}],
    ]);
  });

  it('says plainly what is missing where there is no Python or no Optuna, and the study goes on without', async () => {
    const bare = join(folder, 'python'), path = join(folder, 'journal.log');
    const last = "ModuleNotFoundError: No module named 'optuna'";
    writeFileSync(bare, `#!/bin/sh\necho 'Traceback:' >&2\necho "${last}" >&2\nexit 1\n`);
    chmodSync(bare, 0o755);
    const space = {x: search.float(0, 1)}, open = (sampler: search.Sampler) =>
      search.openStudy(path, {name: 's', space, sampler});
    const asked = async (python: string) => (await open(search.tpeSampler({python}))).ask();
    await assert.rejects(asked(bare), (error: Error) => error.message.startsWith(
      `tpeSampler: ${bare} could not ask Optuna (${last}). Install it: ${bare} -m pip install optuna, or name`,
    ) && error.message.endsWith('or sample with sobolSampler.'));
    const nowhere = join(folder, 'nowhere');
    await assert.rejects(asked(nowhere), /could not ask Optuna \(spawn .*nowhere ENOENT\)\. Install it/);
    const study = await open(search.sobolSampler(rng(1)));
    assert.deepEqual((await study.ask()).map(({number}) => number), [0], 'nothing was begun before');
  });

  it('is what Optuna says now, where one is installed', async () => {
    if (!process.env.OBSNODE_OPTUNA) return void console.log('      not asked: OBSNODE_OPTUNA names no Python');
    assert.deepEqual((await exchange(process.env.OBSNODE_OPTUNA, folder)).batches, recorded);
  });
});
