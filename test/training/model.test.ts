import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onnx} from 'onnx-proto';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {historyAt, historyRows, planAt, planRows, preprocessingFields, type Trajectories} from '../../lib/data';
import {ndarray, rng} from '../../lib/math';
import {binaryTreatments, gNet, obsNode} from '../../lib/models';
import {learned, loadModel, untrained, type LearningOptions} from '../../lib/training';
import {cohortWithStatics} from './cohorts';

const size = {blocks: 2, hiddenLayers: 1, width: 8, hidden: 8}, network = obsNode(size);
const options: LearningOptions = {
  epochs: 2, batch: 16, horizon: 3, transform: 'log', rate: {from: 1e-2, to: 1e-3}, adam: {clipNorm: 1},
};

describe('a trained model', function () {
  this.timeout(120_000);
  const {training, validation} = cohortWithStatics();
  let dir: string;
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'obsnode-')); });
  afterEach(() => rmSync(dir, {recursive: true}));
  const fit = (extra: Partial<LearningOptions> = {}, data = training) =>
    learned(network, {...options, ...extra}).fit(data, validation, {rng: rng(1)});
  const question = (data: Trajectories) => [historyAt(data, 6), planAt(data, 6, 3)] as const;

  it('does not depend on the unit in which a static is written: bit for bit for a power of two', async () => {
    const inQuarters = (data: Trajectories) =>
      ({...data, statics: ndarray(data.statics.shape, data.statics.data.map((v, k) => (k % 2 ? v : 4 * v)))});
    const years = await fit(), quarters = await fit({}, inQuarters(training));
    assert.deepEqual(quarters.weights, years.weights);
    assert.deepEqual(
      (await quarters.forecast(...question(inQuarters(validation)))).mean,
      (await years.forecast(...question(validation))).mean,
    );
    assert.notDeepEqual((await fit({preprocessing: {statics: {standardise: false}}})).weights, years.weights);
  });

  it('refuses transform beside preprocessing.outcomes, and is the same whichever of both says it', async () => {
    const {transform: _, ...rest} = options;
    const said = {...rest, epochs: 0, preprocessing: {outcomes: {transform: 'log'}}} as const;
    assert.throws(
      () => learned(network, {...options, preprocessing: {outcomes: {}}}),
      /argument `transform` must be left out beside preprocessing.outcomes/,
    );
    assert.equal(
      (await learned(network, said).fit(training, validation, {rng: rng(1)})).identity,
      (await fit({epochs: 0})).identity,
    );
  });

  it('tells the state that a history ends in: its first block is the outcome just seen; others have none', async () => {
    const fitted = await fit(), [history] = question(validation), [units, L, dy] = history.outcomes.shape;
    const {shape, data} = await fitted.states!(history);
    assert.deepEqual(shape, [units, 2 * dy]);
    const first = fitted.preprocessing.outcomes.inverse(ndarray([units, 1, dy], Float64Array.from({length: units * dy},
      (_, k) => data[Math.floor(k / dy) * 2 * dy + k % dy])));
    first.data.forEach((v, k) => {
      const at = (Math.floor(k / dy) * L + L - 1) * dy + k % dy, seen = history.outcomes.data[at];
      if (history.observed.data[at]) assert.ok(Math.abs(v - seen) < 1e-5 * Math.abs(seen), `${v} ${seen}`);
    });
    const other = await learned(gNet({hidden: 4, width: 4} as never), {...options, epochs: 0})
      .fit(training, validation, {rng: rng(1)});
    assert.equal(other.states, undefined);
  });

  it('holds its preprocessing inside the exported file: raw statics go in, the same forecasts come out', async () => {
    const fitted = await fit(), [history, plan] = question(validation), length = 23, N = 16;
    const bytes = fitted.exportOnnx({rows: N, horizon: 3, length});
    const rows = historyRows(history, {length, timeScale: 1}), given = planRows(plan, 3);
    const feeds = {
      history_time: new Tensor(rows.time, [N, length]), history_outcomes: new Tensor(rows.outcomes, [N, length, 2]),
      history_observed: new Tensor(rows.observed, [N, length, 2]),
      history_treatments: new Tensor(rows.treatments, [N, length, 2]),
      history_last: new Tensor(rows.last, [N, length]), history_statics: new Tensor(rows.statics, [N, 2]),
      plan_duration: new Tensor(given.duration, [N, 3]), plan_treatments: new Tensor(given.treatments, [N, 3, 2]),
    };
    const {mean} = await (await InferenceSession.create(bytes)).run(feeds);
    const {data} = (await fitted.forecast(history, plan)).mean;
    const found = mean.data as Float32Array;
    data.forEach((v, i) => assert.ok(Math.abs(found[i] - v) <= 2e-5 * Math.abs(v), `${found[i]} is not ${v}`));
    const told = Object.fromEntries(onnx.ModelProto.decode(bytes).metadataProps.map(({key, value}) => [key, value]));
    assert.deepEqual(
      [told.network, JSON.parse(told.preprocessing!)],
      [network.name, structuredClone(preprocessingFields(fitted.preprocessing))],
    );
  });

  it('saved and loaded forecasts equal bit for bit, in the units of the data', async () => {
    const fitted = await fit(), path = join(dir, 'deep', 'model.safetensors');
    fitted.save(path);
    const again = await loadModel(path, obsNode(size));
    assert.deepEqual(again.weights, fitted.weights);
    assert.deepEqual(await again.forecast(...question(validation)), await fitted.forecast(...question(validation)));
    assert.deepEqual(preprocessingFields(again.preprocessing), preprocessingFields(fitted.preprocessing));
    assert.deepEqual([again.parameters, readdirSync(join(dir, 'deep'))], [fitted.parameters, ['model.safetensors']]);
    again.save(path);
    assert.deepEqual(readFileSync(path), (fitted.save(join(dir, 'b')), readFileSync(join(dir, 'b'))));
  });

  it('that draws is saved with the number and source of its draws', async () => {
    const draws = gNet({width: 4, hidden: 4}), path = join(dir, 'drawing');
    const forecaster = learned(draws, {...options, epochs: 1, draws: 3, rng: rng(9)});
    const fitted = await forecaster.fit(training, validation, {rng: rng(1)});
    fitted.save(path);
    const asked = await fitted.forecast(...question(validation));
    const told = await (await loadModel(path, draws)).forecast(...question(validation));
    assert.deepEqual(told, asked);
    assert.deepEqual(asked.samples!.shape, [3, 16, 3, 2]);
  });

  it('is not loaded for another network, from a damaged file or from a checkpoint', async () => {
    const fitted = await fit({checkpoints: dir}), path = join(dir, 'model');
    fitted.save(path);
    await assert.rejects(
      loadModel(path, obsNode({...size, width: 9})),
      /loadModel: argument `network` must be the one that was saved, of the settings .*"width":8/,
    );
    const other: typeof network = {...network, forecast: (...args) => network.forecast(...args).mul(2)};
    await assert.rejects(loadModel(path, other), /the one that was saved, whose forecast has the digest/);
    const fewer: typeof network = {...network, init: (...args) => ({...network.init(...args), field: []})};
    await assert.rejects(loadModel(path, fewer), /the one that was saved, with weights/);
    const checkpoint = readdirSync(dir).find(name => name.endsWith('.safetensors'))!;
    await assert.rejects(
      loadModel(join(dir, checkpoint), network),
      /loadModel: argument `path` must be a file written by `save` of a model/,
    );
    writeFileSync(path, readFileSync(path).subarray(0, -4));
    await assert.rejects(loadModel(path, network), /must be a whole safetensors file/);
    await assert.rejects(loadModel(join(dir, 'none'), network), /there is none/);
  });

  it('told only whether treatments are on is saved, loaded and exported that way', async () => {
    const above = [5, 0], forecaster = binaryTreatments(learned(network, options), {above}), path = join(dir, 'told');
    const fitted = await forecaster.fit(training, validation, {rng: rng(1)}), [history, plan] = question(validation);
    fitted.save(path);
    const loaded = await loadModel(path, network), asked = await fitted.forecast(history, plan);
    assert.deepEqual(await loaded.forecast(history, plan), asked);
    assert.deepEqual([loaded.information, fitted.information], Array(2).fill('history + plan, treatments on or off'));
    const raised = ndarray(plan.treatments.shape, plan.treatments.data.map(v => (v > 5 ? 2 * v : v)));
    assert.deepEqual(await loaded.forecast(history, {...plan, treatments: raised}), asked);
    assert.deepEqual(loaded.exportOnnx({rows: 16, horizon: 3}), fitted.exportOnnx({rows: 16, horizon: 3}));
    const asData = await fit({preprocessing: {treatments: {transform: 'on or off', floor: above}}});
    assert.deepEqual(await asData.forecast(history, plan), asked);
  });

  it('that was never trained is saved and loaded too', async () => {
    const raw = await untrained(network).fit(training, validation, {rng: rng(3)}), path = join(dir, 'raw');
    raw.save(path);
    assert.deepEqual(
      await (await loadModel(path, network)).forecast(...question(validation)),
      await raw.forecast(...question(validation)),
    );
  });

  it('refuses histories with other statics or statics that are not finite', async () => {
    const fitted = await fit({epochs: 0}), [history, plan] = question(validation);
    await assert.rejects(
      fitted.forecast({...history, statics: ndarray([16, 1])}, plan),
      /argument `history` must be of 2 outcomes, 2 treatments and 2 statics, as in training; received \[2, 2, 1\]/,
    );
    await assert.rejects(
      fitted.forecast({...history, statics: ndarray([16, 2], new Float64Array(32).fill(NaN))}, plan),
      /argument `history.statics` must be finite everywhere/,
    );
  });
});
