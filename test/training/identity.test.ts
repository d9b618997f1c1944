import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {Executor} from '../../kernels/executor';
import {takeUnits, type Trajectories} from '../../lib/data';
import {record, type Program} from '../../lib/graph';
import {rewrite} from '../../lib/graph/passes/rewrite';
import {prepareSession} from '../../lib/graph/session';
import {rng} from '../../lib/math';
import {digest} from '../../lib/math/digest';
import {obsNode} from '../../lib/models';
import {cancerCohort} from '../../lib/studies/cancer';
import {fingerprint, learned, type LearningOptions} from '../../lib/training';

const network = obsNode({blocks: 1, hiddenLayers: 1, width: 4, hidden: 4});
const options: LearningOptions = {epochs: 0, batch: 4, horizon: 2, rate: {from: 1e-2, to: 1e-3}, engine: 'eager'};
const units = (data: Trajectories, from: number) => takeUnits(data, Int32Array.from({length: 8}, (_, i) => from + i));

describe('identity of a training', function () {
  this.timeout(120_000);
  const {trajectories} = cancerCohort({gamma: 4, patients: 16, rng: rng(1)}), training = units(trajectories, 0);
  const validation = units(trajectories, 8);
  const of = async (net = network, extra: Partial<LearningOptions> = {}, data = training) =>
    (await learned(net, {...options, ...extra}).fit(data, validation, {rng: rng(1)})).identity;

  it('differs for networks that differ in the loss alone, whether it is the network\'s or an option', async () => {
    const loss: typeof network.loss = (...args) => network.loss(...args).mul(1.5);
    const changed = await of({...network, loss}), fit = learned(network, {...options, loss}).fit;
    assert.notEqual(await of(), changed);
    assert.equal((await fit(training, validation, {rng: rng(1)})).identity, changed);
  });

  it('is the same whatever a network, a data set and its channels are called and wherever they '
      + 'are written', async () => {
    for (const engine of ['eager', 'cpu', 'native'] as const)
      assert.equal(await of(network, {engine}), await of({...network, name: 'another', config: {}}, {engine}));
    assert.equal(await of(), await of(network, {}, {...training, name: 'another'}));
  });

  it('differs with data, initial weights, numeric options and the engine; a default counts like the same value '
      + 'written out', async () => {
    const first = training.statics.shape;
    const treatments = {...training.treatments, data: training.treatments.data.map((v, i) => (i ? v : 0.5))};
    const others = [
      await of(network, {}, {...training, treatments}), await of(network, {rate: {from: 1e-2, to: 2e-3}}),
      await of(network, {epochs: 0, patience: 3}),
      await of({...network, init: () => network.init(rng(7), {outcomes: 2, treatments: 2, statics: first[1]})}),
      await of(network, {engine: 'cpu'}),
    ];
    assert.equal(new Set([await of(), ...others]).size, 6);
    assert.equal(await of(), await of(network, {repeats: 1}));
  });

  it('differs with the order of the units, with validation data and with the seed, which leave '
      + 'scaling alone', async () => {
    const fit = async (data: Trajectories, chosenBy: Trajectories, seed = 1) =>
      (await learned(network, options).fit(data, chosenBy, {rng: rng(seed)})).identity;
    const swapped = (data: Trajectories) => takeUnits(data, [1, 0, 2, 3, 4, 5, 6, 7]);
    const all = [
      await fit(training, validation), await fit(swapped(training), validation),
      await fit(training, swapped(validation)),
      await fit(training, validation, 2),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it('tells arrays of the same bytes and other shapes apart', () => {
    const {outcomes} = training, [N, T, d] = outcomes.shape;
    assert.notEqual(fingerprint(training), fingerprint({...training, outcomes: {...outcomes, shape: [T, N, d]}}));
  });

  it('tells numbers apart to the last bit, and refuses functions', () => {
    const all = [
      0, -0, NaN, Infinity, null, '0', [0], [[0]], {a: 0}, Float32Array.of(0), Int32Array.of(0), ['a', 'b'], ['ab'],
      {a: null}, {},
    ];
    assert.equal(new Set(all.map(digest)).size, all.length);
    assert.equal(digest({a: 1, b: 2}), digest({b: 2, a: 1, c: undefined}));
    assert.throws(() => digest({f: () => 1}), /digest: argument `value` must be of plain data/);
  });

  it('of a program counts it as the engine is given it: a pass that rounds differently is told, names are not', () => {
    const sum = (names: readonly string[]) =>
      record((a, b, c) => tf.add(tf.add(a, b), c), names.map(name => ({shape: [4], name})));
    const program = sum(['a', 'b', 'c']);
    /** (a + b) + c as a + (b + c). */
    const reordered = rewrite(program, (node, builder) => {
      const inner = program.nodes.find(({outputs}) => outputs[0] === node.inputs[0]);
      return inner && [builder.op('Add', [inner.inputs[0], builder.op('Add', [inner.inputs[1], node.inputs[1]])])];
    });
    assert.notEqual(reordered.digest, program.digest);
    for (const provider of ['native', 'cpu'] as const) {
      const given = (p: Program, optimise = true) => prepareSession(p, {provider, optimise}).digest;
      assert.equal(given(program), given(sum(['u', 'v', 'w'])));
      assert.notEqual(given(program), given(reordered));
      // What is recorded is the same, what is run is not: the identity goes by what is run.
      const shapes = [{shape: [3, 4]}, {shape: [4, 300]}];
      const wide = record((x, w) => tf.matMul(x, w).add(tf.exp(tf.scalar(1))).mul(2), shapes);
      assert.notEqual(given(wide), given(wide, false));
    }
  });

  it('of a program: operations, attributes, constants and shapes count, names do not', () => {
    const program = (f: (x: tf.Tensor) => tf.Tensor, shape = [2, 3], name = 'x') => record(f, [{shape, name}]).digest;
    const sum = program(x => x.sum(1));
    const others = [
      program(x => x.sum(0)), program(x => x.mean(1)), program(x => x.sum(1), [3, 2]), program(x => x.add(1).sum(1)),
      program(x => x.add(2).sum(1)),
    ];
    assert.equal(new Set([sum, ...others]).size, 6);
    assert.equal(sum, program(x => x.sum(1), [2, 3], 'y'));
    assert.notEqual(program(x => x.slice([0, 0], [1, 3])), program(x => x.slice([1, 0], [1, 3])));
  });

  it('lets a network that is written in a notebook cell train, and go on from its checkpoint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-'));
    const executor = new Executor({directory: join(__dirname, '../../notebooks')});
    const ran = async (source: string): Promise<string> => {
      const outcome = await executor.execute(source, () => {});
      if (outcome.status === 'error') throw new Error(outcome.failure.traceback.join('\n'));
      return String(outcome.result?.data['text/plain']);
    };
    try {
      await ran(`import * as lib from '../lib'; import * as study from '../lib/studies/cancer'; let epochs = 0;
        const data = study.cancerCohort({gamma: 4, patients: 8, rng: lib.rng(1)}).trajectories;
        const base = lib.obsNode({blocks: 1, width: 4, hidden: 4});
        const mine = {...base, name: 'mine', loss: (...args) => base.loss(...args).mul(2)};
        const options = {epochs: 1, batch: 4, horizon: 2, rate: {from: 1e-2, to: 1e-3}, engine: 'cpu'};
        const fit = () => lib.learned(mine, {...options, checkpoints: ${JSON.stringify(folder)}})
          .fit(data, data, {rng: lib.rng(1), onProgress: () => { epochs++; }});`);
      const first = await ran('(await fit()).identity'), again = await ran('(await fit()).identity');
      assert.deepEqual([again, await ran('epochs'), readdirSync(folder).length], [first, '1', 1]);
    } finally {
      executor.dispose();
      rmSync(folder, {recursive: true});
    }
  });
});
