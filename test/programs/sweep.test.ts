import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {runs} from '../../lib/experiments';
import {fold, mean, rng, uniform} from '../../lib/math';
import {trainableCancer} from '../../lib/studies/cancer';
import {strike, trainingTrace, type Stopped} from './killing';

const ROOT = resolve(__dirname, '../..');
/** Rounds of killing; `SWEEP_KILLS=10` is what the claim of ten rests on. */
const KILLS = Number(process.env.SWEEP_KILLS ?? 2);
/** A round comes after at most three epochs, while two workers are in others. */
const EPOCHS = Math.max(6, 2 * KILLS);
/** In many rounds epochs are longer, so that most workers are struck within one. */
const PATIENTS = KILLS > 2 ? 1000 : 150;

describe('A sweep', function () {
  this.timeout(KILLS > 2 ? 7_200_000 : 600_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sweep-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  const specs = (count: number) => Array.from({length: count}, (_, k) => runs.readSpec({
    study: 'cancer', draw: {patients: PATIENTS, tested: 40, horizon: 3, seed: k + 1}, model: 'DoseAI', seed: k + 1,
    budget: {epochs: EPOCHS},
  }, [trainableCancer], {engine: 'cpu'}));
  const command = (path: string) => [
    '--require', 'tsx/cjs', 'lib/programs/sweep.ts', path, '--jobs', '2', '--checkpoints', join(path, 'made'),
  ];
  const results = (path: string) =>
    readdirSync(join(path, 'results')).filter(file => /^\w{24}\.json$/.test(file)).sort();
  const bytes = (path: string) => results(path).map(file => readFileSync(join(path, 'results', file), 'utf8'));
  const costs = (path: string, hash: string) => runs.readCosts(join(path, 'results', `${hash}.cost.json`));
  it('killed, driver and half the workers, comes to the same bytes and repeats no epoch that was over', async () => {
    const [calm, rough] = ['calm', 'rough'].map(name => join(folder, name)), all = specs(3);
    const hashes = all.map(runs.specHash), left = runs.sweepFolder(calm, all), trace = trainingTrace(folder);
    runs.sweepFolder(rough, all);
    for (const spec of all) await runs.trainSpec(spec, trainableCancer, {out: left.resultPath(runs.specHash(spec))});
    const stopped: Stopped[] = [], moments = uniform(fold(rng(21), 'kills'), 2 * KILLS);
    for (let kill = 0; kill < KILLS; kill++) {
      const [epochs, part] = moments.subarray(2 * kill), before = trace.lines().length, done = trace.epochs().length;
      const driver = spawn(process.execPath, command(rough), {cwd: ROOT, stdio: 'ignore', env: trace.env});
      const gone = new Promise(ended => driver.on('exit', ended)), wanted = done + Math.floor(4 * epochs);
      const isTime = () => trace.lines().length > before && trace.epochs().length >= wanted;
      while (!isTime() && driver.exitCode === null) await wait(5);
      await wait(1000 * part * (mean(trace.steps('at')) || 1));
      const struck = await strike(driver, trace, kill % 2 === 0 ? 0 : 1);
      assert.ok(struck.some(one => one.killed), 'nobody was left to be killed');
      stopped.push(...struck);
      await gone;
    }
    const last = spawnSync(process.execPath, command(rough), {cwd: ROOT, encoding: 'utf8', env: trace.env});
    assert.equal(last.status, 0, last.stderr);
    assert.match(last.stderr, /3 of 3, 0 s left; done: DoseAI/);
    assert.deepEqual(bytes(rough), bytes(calm));
    assert.ok(hashes.every(hash => costs(rough, hash).length <= 1 + stopped.length));
    const steps = trace.steps('used'), longest = Math.max(...steps), repeated = trace.repeated();
    const lost = (of: readonly Stopped[]) => of.reduce((sum, {used, line}) => sum + used - (line?.used ?? 0), 0);
    const within = stopped.filter(({line}) => line && line.epochs > 0 && line.epochs < EPOCHS);
    const others = stopped.filter(one => !within.includes(one));
    console.log([
      `${KILLS} rounds stopped ${stopped.length} workers, ${stopped.filter(one => one.killed).length} by kill -9`,
      `repeated: ${repeated} whole epochs of ${3 * EPOCHS}`,
      `${lost(within).toFixed(3)} processor seconds of ${within.length} epochs that were not over; `
        + `an epoch takes ${mean(steps).toFixed(3)} s, ${longest.toFixed(3)} s at most`,
      `${lost(others).toFixed(1)} s of ${others.length} workers that were being started or scored`,
    ].map(line => `      ${line}`).join('\n'));
    assert.equal(trace.epochs().length, 3 * EPOCHS + repeated);
    assert.equal(repeated, 0);
    assert.ok(lost(within) <= within.length * longest);
  });

  it('says what is wrong with a disk, and leaves what is finished', () => {
    const path = join(folder, 'full');
    runs.sweepFolder(path, specs(1));
    // Files of at most 16 blocks: specifications and accounts fit, weights and checkpoints do not.
    const guard = "process.on('SIGXFSZ', () => {});", hook = join(folder, 'hook.cjs');
    writeFileSync(hook, guard);
    const script = 'ulimit -f 16; exec "$0" --require "$HOOK" "$@"';
    const full = spawnSync('sh', ['-c', script, process.execPath, ...command(path)], {
      cwd: ROOT, encoding: 'utf8', env: {...process.env, HOOK: hook, NODE_OPTIONS: `--require ${hook}`},
    });
    assert.equal(full.status, 1, full.stderr);
    assert.match(full.stderr, /failed: DoseAI, .*A file may not become as large as is needed .*the same command goes/);
    assert.deepEqual(results(path), []);
    const again = spawnSync(process.execPath, command(path), {cwd: ROOT, encoding: 'utf8'});
    assert.deepEqual([again.status, results(path).length], [0, 1], again.stderr);
  });
});
