import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {
  handle, meanOverWorkers, nativeAvailable, optimise, record, session, type InputSpec, type TensorData,
  type TensorFunction,
} from '../../lib/graph';
import {evaluate} from '../../lib/graph/reference/evaluate';
import {assemble} from '../../lib/graph/native/assemble';
import {chain} from '../../lib/graph/native/chains';
import {nativeLibrary} from '../../lib/graph/native/library';
import {opcode} from '../../lib/graph/native/opcodes';
import {sharedChains} from '../../lib/graph/native/shared';
import {joinSlopes} from '../../lib/graph/native/slopes';
import {optimiseForNative} from '../../lib/graph/native/optimise';
import {count} from '../../lib/graph/ir/program';
import {rng, uniform} from '../../lib/math';
import {singleWorker} from '../../lib/graph/onnx/singleWorker';
import {compiled, relativeError, sample} from './compare';
import {BATCH_INPUTS, nextInputs, trainingStep, W} from './referenceStep';

const f = (...shape: number[]): InputSpec => ({shape});

/** The engine in C must give what `evaluate` gives in double precision. */
async function check(
  fn: TensorFunction, specs: readonly InputSpec[], tolerance = 1e-5,
  data: readonly TensorData[] = specs.map((s, i) => sample(s, i)),
): Promise<void> {
  const program = record(fn, specs), expected = evaluate(program, data);
  const actual = await compiled(program, data, 'native');
  expected.forEach((e, i) =>
    assert.ok(relativeError(actual[i], e) < tolerance, `output ${i}: ${relativeError(actual[i], e)}`));
}

/** Products, chains, views and exchanges of matrices in random order, whose results are used soon, late, and outside. */
const randomly = (seed: number): TensorFunction => (x, y) => {
  const drawn = uniform(rng(seed), 400), values = [x, y];
  for (let i = 0; i < 80; i++) {
    const [kind, transpose, ...choices] = drawn.subarray(5 * i);
    const [b, c, d] = choices.map(u => values[Math.floor(u * u * values.length)]);
    const bounded = tf.tanh(b) as tf.Tensor2D;
    // Some right sides are results of products themselves, and several products share one: it is then packed.
    const product = () => tf.mul(tf.matMul(bounded, c as tf.Tensor2D, transpose < 0.5), 1 / 8);
    if (kind < 0.4) values.push(product());
    else if (kind < 0.7) values.push(tf.add(product(), d));
    else if (kind < 0.85) values.push(tf.mul(bounded, tf.tanh(c)));
    else values.push(kind < 0.97 ? tf.reshape(tf.transpose(bounded), [8, 8]) : meanOverWorkers(bounded));
  }
  return [meanOverWorkers(values[81]), ...[20, 40, 60].map(i => values[i]), tf.addN(values)];
};

/** The same instructions, but deferrable products stand right before what must wait for them; and how many had to be done there each time. */
function asLateAsPossible(code: Int32Array): {late: Int32Array; deferred: number[]} {
  const late: number[] = [], waiting: {end: number; words: number[]}[] = [], deferred: number[] = [];
  const finish = (position: number) => {
    const due = waiting.filter(p => p.end <= position).length;
    deferred.push(...Array<number>(due).fill(due));
    for (const {words} of waiting.splice(0, due)) late.push(opcode('Product'), ...words.slice(1));
  };
  for (let at = 0; at < code.length; at += code[at + 1]) {
    const words = [...code.subarray(at, at + code[at + 1])];
    if (code[at] === opcode('DeferrableProduct')) waiting.push({end: at + words.length, words});
    else if (code[at] === opcode('Await')) finish(words[2]);
    else {
      if (code[at] === opcode('Exchange')) finish(Infinity);
      late.push(...words);
    }
  }
  finish(Infinity);
  return {late: Int32Array.from(late), deferred};
}

