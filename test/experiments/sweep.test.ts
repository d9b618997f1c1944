import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {completed, grid, remembered, sweep, type SweepProgress} from '../../lib/experiments';
import {sourceDigest} from '../../lib/experiments/codeVersion';
import {linesFigure} from '../../lib/figures';

const message = (pattern: RegExp) => (error: Error) => (assert.match(error.message, pattern), true);

describe('a grid', () => {
  it('holds every combination once, the last axis fastest', () => {
    const points = grid({seed: [1, 2], rate: [0.1, 0.2, 0.3]});
    assert.deepEqual(points.slice(0, 4), [
      {seed: 1, rate: 0.1}, {seed: 1, rate: 0.2}, {seed: 1, rate: 0.3}, {seed: 2, rate: 0.1},
    ]);
    assert.equal(points.length, 6);
    const sums = points.map(({seed, rate}) => seed + rate);
    assert.equal(sums[5], 2.3);
  });

  it('without axes is one point, with an empty axis none', () => {
    assert.deepEqual(grid({}), [{}]);
    assert.deepEqual(grid({seed: [1], rate: []}), []);
  });
});

describe('a sweep', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'obsnode-sweep-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  /** A sweep over `k`, with how often each was computed. */
  const counted = async (ks: readonly number[], inputs: Record<string, unknown> = {}, shift = 0) => {
    const computed: number[] = [];
    const run = ({k}: {readonly k: number}) => (computed.push(k), {value: k + shift});
    const rows = await sweep(grid({k: ks}), {inputs, run}, {cache: folder});
    return {computed, rows};
  };

  it('answers a row for each point in the grid\'s order, whatever order they end in', async () => {
    const rows = await sweep({k: [30, 20, 10, 0]}, async ({k}) => (await sleep(k), {half: k / 2}), {jobs: 4});
    assert.deepEqual(rows.map(({seconds: _seconds, ...row}) => row),
      [30, 20, 10, 0].map(k => ({k, half: k / 2, failed: false, message: '', cached: false})));
    assert.ok(rows.every(row => row.seconds >= row.k / 1000 - 0.002));
  });

  it('runs as many at a time as there are jobs, never more', async () => {
    for (const jobs of [1, 3]) {
      let now = 0, most = 0;
      await sweep({k: [1, 2, 3, 4, 5, 6, 7]}, async () => {
        most = Math.max(most, ++now);
        await sleep(5);
        now--;
        return {};
      }, {jobs});
      assert.equal(most, jobs);
    }
  });

  it('makes a row of an error, with its name and message, and goes on', async () => {
    const rows = await sweep({k: [-1, 4]}, ({k}) => {
      if (k < 0) throw new RangeError(`no root of ${k}`);
      return {root: Math.sqrt(k)};
    });
    assert.deepEqual(rows.map(row => [row.k, row.failed, row.message, row.failed ? undefined : row.root]),
      [[-1, true, 'RangeError: no root of -1', undefined], [4, false, '', 2]]);
    assert.throws(
      () => completed(rows), message(/1 of 2 runs failed; the first, \{"k":-1\}, with RangeError: no root of -1/),
    );
    assert.equal(completed(rows.slice(1))[0].root, 2);
  });

  it('computes each run once, and says of kept ones what they took when they were computed', async () => {
    const first = await counted([1, 2]), again = await counted([1, 2]);
    assert.deepEqual([first.computed, again.computed], [[1, 2], []]);
    assert.deepEqual(again.rows, first.rows.map(row => ({...row, cached: true})));
  });

  it('computes only what is new in a larger grid', async () => {
    await counted([1, 2]);
    assert.deepEqual((await counted([0, 1, 2, 3])).computed, [0, 3]);
  });

  it('knows a run by its point, its inputs and its own text: when one of them changes, it is '
      + 'computed again', async () => {
    await counted([1], {size: 10});
    assert.deepEqual((await counted([1], {size: 11})).computed, [1]);
    assert.deepEqual((await counted([1], {size: 10})).computed, []);
    let computed = 0;
    const other = {inputs: {size: 10}, run: ({k}: {k: number}) => (computed++, {value: k + 1})};
    assert.equal((await sweep([{k: 1}], other, {cache: folder}) as {value: number}[])[0].value, 2);
    await sweep([{k: 1}], {...other, inputs: ({k}) => ({size: k})}, {cache: folder});
    assert.equal(computed, 2);
  });

  it('knows which engine is in use', async () => {
    const before = process.env.OBSNODE_PROVIDER;
    try {
      process.env.OBSNODE_PROVIDER = 'cpu';
      await counted([1]);
      process.env.OBSNODE_PROVIDER = 'native';
      assert.deepEqual((await counted([1])).computed, [1]);
    } finally {
      if (before === undefined) delete process.env.OBSNODE_PROVIDER;
      else process.env.OBSNODE_PROVIDER = before;
    }
  });

  it('knows the library by its sources, but for the rooms that only show, and by its packages', () => {
    const copy = join(folder, 'lib'), set = (path: string, text: string) => writeFileSync(join(folder, path), text);
    for (const room of ['math', 'figures']) mkdirSync(join(copy, room), {recursive: true});
    set('package.json', '{"dependencies": {"a": "1.0.0"}}');
    set('lib/math/one.ts', 'export const one = 1;');
    set('lib/figures/bar.ts', '');
    const digests = [sourceDigest(copy)];
    const after = (path: string, text: string) => (set(path, text), digests.push(sourceDigest(copy)));
    after('lib/figures/bar.ts', '// wider');
    assert.equal(digests[0], digests[1]);
    after('lib/math/one.ts', 'export const one = 2;');
    after('lib/math/two.c', '');
    after('lib/math/three.sql', 'SELECT 1');
    after('package.json', '{"dependencies": {"a": "1.0.1"}}');
    assert.equal(new Set(digests).size, 5);
    assert.match(sourceDigest(), /^[0-9a-f]{64}$/);
  });

  it('keeps results to the last bit: NaN, -0, infinities, missing values and arrays', async () => {
    const hard = {
      nan: NaN, zero: -0, far: -Infinity, tiny: 5e-324, none: undefined, list: [undefined, 0.1 + 0.2],
      array: Float32Array.of(1.1, NaN),
    };
    const ask = () => sweep({k: [1]}, {inputs: {}, run: () => hard}, {cache: folder});
    const [[fresh], [kept]] = [await ask(), await ask()];
    assert.deepEqual([fresh.cached, kept.cached], [false, true]);
    assert.deepEqual({...kept, cached: false}, fresh);
    const [row] = completed([kept]);
    assert.ok(Object.is(row.zero, -0) && row.array instanceof Float32Array);
  });

  it('does not keep errors: the next sweep tries again', async () => {
    let broken = true;
    const ask = () => sweep({k: [1]}, {inputs: {}, run: () => {
      if (broken) throw new Error('disk full');
      return {ok: 1};
    }}, {cache: folder});
    assert.equal((await ask())[0].failed, true);
    broken = false;
    assert.deepEqual((await ask()).map(row => [row.failed, row.cached]), [[false, false]]);
  });

  it('computes again what was damaged, half written, or belongs to another run', async () => {
    await counted([1, 2, 3]);
    const files = readdirSync(folder).sort(), [one, two, three] = files.map(name => join(folder, name));
    assert.equal(files.length, 3);
    const whole = readFileSync(one);
    writeFileSync(one, whole.subarray(0, whole.length - 7));
    writeFileSync(two, 'nonsense');
    cpSync(two, three);
    writeFileSync(three, whole);
    const {computed, rows} = await counted([1, 2, 3]);
    assert.equal(computed.length, 3);
    assert.deepEqual(completed(rows).map(row => row.value), [1, 2, 3]);
    assert.deepEqual((await counted([1, 2, 3])).computed, []);
  });

  it('that was killed goes on where it was', async function () {
    this.timeout(60_000);
    const log = join(folder, 'log'), cache = join(folder, 'cache'), script = resolve(__dirname, 'support/slowSweep.ts');
    const start = () =>
      spawn(process.execPath, ['--import', 'tsx', script, cache, log], {stdio: ['ignore', 'pipe', 'inherit']});
    const first = start(), ended = new Promise(done => first.once('exit', done));
    const finished = () => existsSync(cache) ? readdirSync(cache).filter(name => name.endsWith('.run')).length : 0;
    while (finished() < 3 && first.exitCode === null) await sleep(10);
    first.kill('SIGKILL');
    await ended;
    const kept = finished();
    assert.ok(kept >= 3 && kept < 8, `${kept} were kept`);
    const second = start();
    let text = '';
    second.stdout.on('data', (part: Buffer) => { text += part.toString(); });
    assert.equal(await new Promise(done => second.once('close', done)), 0);
    const rows = JSON.parse(text) as {k: number; square: number; cached: boolean}[];
    assert.deepEqual(rows.map(row => row.square), [0, 1, 4, 9, 16, 25, 36, 49]);
    assert.equal(rows.filter(row => row.cached).length, kept);
    const times = readFileSync(log, 'utf8').trim().split('\n').length;
    assert.ok(times === 8 || times === 9, `${times} runs in all: at most the one at work was lost`);
  });

  it('that is stopped tells its runs, starts no others, and keeps what is done', async () => {
    const stop = new AbortController(), started: number[] = [], told: number[] = [];
    const run = async ({k}: {readonly k: number}, {signal}: {readonly signal: AbortSignal}) => {
      started.push(k);
      if (k < 2) return {k2: 2 * k};
      signal.addEventListener('abort', () => told.push(k));
      setImmediate(() => stop.abort(new Error('enough')));
      await sleep(10_000, undefined, {signal});
      return {k2: 2 * k};
    };
    const points = grid({k: [0, 1, 2, 3, 4, 5]});
    await assert.rejects(
      sweep(points, {inputs: {}, run}, {jobs: 2, cache: folder, signal: stop.signal}), message(/^enough$/),
    );
    const running = [...started];
    assert.ok(
      running.length < 6 && told.length === running.filter(k => k >= 2).length, `${started} started, ${told} told`,
    );
    await sleep(20);
    assert.deepEqual(started, running);
    assert.equal(readdirSync(folder).length, 2);
    await assert.rejects(sweep(points, run, {signal: AbortSignal.abort(new Error('before'))}), message(/^before$/));
    assert.deepEqual(started, running);
  });

  it('lets timers have their turn between runs that wait for nothing', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('time is up')), 20);
    const busy = () => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return {};
    };
    await assert.rejects(
      sweep({k: Array.from({length: 2000}, (_, k) => k)}, busy, {signal: stop.signal}), message(/time is up/),
    );
  });

  it('counts rows as they come, kept ones first, and says how long the rest will take', async () => {
    await counted([1, 2]);
    const heard: SweepProgress<{k: number}, object>[] = [];
    const run = {inputs: {}, run: ({k}: {readonly k: number}) => sleep(20, {value: k + 0})};
    await sweep(grid({k: [1, 2]}), run, {cache: folder});
    await sweep(grid({k: [5, 1, 6, 2]}), run, {cache: folder, onProgress: one => heard.push(one)});
    assert.deepEqual(heard.map(({row, done, total}) => [row.k, row.cached, done, total]), [
      [1, true, 1, 4], [2, true, 2, 4], [5, false, 3, 4], [6, false, 4, 4],
    ]);
    const left = heard.map(one => one.secondsLeft);
    assert.ok(left[2] >= 0.015 && left[2] < 5 && left[3] === 0, String(left));
  });

  it('ends with the error of whoever listens', async () => {
    const started: number[] = [];
    const rows = sweep({k: [1, 2, 3]}, ({k}) => (started.push(k), {}), {
      onProgress: () => { throw new Error('no display'); },
    });
    await assert.rejects(rows, message(/^no display$/));
    assert.deepEqual(started, [1]);
  });

  it('ends with the error of a disk that keeps nothing', async () => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(sweep({k: [1]}, {inputs: {}, run: () => ({})}, {cache: join(folder, 'file')}), {
      code: /EEXIST|ENOTDIR/,
    });
  });

  it('refuses what it cannot tell apart or keep, and says what to do', async () => {
    await assert.rejects(
      sweep({k: [1, 2, 1]}, () => ({})),
      message(/sweep: argument `where` must be of points that differ; received \{"k":1\}/),
    );
    const model = {name: 'm', fit: () => 1};
    await assert.rejects(
      sweep({model: [model]}, () => ({})),
      message(/sweep: argument `where` must be of points of plain data; .*Name what is not, and look it up/),
    );
    await assert.rejects(
      sweep({k: [1]}, () => ({}), {cache: folder}),
      message(/sweep: argument `run` must be a record \{inputs, run\} where results are kept/),
    );
    await assert.rejects(sweep({k: [1]}, () => ({}), {jobs: 0}), message(/sweep: argument `jobs`/));
    assert.deepEqual(readdirSync(folder), []);
  });

  it('makes rows of results that are none: no record, no plain data, names that are taken', async () => {
    const said = async (result: unknown) => (await sweep({k: [1]}, () => result as object))[0].message;
    assert.match(await said(3), /must be a function that answers a record, such as \{error: 0.1\}; received 3/);
    assert.match(await said({f: () => 1}), /must be a function that answers plain data/);
    assert.match(await said({k: 2}), /must be a function that answers no field named like an axis.*received \["k"\]/);
    assert.match(await said({seconds: 2}), /received \["seconds"\]/);
  });

  it('gives rows that a data frame and a figure take as they are', async function () {
    this.timeout(60_000);
    const rows =
      completed(await sweep({width: [8, 16], rate: [0.1, 0.2, 0.3]}, ({width, rate}) => ({error: width * rate})));
    const {DataFrame} = await import('danfojs-node'), frame = new DataFrame(rows.map(row => ({...row})));
    assert.deepEqual(frame.columns, ['width', 'rate', 'error', 'failed', 'message', 'seconds', 'cached']);
    const means = frame.groupby(['width']).col(['error']).mean().values as number[][];
    means.forEach(([width, error]) => assert.ok(Math.abs(error - width * 0.2) < 1e-9, String(error)));
    assert.deepEqual(means.map(([width]) => width), [8, 16]);
    const series = [8, 16].map(width => rows.filter(row => row.width === width)).map(own => ({
      name: `width ${own[0].width}`, x: own.map(row => row.rate), y: own.map(row => row.error),
    }));
    assert.match(await linesFigure(series, {title: 'T', x: 'rate', y: 'error'}).toSvg(), /<svg/);
  });
});

describe('remembered', () => {
  it('computes each list of arguments once', () => {
    const asked: unknown[] = [];
    const sum = remembered((a: number, b: {readonly c: number}) => (asked.push([a, b.c]), {total: a + b.c}));
    assert.equal(sum(1, {c: 2}), sum(1, {c: 2}));
    assert.equal(sum(2, {c: 1}).total, 3);
    assert.deepEqual(asked, [[1, 2], [2, 1]]);
  });
});
