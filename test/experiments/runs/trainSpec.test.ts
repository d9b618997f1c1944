import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {runs} from '../../../lib/experiments';
import {persistence, type Forecaster} from '../../../lib/models';
import {trainableCancer} from '../../../lib/studies/cancer';
import {DivergenceError} from '../../../lib/training';

const ROOT = resolve(__dirname, '../../..');
const small = {draw: {patients: 150, tested: 40, horizon: 3}, model: 'DoseAI', budget: {epochs: 6}, engine: 'cpu'};
const given = {study: 'cancer', seed: 3, ...small};
const read = (spec: unknown) => runs.readSpec(spec, [trainableCancer], {engine: 'cpu'});

describe('A specification', () => {
  it('is named by all that its result follows from, not by the order of its keys or its limit of seconds', () => {
    const reversed = Object.fromEntries(Object.entries(given).reverse());
    const named = runs.specHash(read(given));
    assert.match(named, /^[0-9a-f]{24}$/);
    assert.equal(runs.specHash(read(reversed)), named);
    assert.equal(runs.specHash(read({...given, budget: {epochs: 6, seconds: 9}})), named);
    const others = [
      {seed: 4}, {model: 'CRN'}, {budget: {epochs: 7}}, {settings: {width: 16}}, {draw: {...small.draw, seed: 2}},
      {engine: 'native'},
    ];
    assert.equal(new Set([named, ...others.map(other => runs.specHash(read({...given, ...other})))]).size, 7);
  });

  it('is refused with what is allowed', () => {
    const refused = (change: object, message: RegExp) => assert.throws(() => read({...given, ...change}), message);
    refused({sead: 1}, /`spec` must be of the keys study, draw, model, settings, seed, budget, engine/);
    refused({study: 'wards'}, /`spec.study` must be one of cancer; received "wards"/);
    refused({model: 'Obs'}, /`spec.model` must be one of ObsNODE, latent NODE, .*; received "Obs"/);
    refused({settings: {rate: 2}}, /`spec.settings.rate` must be a number in \[0.000001, 1\]; received 2/);
    refused({settings: {blocks: 2}}, /`spec.settings` must be of the keys rate, batch, repeats, state, width/);
    refused({settings: {width: 7.5}}, /`spec.settings.width` must be a whole number in \[2, 256\]; received 7.5/);
    refused({draw: {patients: 5}}, /`spec.draw.patients` must be a whole number in \[100, 100000\]; received 5/);
    refused({seed: -1}, /`spec.seed` must be a whole number in \[0, 2147483647\]; received -1/);
    refused({budget: {seconds: 0}}, /`spec.budget.seconds` must be a number > 0; received 0/);
    refused({engine: 'abacus'}, /`spec.engine` must be one of native, cpu, webgpu, cuda; received "abacus"/);
  });
});

describe('A training of a specification', function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'train-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));
  const write = (name: string, spec: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(spec));
    return join(folder, name);
  };
  const command = (...args: string[]) => ['--require', 'tsx/cjs', 'lib/programs/train.ts', ...args];
  const train = (...args: string[]) => spawnSync(process.execPath, command(...args), {cwd: ROOT, encoding: 'utf8'});

  it('goes on after kill -9 where it was, to the same bytes as one that was left alone', async () => {
    const spec = read(given), alone = join(folder, 'alone', 'r.json'), killed = join(folder, 'killed', 'r.json');
    const {state, curve, weights} = await runs.trainSpec(spec, trainableCancer, {out: alone});
    assert.deepEqual([state, curve!.length], ['done', 6]);
    assert.deepEqual(readdirSync(join(folder, 'alone')).sort(), ['r.cost.json', 'r.json', 'r.safetensors']);
    const path = write('s.json', given), child = spawn(process.execPath, command(path, '--out', killed), {cwd: ROOT});
    const costs = () => runs.readCosts(killed.replace('.json', '.cost.json'));
    while (!(costs()[0]?.epochs >= 2)) await new Promise(go => setTimeout(go, 5));
    child.kill('SIGKILL');
    await new Promise(done => child.on('exit', done));
    assert.ok(!existsSync(killed), 'killed before its end');
    const reached = costs()[0].epochs, again = train(path, '--out', killed);
    assert.deepEqual([again.status, again.stdout], [0, `done: ${killed}\n`], again.stderr);
    assert.deepEqual(readFileSync(killed), readFileSync(alone));
    const [ours, theirs] = ['killed', 'alone'].map(name => readFileSync(join(folder, name, weights!.file)));
    assert.deepEqual(ours, theirs);
    assert.deepEqual(costs().map(run => run.epochs), [reached, 6]);
    assert.equal(train(path, '--out', killed).status, 0);
    assert.equal(costs().length, 2, 'a finished training is not begun again');
  });

  it('names the code that its process was started with, whatever the files have become', async () => {
    const spec = read({...given, budget: {epochs: 1}}), out = join(folder, 'r.json');
    const {code} = await runs.trainSpec(spec, trainableCancer, {out, code: 'as started'});
    assert.equal(code, 'as started');
    assert.equal(runs.readResult(out)!.code, code);
    assert.notEqual((await runs.trainSpec(spec, trainableCancer, {out})).code, code, 'other code trains again');
  });

  it('ends with a code that says what happened', () => {
    assert.equal(train(write('bad.json', {...given, settings: {rate: 2}})).status, 2);
    assert.equal(train(write('none.json', 'no spec')).status, 2);
    const out = join(folder, 'r.json'), budget = {epochs: 6, seconds: 0.01};
    const short = train(write('short.json', {...given, budget}), '--out', out);
    assert.deepEqual([short.status, existsSync(out)], [130, false]);
    assert.match(short.stderr, /interrupted: The training has used its 0.01 processor seconds; it goes on from its/);
    // A path below a file is no folder, for nobody: not for root either.
    const blocked = train(write('s.json', given), '--out', join(write('file', ''), 'r.json'));
    assert.equal(blocked.status, 1);
    assert.match(blocked.stderr, /failed: A part of the path is a file .* the same command goes on from there/);
  });

  it('that diverges is an answer without scores', async () => {
    const broken: Forecaster = {...persistence, fit: () => Promise.reject(new DivergenceError(1, 7, 0.1))};
    const study = {...trainableCancer, prepare: (...args: Parameters<typeof trainableCancer.prepare>) =>
      ({...trainableCancer.prepare(...args), forecaster: broken})};
    mkdirSync(join(folder, 'd'));
    const {state, findings, scores} = await runs.trainSpec(read(given), study, {out: join(folder, 'd', 'r.json')});
    assert.deepEqual([state, findings.map(f => f.failure), scores], ['diverged', ['diverged'], undefined]);
  });
});
