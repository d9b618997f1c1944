import assert from 'node:assert/strict';
import {
  appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {search} from '../../../lib';
import {rng} from '../../../lib/math';
import {openJournal} from '../../../lib/experiments/search/journal';
import {replay} from '../../../lib/experiments/search/replay';
import {locked} from '../../../lib/experiments/search/lock';

const {float, int, choice} = search;
let folder: string, path: string;

describe('a study', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'study-'));
    path = join(folder, 'journal.log');
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  const space = {rate: float(1e-4, 1e-1, {log: true}), width: int(8, 64), kind: choice('a', 'b', null)};
  const open = (options = {}) => search.openStudy(path, {name: 's', space, ...options});

  it('asks, hears and answers, and is the same when opened again', async () => {
    const study = await open(), [one, two] = await study.ask(2);
    await study.report(one, 1, 3);
    await study.tell(one, {value: 2}, {seconds: 1.5});
    await study.tell(two, {failed: 'diverged'});
    const again = await open();
    assert.deepEqual(again.trials().map(({number, state, value}) => ({number, state, value})), [
      {number: 0, state: 'complete', value: 2}, {number: 1, state: 'failed', value: undefined},
    ]);
    assert.deepEqual(again.trials()[0].params, one.params);
    assert.deepEqual([...again.trials()[0].reported], [[1, 3]]);
    assert.equal(again.trials()[0].attributes.seconds, 1.5);
    assert.equal(again.best()!.number, 0);
    await assert.rejects(again.tell(one, {value: 1}), /trial 0 has ended already: it is complete/);
  });

  it('parameters follow the trial\'s number, whoever asks, and lie in their domains', async () => {
    for (const sampler of [search.randomSampler(rng(5)), search.sobolSampler(rng(5))]) {
      const name = sampler.name, one = await open({name, sampler}), other = await open({name, sampler});
      const asked = [...await one.ask(3), ...await other.ask(2), ...await one.ask(1)].map(t => t.params);
      const alone = await search.openStudy(join(folder, `${name}.log`), {name, space, sampler});
      assert.deepEqual(asked, (await alone.ask(6)).map(t => t.params));
      for (const {rate, width, kind} of asked) {
        assert.ok((rate as number) >= 1e-4 && (rate as number) <= 1e-1 && Number.isInteger(width));
        assert.ok((width as number) >= 8 && (width as number) <= 64 && ['a', 'b', null].includes(kind as string));
      }
    }
  });

  it('whole numbers and choices are drawn evenly, logarithmic ones evenly in the logarithm', () => {
    const units = Array.from({length: 10_000}, (_, k) => (k + 0.5) / 1e4);
    const at = (domain: search.Domain) => units.map(u => search.atUnit(domain, u));
    const counts = (values: unknown[]) => [...new Set(values)].map(v => values.filter(w => w === v).length);
    assert.ok(counts(at(int(1, 5))).every(n => n === 2000));
    assert.ok(counts(at(choice('a', 'b'))).every(n => n === 5000));
    const logs = at(float(1e-3, 1e1, {log: true})) as number[];
    assert.equal(logs.filter(v => v < 1e-1).length, 5000);
  });

  it('a parameter exists only where its condition holds', async () => {
    const study = await search.openStudy(path, {name: 'c', space: {
      kind: choice('plain', 'deep'), layers: {...int(2, 5), when: {kind: 'deep'}},
    }});
    const trials = await study.ask(40);
    assert.ok(trials.every(({params}) => ('layers' in params) === (params.kind === 'deep')));
    assert.ok(new Set(trials.map(t => t.params.kind)).size === 2);
    await assert.rejects(search.openStudy(path, {name: 'd', space: {layers: {...int(2, 5), when: {kind: 'deep'}}}}),
      /openStudy: argument `space\.layers` must be a condition on parameters named before it/);
  });

  it('two studies of one journal keep to themselves, and a direction is kept', async () => {
    const [one, other] = [await open(), await open({name: 't', direction: 'maximize'})];
    const [a] = await one.ask(), [b, c] = await other.ask(2);
    await one.tell(a, {value: 1});
    await other.tell(b, {value: 1});
    await other.tell(c, {value: 2});
    assert.deepEqual([one.trials().length, other.trials().length, other.best()!.number], [1, 2, 1]);
    await assert.rejects(open({name: 't'}), /argument `direction` must be that with which the study was started/);
  });

  it('a deleted study is gone, its numbers stay, and one of its name begins anew', async () => {
    const [first, other] = [await open(), await open({name: 'other'})];
    await first.tell((await first.ask())[0], {value: 1});
    appendFileSync(path, '{"op_code":1,"worker_id":"x","study_id":0}\n{"op_code":4,"worker_id":"x","study_id":0}\n');
    const [a] = await other.ask();
    await other.tell(a, {value: 2});
    const anew = await open(), [b] = await anew.ask();
    await anew.tell(b, {value: 3});
    assert.deepEqual([anew, other].map(s => [s.trials().length, s.best()!.value]), [[1, 3], [1, 2]]);
    assert.deepEqual([a.id, b.id], [1, 2], 'a trial of a study that is gone takes no number');
  });

  it('trials that others queue or add are read from one line, and queued ones are taken up first', async () => {
    const study = await open(), rate = search.distributionJson(space.rate), kind = search.distributionJson(space.kind);
    const create = (fields: object) => appendFileSync(path, `${JSON.stringify({
      op_code: 4, worker_id: 'optuna', study_id: 0, datetime_start: null, user_attrs: {}, system_attrs: {}, params: {},
      distributions: {}, intermediate_values: {}, value: null, values: null, ...fields,
    })}\n`);
    create({state: 4, system_attrs: {fixed_params: {width: 13}}});
    create({
      state: 1, value: 0.5, params: {rate: 0.01, kind: 1}, distributions: {rate, kind}, intermediate_values: {3: 0.7},
      user_attrs: {seconds: 2},
    });
    const [waiting, added] = study.trials();
    assert.deepEqual([waiting.state, added.state, added.value, added.params, [...added.reported], added.attributes],
      ['waiting', 'complete', 0.5, {rate: 0.01, kind: 'b'}, [[3, 0.7]], {seconds: 2}]);
    const [taken, next] = await study.ask(2);
    assert.deepEqual([taken.number, taken.state, taken.params.width, next.number], [0, 'running', 13, 2]);
    assert.ok(taken.worker.endsWith(next.worker.split('/')[2]), 'it belongs to whoever took it up');
    assert.deepEqual(Object.keys(taken.params).sort(), ['kind', 'rate', 'width']);
  });

  it('a journal of many trials is read in time that grows as it does', () => {
    const seconds = (trials: number) => {
      const begun = Array.from({length: trials}, () => ({op_code: 4, worker_id: 'x', study_id: 0}));
      const lines = [{op_code: 0, worker_id: 'x', study_name: 's', directions: [1]}, ...begun];
      const start = performance.now(), state = replay('s');
      state.apply(lines);
      assert.equal(state.trials().length, trials);
      return performance.now() - start;
    };
    seconds(1000);
    // 50 ms where counting is linear, minutes where it is quadratic.
    assert.ok(seconds(200_000) < 5000);
  });

  it('half a line that a killed writer left is cut off, and nothing else is lost', async () => {
    const study = await open();
    await study.tell((await study.ask())[0], {value: 1});
    appendFileSync(path, '{"op_code":6,"worker_id":"x","trial');
    const again = await open(), [next] = await again.ask();
    await again.tell(next, {value: 0.5});
    assert.deepEqual([study.trials().length, again.best()!.number], [2, 1]);
    assert.ok(readFileSync(path, 'utf8').trim().split('\n').every(line => JSON.parse(line) as boolean));
  });

  it('a lock whose owner died is taken over after its time', async () => {
    symlinkSync(path, `${path}.lock`);
    writeFileSync(path, '');
    const start = performance.now();
    assert.equal(await locked(path, () => 7, 0.3), 7);
    assert.ok(performance.now() - start > 290);
  });

  it('a writer that slept so long that its lock was taken writes over nobody, and asks anew', async () => {
    const journal = openJournal(path, 0.5), line = (worker_id: string) => ({op_code: 99, worker_id});
    const heard: string[][] = [];
    await journal.append(fresh => {
      heard.push(fresh.map(({worker_id}) => worker_id));
      // Others take the lock from it, write, and give it back, while it believes that it has it.
      if (heard.length === 1) appendFileSync(path, `${JSON.stringify(line('other'))}\n`);
      return [line('own')];
    });
    assert.deepEqual([heard, journal.read().map(({worker_id}) => worker_id)], [[[], ['other']], ['own']]);
    let calls = 0;
    const start = performance.now();
    await journal.append(() => {
      // Others have it still: it is theirs, and is not released by whoever had it before.
      if (calls++ === 0) {
        unlinkSync(`${path}.lock`);
        symlinkSync(path, `${path}.lock`);
      }
      return [line('late')];
    });
    assert.ok(calls === 2 && performance.now() - start > 490);
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 4);
  });

  it('a file that is no journal is refused, a folder that may not be written to leaves all as it was', async () => {
    writeFileSync(path, 'rate,width\n1,2\n');
    await assert.rejects(open(), /is no journal: its line 1 from here is not JSON: rate,width/);
    if (process.getuid?.() === 0) return;
    rmSync(path);
    const study = await open(), before = readFileSync(path);
    chmodSync(folder, 0o500);
    await assert.rejects(study.ask(), /EACCES/);
    chmodSync(folder, 0o700);
    assert.deepEqual(readFileSync(path), before);
  });

  it('stops three of four trials early, never the best so far', async () => {
    const study = await open({pruner: search.halving({first: 2, factor: 4})}), ended: string[] = [];
    await search.optimise(study, async (_, {report}) => {
      const value = 100 - ended.length;
      for (let step = 1; step <= 4; step++) await report(step, ended.length % 4 === 0 ? value - 1000 : value);
      return value;
    }, {trials: 16, onProgress: (_d, _t, {state}) => ended.push(state)});
    assert.ok(ended.every((state, k) => k % 4 > 0 || state === 'complete'), ended.join(' '));
    assert.equal(ended.filter((state, k) => k >= 4 && k % 4 > 0 && state === 'complete').length, 0, ended.join(' '));
  });

  it('a bad trial never ends the study, and a budget of seconds does', async () => {
    const study = await open();
    const best = await search.optimise(study, ({width}) => {
      if ((width as number) < 20) throw new Error('too narrow');
      return (width as number) > 60 ? NaN : (width as number);
    }, {trials: 40});
    const states = study.trials().map(t => t.state);
    assert.ok(states.length === 40 && states.includes('failed') && (best!.params.width as number) >= 20);
    const bounded = await open({name: 'bounded'});
    await search.optimise(bounded, () => {
      const before = process.cpuUsage();
      let x = 0;
      while (process.cpuUsage(before).user < 60_000) for (let k = 0; k < 1e5; k++) x += Math.sqrt(k);
      return x;
    }, {trials: 1000, seconds: 0.3});
    assert.ok(bounded.trials().length >= 2 && bounded.trials().length < 20, `${bounded.trials().length}`);
  });
});
