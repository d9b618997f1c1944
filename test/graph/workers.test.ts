import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {
  handle, meanOverWorkers, record, session, type Handle, type Session, type SessionOptions,
} from '../../lib/graph';
import {relativeError} from './compare';
import {BATCH_INPUTS, nextInputs, trainingStep, type StepSizes} from './referenceStep';

const sizes: StepSizes = {batch: 8, width: 16, layers: 2, blocks: 2, outcomes: 2, treatments: 1, history: 4, steps: 3};
const whole = trainingStep(sizes);
const share = trainingStep({...sizes, batch: sizes.batch / 2});
const firstInputs = () => whole.inputs.map((data, i) => handle(data, whole.specs[i].shape));

/** Loss of each of `n` training steps, and the first weight matrix at the end. */
async function train(s: Session, n: number): Promise<{losses: number[]; weights: Float32Array}> {
  const losses: number[] = [];
  let inputs: Handle[] = firstInputs();
  const batch = inputs.slice(-BATCH_INPUTS.length);
  let outputs: Handle[] = [];
  for (let t = 1; t <= n; t++) {
    outputs = await s.run(inputs);
    losses.push(outputs[0].data[0]);
    inputs = nextInputs(whole, outputs, t + 1, batch);
  }
  return {losses, weights: (await outputs[1].read()) as Float32Array};
}

const parallel = (options: SessionOptions = {}) =>
  session(record(share.fn, share.specs), {provider: 'cpu', workers: 2, shard: BATCH_INPUTS, ...options});

describe('graph: data-parallel workers of ONNX Runtime', () => {
  before(async () => { await tf.setBackend('cpu'); });

  it('two workers with half the batch each train as one with all of it', async () => {
    const one = await session(record(whole.fn, whole.specs), {provider: 'cpu'}), two = await parallel();
    const [a, b] = [await train(one, 5), await train(two, 5)];
    assert.ok(relativeError(b.losses, a.losses) < 1e-5, `losses ${a.losses} and ${b.losses}`);
    assert.ok(relativeError(b.weights, a.weights) < 1e-4);
    await one.dispose();
    await two.dispose();
  });

  it('two runs give the same bits', async () => {
    const runs = [];
    for (let i = 0; i < 2; i++) {
      const s = await parallel();
      runs.push(await train(s, 4));
      await s.dispose();
    }
    assert.deepEqual(runs[0], runs[1]);
  });

  it('exchanges in several rounds, so that a masked mean is exact', async () => {
    const loss = (x: tf.Tensor, mask: tf.Tensor) => {
      const n = meanOverWorkers(tf.sum(mask));
      return meanOverWorkers(tf.div(tf.sum(tf.mul(tf.square(x), mask)), n));
    };
    const s = await session(record(loss, [{shape: [2, 1], name: 'x'}, {shape: [2, 1], name: 'mask'}]), {
      provider: 'cpu', workers: 2, shard: ['x', 'mask'],
    });
    const [mean] = await s.run([
      handle(Float32Array.of(1, 2, 3, 4), [4, 1]), handle(Float32Array.of(1, 1, 1, 0), [4, 1]),
    ]);
    assert.ok(Math.abs(mean.data[0] - 14 / 3) < 1e-6);
    await s.dispose();
  });

  it('a background session leaves the calling thread free while it runs', async () => {
    const chain = (x: tf.Tensor) => {
      let y = x;
      for (let i = 0; i < 40; i++) y = tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D);
      return y;
    };
    const program = record(chain, [{shape: [384, 384]}]), x = handle(new Float32Array(384 * 384), [384, 384]);
    const ticksDuring = async (background: boolean) => {
      const s = await session(program, {provider: 'cpu', background});
      await s.run([x]);
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      await s.run([x]);
      clearInterval(timer);
      await s.dispose();
      return ticks;
    };
    assert.ok((await ticksDuring(false)) <= 2, 'in the calling thread no timer fires during a run');
    assert.ok((await ticksDuring(true)) > 5, 'timers fire while the worker computes');
  });

  it('an aborted run rejects with AbortError and leaves the session usable', async () => {
    const s = await parallel();
    const controller = new AbortController();
    const running = s.run(firstInputs(), {signal: controller.signal});
    setImmediate(() => controller.abort());
    await assert.rejects(running, {name: 'AbortError'});
    assert.equal((await s.run(firstInputs())).length, whole.specs.length - 3);
    await s.dispose();
  });

  it('an output that a later run replaced says so', async () => {
    const s = await session(record(x => tf.tanh(x), [{shape: [2000], name: 'x'}]), {
      provider: 'cpu', workers: 2, shard: [],
    });
    const x = handle(new Float32Array(2000), [2000]);
    const [first] = await s.run([x]);
    assert.throws(() => first.data, /await handle\.read/);
    await s.run([x]);
    await assert.rejects(() => first.read(), /replaced by a later run/);
    await s.dispose();
  });

  it('runs that are started together happen one after the other', async () => {
    const s = await session(record(x => tf.add(x, 1), [{shape: [2000], name: 'x'}]), {
      provider: 'cpu', background: true,
    });
    const [zero] = await s.run([handle(new Float32Array(2000), [2000])]);
    const [first, second] = await Promise.allSettled([s.run([zero]), s.run([zero])]);
    assert.equal(first.status, 'fulfilled');
    assert.ok(
      second.status === 'rejected' && /replaced by a later run/.test(String(second.reason)),
      'the second would have read what the first replaced',
    );
    await s.dispose();
  });

  it('a program that only waits for answers does not end before it has them all', () => {
    const graph = join(__dirname, '../../lib/graph');
    const script = `
      const tf = require('@tensorflow/tfjs'), {handle, record, session} = require(${JSON.stringify(graph)});
      (async () => {
        const program = record(x => tf.add(x, 1), [{shape: [4e6], name: 'x'}]);
        const s = await session(program, {provider: 'cpu', background: true});
        const [value] = await s.run([handle(new Float32Array(4e6), [4e6])]);
        await Promise.all([1, 2, 3, 4].map(() => value.read()));
        await s.run([handle(new Float32Array(4e6), [4e6])]);
        process.stdout.write('all');
      })();`;
    assert.equal(execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
      encoding: 'utf8', cwd: join(__dirname, '../..'),
    }), 'all');
  });

  it('a failure inside a worker is reported', async () => {
    const s = await session(record((x, i) => tf.gather(x, i), [{
      shape: [3], name: 'x',
    }, {shape: [1], dtype: 'int32', name: 'i'}]), {provider: 'cpu', workers: 2});
    await assert.rejects(
      () => s.run([handle(new Float32Array(3), [3]), handle(Int32Array.of(99), [1])]), /a worker failed/,
    );
    await s.dispose();
  });

  it('names a shard that is no input, and refuses to run after dispose', async () => {
    const program = record(x => tf.tanh(x), [{shape: [2], name: 'x'}]);
    await assert.rejects(() => session(program, {provider: 'cpu', workers: 2, shard: ['y']}), /options\.shard.*"y"/);
    const s = await session(program, {provider: 'cpu', workers: 2, shard: ['x']});
    await s.dispose();
    await assert.rejects(() => s.run([handle(new Float32Array(4), [4])]), /disposed/);
  });
});
