import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runs} from '../../../lib/experiments';

const program = {path: join(__dirname, 'poolWorker.ts'), execArgv: ['--require', 'tsx/cjs'], args: []};
const jobsOf = (orders: Readonly<Record<string, object>>): runs.Job[] =>
  Object.entries(orders).map(([name, order]) => ({name, kind: 'a', order}));

describe('A pool of processes', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'pool-')); });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  it('does a job again whose worker dies, gives up after three deaths, and does all others', async () => {
    const said: number[] = [], once = {dieOnce: join(folder, 'died')};
    const orders = {once, always: {die: true}, sound: {}, last: {}};
    const ended = await runs.runPool(jobsOf(orders), {
      jobs: 2, program, onProgress: ({done, total, secondsLeft}) => {
        said.push(done);
        assert.ok(total === 4 && secondsLeft >= 0 && (done < 4 || secondsLeft === 0));
      },
    });
    const of = Object.fromEntries(ended.map(({job, state, message}) => [job.name, [state, message]]));
    assert.deepEqual(of, {
      once: ['done', undefined], sound: ['done', undefined], last: ['done', undefined],
      always: ['failed', 'its process died 3 times'],
    });
    assert.deepEqual(said, [1, 2, 3, 4]);
  });

  it('begins nothing more where nothing can be done, and ends when told to', async () => {
    const fatal = await runs.runPool(
      jobsOf({full: {answer: {state: 'failed', message: 'disk full', fatal: true}}, next: {}, other: {}}),
      {jobs: 1, program},
    );
    assert.deepEqual(fatal.map(({job}) => job.name), ['full']);
    const stop = new AbortController(), start = performance.now();
    setTimeout(() => stop.abort(), 1500);
    const orders = {first: {milliseconds: 60_000}, second: {}};
    assert.deepEqual(await runs.runPool(jobsOf(orders), {jobs: 1, program, signal: stop.signal}), []);
    assert.ok(performance.now() - start < 30_000);
  });

  it('keeps as many processes at work as it may', async () => {
    const orders = Object.fromEntries(Array.from({length: 8}, (_, k) => [`${k}`, {milliseconds: 400}]));
    let first = 0, last = 0;
    await runs.runPool(jobsOf(orders), {jobs: 2, program, onProgress: ({done}) => {
      if (done === 2) first = performance.now();
      last = performance.now();
    }});
    // Six jobs of 0.4 s in two processes: 1.2 s, were there nothing else to do; 2.4 s in one.
    assert.ok(last - first < 2300, `${last - first}`);
  });
});
