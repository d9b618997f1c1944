import assert from 'node:assert/strict';
import {spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {runs} from '../../../lib/experiments';
import {trainableCancer} from '../../../lib/studies/cancer';

const ROOT = resolve(__dirname, '../../..');
/** Rounds of killing; `SWEEP_KILLS=10` is what the claim of ten rests on. */
const KILLS = Number(process.env.SWEEP_KILLS ?? 2);
const EPOCHS = 6;

describe('A sweep', function () {
  this.timeout(600_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sweep-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  const specs = (count: number) => Array.from({length: count}, (_, k) => runs.readSpec({
    study: 'cancer', draw: {patients: 150, tested: 40, horizon: 3, seed: k + 1}, model: 'DoseAI', seed: k + 1,
    budget: {epochs: EPOCHS},
  }, [trainableCancer], {engine: 'cpu'}));
  const command = (path: string) => [
    '--require', 'tsx/cjs', 'lib/programs/sweep.ts', path, '--jobs', '2', '--checkpoints', join(path, 'made'),
  ];
  const results = (path: string) =>
    readdirSync(join(path, 'results')).filter(file => /^\w{24}\.json$/.test(file)).sort();
  const bytes = (path: string) => results(path).map(file => readFileSync(join(path, 'results', file), 'utf8'));
  const costs = (path: string, hash: string) => runs.readCosts(join(path, 'results', `${hash}.cost.json`));
  /** Processes that this one has started, and theirs. */
  const below = (pid: number): number[] => {
    const {stdout} = spawnSync('pgrep', ['-P', `${pid}`], {encoding: 'utf8'});
    return stdout.split('\n').filter(Boolean).map(Number).flatMap(child => [child, ...below(child)]);
  };

  it('killed, driver and workers, comes to the same bytes, and no epoch but the last is done twice', async () => {
    const [calm, rough] = ['calm', 'rough'].map(name => join(folder, name)), all = specs(3);
    const hashes = all.map(runs.specHash), left = runs.sweepFolder(calm, all);
    runs.sweepFolder(rough, all);
    for (const spec of all) await runs.trainSpec(spec, trainableCancer, {out: left.resultPath(runs.specHash(spec))});
    const epochs = () => hashes.flatMap(hash => costs(rough, hash)).reduce((sum, run) => sum + run.epochs, 0);
    for (let kill = 0; kill < KILLS; kill++) {
      const driver = spawn(process.execPath, command(rough), {cwd: ROOT, stdio: 'ignore'});
      const gone = new Promise(done => driver.on('exit', done));
      const from = epochs();
      while (epochs() < from + 3 && driver.exitCode === null) await new Promise(go => setTimeout(go, 5));
      killed(driver, kill);
      await gone;
      await new Promise(go => setTimeout(go, 500));
    }
    const last = spawnSync(process.execPath, command(rough), {cwd: ROOT, encoding: 'utf8'});
    assert.equal(last.status, 0, last.stderr);
    assert.match(last.stderr, /3 of 3, 0 s left; done: DoseAI/);
    assert.deepEqual(bytes(rough), bytes(calm));
    assert.ok(hashes.every(hash => costs(rough, hash).length <= 1 + KILLS));
    // Each run went on where the checkpoint of the one before it ended: it told of no epoch that was done by then.
    const rises = (told: readonly runs.RunCost[]) =>
      told.every(({epochs}, k) => k === 0 || epochs >= told[k - 1].epochs);
    assert.ok(hashes.every(hash => rises(costs(rough, hash))));
  });

  function killed(driver: ChildProcess, round: number): void {
    const workers = below(driver.pid!);
    // In every second round half of the workers go first, and the driver has begun others.
    if (round % 2 === 1 && workers.length > 0) process.kill(workers[0], 'SIGKILL');
    driver.kill('SIGKILL');
  }

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
