import assert from 'node:assert/strict';
import {KernelPool} from '../../../kernels/read/kernelPool';
import {ScriptedKernel} from './support';

const soon = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('the spare kernel of the live pages', () => {
  let kernels: ScriptedKernel[], pool: KernelPool;
  const codes = (k: number): unknown[] => kernels[k].sent.map(({content}) => content.code);

  beforeEach(() => {
    kernels = [];
    pool = new KernelPool({root: '/', directory: '/', env: {}, log: () => undefined}, () => {
      kernels.push(new ScriptedKernel());
      return Promise.resolve(kernels.at(-1)!);
    });
  });

  afterEach(() => pool.close());

  it('is one, however many pages are opened, and loads what each imports once, in silence', async () => {
    pool.prepare();
    pool.prepare(['../lib/index', '../lib/studies/cancer']);
    pool.prepare(['../lib/index', '../lib/studies/pendulum']);
    await soon();
    assert.equal(kernels.length, 1);
    assert.deepEqual(codes(0), [
      'import "../lib/index";\nimport "../lib/studies/cancer";', 'import "../lib/studies/pendulum";',
    ]);
    for (const {channel, type, content} of kernels[0].sent) {
      assert.deepEqual([channel, type, content.silent, content.store_history],
        ['shell', 'execute_request', true, false]);
    }
  });

  it('goes to the page that runs first; the next one has loaded nothing', async () => {
    pool.prepare(['../lib/index']);
    assert.equal(await pool.take(), kernels[0]);
    pool.prepare(['../lib/index']);
    await soon();
    assert.deepEqual([codes(0), codes(1)], [['import "../lib/index";'], ['import "../lib/index";']]);
    await pool.close();
    assert.deepEqual(kernels.map(({closed}) => closed), [false, true]);
  });

  it('is let go when it ends by itself, and another takes its place', async () => {
    pool.prepare(['../lib/index']);
    await soon();
    kernels[0].die();
    assert.equal(await pool.take(), kernels[1]);
  });
});
