import assert from 'node:assert/strict';
import {spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {search} from '../../../lib/experiments';
import {fold, rng, uniform} from '../../../lib/math';

/**
 * Trials that have to be complete; `STUDY_TRIALS=2000` is what the claim of 2,000 rests on. `OBSNODE_OPTUNA` names a
 * Python with Optuna: then one of its processes writes, too, and Optuna has to read the same.
 */
const WANTED = Number(process.env.STUDY_TRIALS ?? 120), PYTHON = process.env.OBSNODE_OPTUNA;
const KILLS = Math.max(3, WANTED / 100);

/** A trial, as a worker noted it when the study had it. */
interface Noted {
  readonly number: number;
  readonly params: search.Params;
  readonly value: number;
}

/** What Optuna reads in a journal. */
interface Found {
  readonly optuna: string;
  readonly best: number;
  readonly trials: readonly (Noted & {readonly state: string; readonly reported: readonly [number, number][]})[];
}

describe('A study that several processes write', function () {
  this.timeout(3_600_000);
  let folder: string, path: string;
  const workers = new Map<number, ChildProcess>();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'together-'));
    path = join(folder, 'journal.log');
  });
  afterEach(function () {
    for (const worker of workers.values()) worker.removeAllListeners().kill();
    if (this.currentTest?.state === 'failed') console.log(`      the journal is kept in ${folder}`);
    else rmSync(folder, {recursive: true, force: true});
  });

  /** Starts one; when it is killed, it is begun again. */
  function begin(kind: 'node' | 'optuna', number: number): Promise<void> {
    const args = [path, `${WANTED}`, join(folder, `${kind}-${number}.jsonl`)];
    const child = kind === 'node'
      ? spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'worker.ts'), ...args], {stdio: 'inherit'})
      : spawn(PYTHON!, [join(__dirname, 'worker.py'), ...args], {stdio: 'inherit'});
    workers.set(number, child);
    return new Promise((done, fail) => child.on('exit', (code, signal) => {
      workers.delete(number);
      if (signal === 'SIGKILL') begin(kind, number).then(done, fail);
      else if (code === 0) done();
      else fail(new Error(`a worker (${kind}) ended with ${code ?? signal}`));
    }));
  }

  it('and that are killed at random loses no trial and doubles none', async () => {
    const kinds = ['node', 'node', 'node', ...(PYTHON ? ['optuna'] : [])];
    const start = performance.now(), all = Promise.all(kinds.map((kind, k) => begin(kind as 'node', k)));
    let over = false;
    const ended = all.finally(() => { over = true; });
    ended.catch(() => undefined);
    const study = await search.openStudy(path, {
      name: 'shared', space: {x: search.float(-1, 1), kind: search.choice('a', 'b')}, patience: 10,
    });
    const draws = uniform(fold(rng(2000), 'kills'), 2 * KILLS), killed: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const moment = 0.95 * WANTED * (kill + draws[2 * kill]) / KILLS;
      while (!over && study.trials().length < moment) await wait(5);
      const at = Math.floor(draws[2 * kill + 1] * kinds.length);
      if (workers.get(at)?.kill('SIGKILL')) killed.push(kinds[at]);
    }
    await ended;
    const seconds = (performance.now() - start) / 1000, reaped = await study.reap(), trials = study.trials();
    const of = (state: search.TrialState) => trials.filter(t => t.state === state);
    const byKind = kinds.map((kind, k) => notes(join(folder, `${kind}-${k}.jsonl`))), noted = byKind.flat();
    console.log([
      `${of('complete').length} complete trials in ${seconds.toFixed(0)} s; noted by ${kinds.join(', ')}: `
        + byKind.map(n => n.length).join(', '),
      `${killed.length} kills (${killed.filter(kind => kind === 'optuna').length} of optuna), `
        + `${reaped.length + of('running').length} trials left open by them`,
    ].map(line => `      ${line}`).join('\n'));
    assert.equal(killed.length, KILLS);
    assert.ok(of('complete').length >= WANTED && of('complete').length < WANTED + kinds.length);
    assert.deepEqual(trials.map(t => t.number), trials.map((_, k) => k));
    // One that was ended between its beginning and its first parameter has none.
    const points = trials.filter(t => 'x' in t.params).map(t => t.params.x);
    assert.ok(new Set(points).size === points.length && trials.length - points.length <= KILLS);
    // Optuna does not say which process a worker is: its open trials stay open.
    assert.ok(reaped.length + of('running').length <= KILLS, 'a kill opens one trial at most');
    assert.ok(of('running').length <= killed.filter(kind => kind === 'optuna').length);
    assert.deepEqual(of('failed').map(t => t.number), reaped.map(t => t.number));
    // What a worker has noted is in the study as noted, and under nobody else's number.
    assert.equal(new Set(noted.map(({number}) => number)).size, noted.length);
    assert.deepEqual(noted.map(({number}) => trials[number]).map(({number, params, value, state}) =>
      ({number, params, value, state})), noted.map(note => ({...note, state: 'complete'})));
    assert.ok(of('complete').length - noted.length <= KILLS, 'killed between the study and the note, once a kill');
    assert.ok(of('complete').every(({params, value}) => value === (params.x as number) * (params.x as number)));
    assert.ok(byKind.every(({length}) => length > 0), 'everybody has written');
    if (PYTHON) readByOptuna(study);
  });

  function readByOptuna(study: search.Study): void {
    const {stdout, stderr, status} = spawnSync(PYTHON!, [join(__dirname, 'worker.py'), path], {
      encoding: 'utf8', maxBuffer: 2 ** 28,
    });
    assert.equal(status, 0, stderr);
    const {optuna, best, trials} = JSON.parse(stdout) as Found;
    const ours = study.trials().map(({number, state, params, value, reported}) =>
      ({number, state, params, value: value ?? null, reported: [...reported]}));
    assert.deepEqual(trials.map(({state, ...rest}) =>
      ({...rest, state: state === 'FAIL' ? 'failed' : state.toLowerCase()})), ours);
    assert.equal(best, study.best()!.number);
    console.log(`      Optuna ${optuna} reads the same ${trials.length} trials; the best is ${best} for both`);
  }
});

const notes = (path: string): readonly Noted[] => (existsSync(path) ? readFileSync(path, 'utf8') : '').split('\n')
  .filter(Boolean).map(line => JSON.parse(line) as Noted);