describe('graph: the engine in C', () => {
  before(async function () {
    await tf.setBackend('cpu');
    if (await nativeAvailable()) return;
    assert.ok(
      !process.env.OBSNODE_REQUIRE_NATIVE, 'OBSNODE_REQUIRE_NATIVE is set, and there is no C compiler that works',
    );
    console.log('      skipped: no C compiler');
    this.skip();
  });

  it('multiplies matrices of any size, in any layout, packed or not', async function () {
    this.timeout(60_000);
    const sizes = [1, 2, 3, 5, 6, 7, 8, 15, 16, 17, 31, 33, 48, 63, 64, 65, 100, 130];
    const pick = (i: number, k: number) => sizes[(i * 7 + k * 5 + Math.floor(i / 3)) % sizes.length];
    for (let i = 0; i < 60; i++) {
      const [m, n, k] = [pick(i, 0), pick(i, 1), i % 10 === 0 ? 300 + i : pick(i, 2)];
      const [a, b] = [i % 2 === 1, i % 4 > 1];
      const left = a ? [k, m] : [m, k], right = b ? [n, k] : [k, n];
      // The second operand as an input is packed; computed and used once it is not.
      await check((x, y, c) => [
        tf.add(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D, a, b), c),
        tf.matMul(x as tf.Tensor2D, tf.square(y) as tf.Tensor2D, a, b),
      ],
        [f(...left), f(...right), i % 3 === 0 ? f(n) : i % 3 === 1 ? f(m, 1) : f(m, n)]);
    }
  });

  it('adds products to sums that are used elsewhere as well', () => check(
    (x, y, c) => {
      const first = tf.add(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D), c);
      return [tf.add(tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D), first), tf.exp(first), c];
    },
    [f(9, 9), f(9, 9), f(9, 9)]));

  it('multiplies products with the slope of tanh, whatever their size, and leaves a slope alone that '
      + 'is used twice', async () => {
    const withSlope = (product: tf.Tensor, y: tf.Tensor) => tf.mul(product, tf.sub(1, tf.mul(y, y)));
    const joined = (fn: TensorFunction, specs: readonly InputSpec[]) => {
      const program = optimiseForNative(singleWorker(record(fn, specs)));
      return joinSlopes(program, chain(program)).some(unit => unit.length === 4 && unit[0].op !== 'Mul');
    };
    for (const [m, k, n] of [[64, 128, 128], [7, 300, 70], [9, 5, 2], [1, 1, 1], [65, 530, 33]]) {
      const fn: TensorFunction = (x, w, h) => [withSlope(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), tf.tanh(h))];
      const specs = [f(m, k), f(k, n), f(m, n)];
      assert.ok(joined(fn, specs), `${m} x ${n}`);
      await check(fn, specs);
    }
    await check((x, w, h) => [withSlope(tf.matMul(x, w), tf.tanh(h))], [f(3, 7, 5), f(3, 5, 4), f(3, 7, 4)]);
    await check((x, w, h, c) => [withSlope(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), c), h), h], [
      f(7, 5), f(5, 7), f(7, 7), f(7, 7),
    ]);
    const twice: TensorFunction = (x, w, h) => {
      const slope = tf.sub(1, tf.mul(h, h)), product = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
      return [tf.mul(product, slope), tf.sum(slope)];
    };
    assert.ok(!joined(twice, [f(7, 5), f(5, 3), f(7, 3)]));
    await check(twice, [f(7, 5), f(5, 3), f(7, 3)]);
    // The product itself, or its square, is wanted.
    await check((x, w) => { const p = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D); return [withSlope(p, p)]; }, [
      f(7, 5), f(5, 3),
    ]);
    await check((x, w, h) => {
      const p = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
      return [withSlope(p, h), p];
    }, [f(7, 5), f(5, 3), f(7, 3)]);
  });

  it('sums the rows of a matrix of any width', async () => {
    for (const [m, n] of [[1, 1], [5, 63], [9, 64], [3, 65], [7, 200]])
      await check(x => [tf.sum(x, 0), tf.mean(x, 0), tf.max(x, 0)], [f(m, n)]);
  });

  it('copies, turns and normalises rows of any length', async () => {
    for (const n of [1, 3, 4, 7, 8, 11, 16, 23, 29, 40, 150]) {
      await check(x => [
        tf.softmax(x), tf.logSoftmax(x), tf.max(x, 1), tf.sum(x, 1), tf.concat([x, tf.neg(x)], 1), tf.transpose(x),
        tf.cast(tf.transpose(tf.greater(x, 0)), 'float32'),
      ], [f(35, n)]);
      await check((x, row, column) => [tf.add(tf.mul(x, row), column)], [f(700, n), f(n), f(700, 1)]);
    }
  });

  it('does not write a product where its operands are', () => check((x, y) => {
    const a = tf.square(x) as tf.Tensor2D, b = tf.square(y) as tf.Tensor2D;
    return [
      tf.tanh(tf.mul(tf.matMul(a, b), 0.05)),
      tf.add(tf.matMul(tf.exp(x) as tf.Tensor2D, tf.exp(y) as tf.Tensor2D), tf.sin(x)),
    ];
  }, [f(64, 64), f(64, 64)]));

  it('broadcasts matrices over batches', () => check(
    (x, y, z) => [
      tf.matMul(x, y), tf.matMul(x, z.expandDims(0).tile([4, 1, 1])),
      tf.matMul(tf.square(x), tf.square(x), false, true),
    ],
    [f(4, 3, 5), f(4, 5, 2), f(5, 2)]));

  it('chains of element-by-element operations broadcast, branch and reuse what they may', () =>
    check((x, row, column, one) => {
      const a = tf.mul(tf.add(x, row), column), b = tf.sub(a, one), c = tf.tanh(tf.mul(a, b));
      return [
        c, tf.add(c, x), tf.where(tf.greater(a, b), a, tf.mul(b, 2)), tf.cast(tf.less(c, x), 'float32'),
        tf.sum(tf.mul(c, b), 1), b,
      ];
    }, [f(37, 53), f(53), f(37, 1), f()]));

  it('adds up as many values as one likes', () =>
    check((...x) => [tf.addN(x), tf.tanh(tf.addN(x.slice(0, 13)))], Array.from({length: 100}, () => f(3, 5))));

  it('long chains are cut where registers end', () => check(
    (...x) => x.reduce<tf.Tensor>((sum, v, i) => tf.add(tf.mul(sum, v), tf.sin(tf.add(v, i))), x[0]),
    Array.from({length: 30}, () => f(700)),
  ));

  it('exp, tanh, sigmoid, softplus and elu are right over the whole range, and at its ends', async () => {
    const x = Float32Array.from([
      ...Array.from({length: 4001}, (_, i) => (i - 2000) / 20), 1e-30, -1e-30, 1e-6, 3.4e38, -3.4e38, Infinity,
      -Infinity, NaN, 0,
    ]);
    const program = record(v => [tf.exp(v), tf.tanh(v), tf.sigmoid(v), tf.softplus(v), tf.elu(v)], [f(x.length)]);
    const actual = await compiled(program, [x], 'native');
    const reference = [
      Math.exp, Math.tanh, (v: number) => 1 / (1 + Math.exp(-v)),
      (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))), (v: number) => (v < 0 ? Math.expm1(v) : v),
    ];
    reference.forEach((g, i) => x.forEach((v, j) => {
      const exact = Math.fround(g(v)), got = actual[i][j];
      // Denormal results are flushed to zero.
      if (Number.isNaN(exact) || !Number.isFinite(exact) || Math.abs(exact) < 1.2e-38) assert.ok(
        Object.is(got, exact) || Math.abs(got - exact) < 1.2e-38, `function ${i} of ${v}: ${got}`,
      );
      else assert.ok(Math.abs(got - exact) <= 1e-6 * Math.abs(exact), `function ${i} of ${v}: ${got}, not ${exact}`);
    }));
  });

  it('outputs may be inputs, constants, views of each other, and empty', () => check(
    x => [
      x, tf.reshape(x, [6, 2]), tf.tanh(x), tf.reshape(tf.tanh(x), [12]), tf.fill([2], 3), tf.slice(x, [0, 0], [0, 4]),
      tf.exp(tf.slice(x, [0, 0], [3, 0])), tf.concat([x, x], 0),
    ], [f(3, 4)]));

  it('computes one training step of W as ONNX Runtime does, and every time the same', async function () {
    this.timeout(60_000);
    const step = trainingStep(W), program = record(step.fn, step.specs);
    const [a, b, reference] = [
      await compiled(program, step.inputs, 'native'), await compiled(program, step.inputs, 'native'),
      await compiled(program, step.inputs, 'cpu'),
    ];
    a.forEach((values, i) => {
      assert.deepEqual(values, b[i]);
      assert.ok(relativeError(values, reference[i]) < 1e-4, `output ${i}: ${relativeError(values, reference[i])}`);
    });
  });

  it('keeps close to the memory that is needed at once', () => {
    const step = trainingStep(W), program = optimiseForNative(singleWorker(record(step.fn, step.specs)));
    const {scratch} = assemble(program);
    assert.ok(
      scratch > 20e6 && scratch < 1.15 * program.peakBytes, `${scratch / 1e6} MB for ${program.peakBytes / 1e6} MB`,
    );
  });

  it('chains join what they can and keep the order of what depends on each other', () => {
    const step = trainingStep({...W, steps: 2, history: 2}), program = optimiseForNative(record(step.fn, step.specs));
    const units = joinSlopes(program, chain(program));
    assert.deepEqual(new Set(units.flat()), new Set(program.nodes));
    const made = new Set([...program.inputs, ...program.constants.keys()]);
    for (const unit of units) for (const node of unit) {
      assert.ok(node.inputs.every(v => made.has(v)), `${node.op} runs before its operands`);
      node.outputs.forEach(v => made.add(v));
    }
    assert.ok(units.length < 0.8 * program.nodes.length, `${units.length} units of ${program.nodes.length} nodes`);
    assert.equal(units.filter(u => u[0].op === 'MeanOverWorkers').length, 1, 'gradients are exchanged in one round');
  });

  it('workers train as one does, and every time the same', async () => {
    const sizes = {batch: 8, width: 16, layers: 2, blocks: 2, outcomes: 2, treatments: 1, history: 4, steps: 3};
    const whole = trainingStep(sizes), share = trainingStep({...sizes, batch: 2});
    const train = async (workers: number) => {
      const of = workers > 1 ? share : whole;
      const s = await session(record(of.fn, of.specs), {
        provider: 'native', workers, shard: workers > 1 ? BATCH_INPUTS : [],
      });
      let inputs = whole.inputs.map((data, i) => handle(data, whole.specs[i].shape));
      const batch = inputs.slice(-BATCH_INPUTS.length), losses: number[] = [];
      for (let t = 1; t <= 5; t++) {
        const outputs = await s.run(inputs);
        losses.push(outputs[0].data[0]);
        inputs = nextInputs(whole, outputs, t + 1, batch);
      }
      await s.dispose();
      return {losses, weights: inputs[0].data};
    };
    const one = await train(1), four = await train(4);
    assert.ok(relativeError(four.losses, one.losses) < 1e-5 && relativeError(four.weights, one.weights) < 1e-4);
    assert.deepEqual(await train(4), four);
  });

  it('many workers on few processors, which help each other, give the same bits every time', async function () {
    this.timeout(60_000);
    const sizes = {...W, steps: 6}, whole = trainingStep(sizes), share = trainingStep({...sizes, batch: W.batch / 8});
    const s = await session(record(share.fn, share.specs), {provider: 'native', workers: 8, shard: BATCH_INPUTS});
    const inputs = whole.inputs.map((data, i) => handle(data, whole.specs[i].shape));
    const [one] = [await compiled(record(whole.fn, whole.specs), whole.inputs, 'native')];
    const eight = (await s.run(inputs)).map(h => h.data);
    eight.forEach((values, i) =>
      assert.ok(relativeError(values, one[i]) < 1e-4, `output ${i}: ${relativeError(values, one[i])}`));
    for (let again = 0; again < 5; again++) (await s.run(inputs)).forEach((h, i) => assert.deepEqual(h.data, eight[i]));
    await s.dispose();
  });

  it('products that may be deferred can wait as long as the code lets them', async () => {
    const library = await nativeLibrary();
    const deferredIn = async (
      {fn, specs, inputs}: {fn: TensorFunction; specs: readonly InputSpec[]; inputs: readonly TensorData[]},
    ) => {
      const program = optimiseForNative(record(fn, specs)), {code, constants, scratch} = assemble(program);
      const {late, deferred} = asLateAsPossible(code);
      const run = async (words: Int32Array) => {
        const outputs = program.outputs.map(v => new Float32Array(count(v.shape)));
        const arrays = [library.room(scratch), constants, ...inputs, ...outputs];
        assert.equal(await library.run(words, 1, arrays, arrays.length), 0);
        return outputs;
      };
      assert.deepEqual(await run(late), await run(code));
      return deferred;
    };
    // Nearly all gradients of the weights of 4 x 3 stages of two blocks, and some wait for others.
    const deferred = await deferredIn(trainingStep({...W, batch: 8, steps: 3}));
    assert.ok(
      deferred.length > 100 && Math.max(...deferred) > 1,
      `${deferred.length} products, at most ${Math.max(...deferred)} at once`,
    );
    let some = 0;
    for (let seed = 0; seed < 40; seed++) {
      const specs = [f(8, 8), f(8, 8)], inputs = specs.map((s, i) => sample(s, i));
      some += (await deferredIn({fn: randomly(seed), specs, inputs})).length;
    }
    assert.ok(some > 100, `${some} products in random programs`);
  });

  it('workers exchange in several rounds', async () => {
    const loss = (x: tf.Tensor, mask: tf.Tensor) =>
      meanOverWorkers(tf.div(tf.sum(tf.mul(tf.square(x), mask)), meanOverWorkers(tf.sum(mask))));
    const s = await session(record(loss, [{shape: [2, 1], name: 'x'}, {shape: [2, 1], name: 'mask'}]), {
      provider: 'native', workers: 2, shard: ['x', 'mask'],
    });
    const [mean] = await s.run([
      handle(Float32Array.of(1, 2, 3, 4), [4, 1]), handle(Float32Array.of(1, 1, 1, 0), [4, 1]),
    ]);
    assert.ok(Math.abs(mean.data[0] - 14 / 3) < 1e-6);
    await s.dispose();
  });

  it('workers divide what is the same for all of them, and only that', async () => {
    const fn: TensorFunction = (weights, row, x) => {
      const g = meanOverWorkers(tf.mean(x)), next = tf.sub(weights, tf.mul(tf.mul(weights, row), g));
      const own = tf.mul(weights, tf.mean(x));
      return [next, tf.tanh(tf.add(weights, g)), tf.exp(g), tf.sum(own), tf.add(row, g), tf.sum(tf.add(row, g))];
    };
    const specs = [{shape: [901, 7]}, {shape: [7]}, {shape: [2, 3], name: 'x'}];
    const program = optimiseForNative(record(fn, specs));
    const divided = chain(program).filter(sharedChains(program, v => v.name === 'x')).flat().flatMap(n => n.outputs);
    assert.deepEqual(program.outputs.map(v => divided.includes(v)), [true, true, true, false, false, false]);
    const [weights, row, x] = [sample(specs[0], 0), sample(specs[1], 1), sample({shape: [6, 3]}, 2)];
    const s = await session(record(fn, specs), {provider: 'native', workers: 3, shard: ['x']});
    const outputs = await s.run([
      handle(weights as Float32Array, [901, 7]), handle(row as Float32Array, [7]), handle(x as Float32Array, [6, 3]),
    ]);
    const whole = record(fn, [specs[0], specs[1], {shape: [6, 3]}]), expected = evaluate(whole, [weights, row, x]);
    // The fourth is not the same for all: the first worker's, from a third of x.
    for (const i of [0, 1, 2, 4, 5]) assert.ok(relativeError(outputs[i].data, expected[i]) < 1e-5, `output ${i}`);
    await s.dispose();
  });

  it('leaves the calling thread free, and outputs of earlier runs as they were', async () => {
    const slow = record(
      x => Array.from({length: 60}).reduce<tf.Tensor>(y => tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D), x),
      [f(384, 384)],
    );
    const s = await session(slow, {provider: 'native'}), zeros = handle(new Float32Array(384 * 384), [384, 384]);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1), [first] = await s.run([zeros]);
    clearInterval(timer);
    assert.ok(ticks > 5, `${ticks} ticks`);
    const [second] = await s.run([handle(new Float32Array(384 * 384).fill(1 / 384), [384, 384])]);
    assert.equal(first.data[0], 0);
    assert.ok(Math.abs(second.data[0] - 1 / 384) < 1e-6);
    const both = await Promise.all([s.run([zeros]), s.run([second])]);
    assert.equal(both[0][0].data[0], 0);
    await s.dispose();
    await assert.rejects(() => s.run([zeros]), /disposed/);
  });

  it('donated inputs give their memory to later outputs and can no longer be read', async () => {
    const s = await session(record(x => tf.add(x, 1), [f(2000)]), {provider: 'native'});
    const given = handle(new Float32Array(2000), [2000]);
    const [one] = await s.run([given], {donate: [0]}), memory = one.data;
    assert.equal(given.data[0], 0, 'what the session did not make stays the caller\'s');
    const [two] = await s.run([one], {donate: [0]});
    assert.throws(() => one.data, /donated/);
    await assert.rejects(() => one.read(), /donated/);
    const [three] = await s.run([two]);
    assert.equal(three.data, memory, 'memory is used again');
    assert.deepEqual([two.data[0], three.data[1999]], [2, 3]);
    await assert.rejects(() => s.run([one]), /donated/);
    await s.dispose();
  });

  it('an aborted run rejects before it begins', async () => {
    const s = await session(record(x => tf.tanh(x), [f(3)]), {provider: 'native'});
    await assert.rejects(() => s.run([handle(new Float32Array(3), [3])], {signal: AbortSignal.abort()}), {
      name: 'AbortError',
    });
    assert.equal((await s.run([handle(new Float32Array(3), [3])]))[0].data[0], 0);
    await s.dispose();
  });

  it('says what is wrong: an index, threads, an input', async () => {
    const s = await session(record((x, i) => tf.gather(x, i), [f(3), {shape: [1], dtype: 'int32'}]), {
      provider: 'native',
    });
    await assert.rejects(
      () => s.run([handle(new Float32Array(3), [3]), handle(Int32Array.of(99), [1])]),
      /index of a gather or scatter lies outside its axis/,
    );
    await assert.rejects(
      () => s.run([handle(new Float32Array(3), [3]), handle(Int32Array.of(-1), [1])]), /outside its axis/,
    );
    assert.equal((await s.run([handle(Float32Array.of(4, 5, 6), [3]), handle(Int32Array.of(2), [1])]))[0].data[0], 6);
    await assert.rejects(
      () => s.run([handle(new Float32Array(4), [4]), handle(Int32Array.of(0), [1])]), /inputs\[0\].*shape \[3\]/s,
    );
    await s.dispose();
    await assert.rejects(
      () => session(record(x => tf.tanh(x), [f(3)]), {provider: 'native', threads: 2}), /options\.threads.*workers/s,
    );
  });

  it('without a C compiler it says so, and sessions fall back to ONNX Runtime', () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-native-')), graph = join(__dirname, '../../lib/graph');
    const script = `
      const tf = require('@tensorflow/tfjs'), {record, session} = require(${JSON.stringify(graph)});
      const program = () => record(x => tf.tanh(x), [{shape: [2]}]);
      (async () => {
        const {provider} = await session(program());
        const message = await session(program(), {provider: 'native'}).catch(e => e.message);
        process.stdout.write(JSON.stringify({provider, message}));
        process.exit();
      })();`;
    const run = (env: NodeJS.ProcessEnv) => JSON.parse(execFileSync(
      process.execPath, ['--no-warnings', '--require', 'tsx/cjs', '-e', script],
      {encoding: 'utf8', cwd: join(__dirname, '../..'), env: {...process.env, OBSNODE_CACHE: folder, ...env}},
    )) as {provider: string; message: string};
    try {
      const without = run({CC: '/no/such/compiler', OBSNODE_PROVIDER: ''});
      assert.equal(without.provider, 'cpu');
      assert.match(
        without.message,
        /provider 'native' does not work on this machine: it needs a C compiler \(CC=\/no\/such\/compiler was not found\)/,
      );
      const failing = run({CC: process.execPath, OBSNODE_PROVIDER: ''});
      assert.equal(failing.provider, 'cpu');
      assert.match(failing.message, /could not be compiled/);
      assert.deepEqual(readdirSync(join(folder, 'native')), [], 'a failed compilation leaves nothing behind');
    } finally {
      rmSync(folder, {recursive: true, force: true});
    }
  });

  it('optimising changes rounding only', () => {
    const step = trainingStep({
      batch: 4, width: 8, layers: 2, blocks: 2, outcomes: 2, treatments: 1, history: 3, steps: 2,
    });
    const program = singleWorker(record(step.fn, step.specs));
    const [plain, native, other] = [program, optimiseForNative(program), optimise(program)].map(p =>
      evaluate(p, step.inputs));
    plain.forEach((values, i) =>
      assert.ok(relativeError(native[i], values) < 1e-9 && relativeError(other[i], values) < 1e-9, `output ${i}`));
  });
});
