import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {cancerCohort} from '../../lib/studies/cancer';
import {historyAt, historyRows, planAt, planRows, takeUnits, type Trajectories} from '../../lib/data';
import {rng} from '../../lib/math';
import {obsNode} from '../../lib/models';
import {releasedObsNode} from '../../lib/studies/cancer';
import {learned, untrained, type LearningOptions} from '../../lib/training';
import {scheduledRate} from '../../lib/training/loop';
import {expectSeesOnlyHistoryAndPlan} from '../models/noLeak';

const network = obsNode({blocks: 2, hiddenLayers: 1, width: 8, hidden: 8});
const options: LearningOptions = {
  epochs: 3, batch: 16, horizon: 3, transform: 'log', rate: {from: 1e-2, to: 1e-3}, adam: {clipNorm: 1},
};

describe('training', function () {
  this.timeout(120_000);
  let training: Trajectories, validation: Trajectories, dir: string;
  before(() => {
    const {trajectories} = cancerCohort({gamma: 4, patients: 64, rng: rng(1)});
    const first = (n: number, from: number) => Int32Array.from({length: n}, (_, i) => from + i);
    [training, validation] = [takeUnits(trajectories, first(48, 0)), takeUnits(trajectories, first(16, 48))];
  });
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'obsnode-')); });
  afterEach(() => rmSync(dir, {recursive: true}));

  const fit = (extra: Partial<LearningOptions> = {}, seed = 1, signal?: AbortSignal, onProgress?: () => void) =>
    learned(network, {...options, ...extra}).fit(training, validation, {rng: rng(seed), signal, onProgress});
  const weightsOf = async (trained: ReturnType<typeof fit>) => JSON.stringify((await trained).weights);

  it('lowers training and validation loss', async () => {
    const {curve} = await fit({epochs: 8});
    assert.ok(curve[7].train < 0.7 * curve[0].train, `${curve[0].train} -> ${curve[7].train}`);
    assert.ok(curve[7].validation < curve[0].validation);
  });

  it('gives the same numbers for the same seed and others for another', async () => {
    assert.equal(await weightsOf(fit()), await weightsOf(fit()));
    assert.notEqual(await weightsOf(fit()), await weightsOf(fit({}, 2)));
  });

  it('recorded and eager engines follow the same curve', async () => {
    const recorded = await fit(), eager = await fit({engine: 'eager'});
    recorded.curve.forEach((e, i) => {
      assert.ok(
        Math.abs(e.train - eager.curve[i].train) < 1e-4 * e.train, `train ${e.train} and ${eager.curve[i].train}`,
      );
      assert.ok(Math.abs(e.validation - eager.curve[i].validation) < 1e-4 * e.validation);
    });
  });

  it('stopped after an epoch and started again, ends bit for bit where an undisturbed run ends', async () => {
    const stop = new AbortController();
    let epochs = 0;
    await assert.rejects(fit({checkpoints: dir}, 1, stop.signal, () => { if (++epochs === 1)
      stop.abort(); }), {name: 'AbortError'});
    assert.equal(readdirSync(dir).length, 1);
    const resumed = fit({checkpoints: dir});
    assert.equal(await weightsOf(resumed), await weightsOf(fit()));
    assert.equal((await resumed).curve.length, 3);
  });

  it('reuses a finished training only when data, options and seed are the same', async () => {
    const first = await fit({checkpoints: dir});
    const again = await fit({checkpoints: dir});
    assert.equal(JSON.stringify(again.weights), JSON.stringify(first.weights));
    assert.equal(readdirSync(dir).length, 1);
    await fit({checkpoints: dir, horizon: 2, epochs: 1});
    assert.equal(readdirSync(dir).length, 2);
  });

  it('refuses a damaged checkpoint and says what to do', async () => {
    await fit({checkpoints: dir, epochs: 1});
    const path = join(dir, readdirSync(dir)[0]), bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 10));
    await assert.rejects(
      fit({checkpoints: dir, epochs: 1}),
      /readWeights: argument `path` must be a whole safetensors file.*Delete the file and train again/s,
    );
  });

  it('reports divergence instead of going on with numbers that are not finite', async () => {
    await assert.rejects(
      fit({rate: {from: 1e30, to: 1e30}, adam: {}}),
      /Training diverged in epoch \d+ at step \d+: the loss is not finite. Lower the learning rate/,
    );
  });

  it('keeps the weights of the best epoch and stops when validation no longer improves', async () => {
    const trained = await fit({epochs: 30, patience: 1, rate: {from: 0.3, to: 0.3}});
    const losses = trained.curve.map(e => e.validation);
    assert.ok(trained.curve.length < 30);
    assert.equal(losses.indexOf(Math.min(...losses)), losses.length - 2);
  });

  it('raises the rate over its first steps where asked to, and then goes on as without', async () => {
    const schedule = {rate: {from: 0.1, to: 0.01}, warmUp: 0.2}, cosine = {rate: schedule.rate};
    const rates = [0, 0.05, 0.1, 0.2, 0.5, 1].map(done => scheduledRate(schedule, done) / scheduledRate(cosine, done));
    assert.deepEqual(rates, [0, 0.25, 0.5, 1, 1, 1]);
    assert.notEqual(await weightsOf(fit({epochs: 1})), await weightsOf(fit({epochs: 1, warmUp: 0.5})));
    assert.equal((await fit({epochs: 1})).identity, (await fit({epochs: 1, warmUp: 0})).identity);
    for (const warmUp of [-0.1, 1, NaN]) {
      assert.throws(() => learned(network, {...options, warmUp}), /argument `warmUp` must be in \[0, 1\)/);
    }
  });

  it('a trained forecast sees the history and the plan and nothing else', async () => {
    await expectSeesOnlyHistoryAndPlan(await fit(), training, {usesPlan: true});
  });

  it('the released variant is blind to the plan, and its first forecast is the last outcome', async () => {
    const released = await untrained(releasedObsNode()).fit(training, validation, {rng: rng(1)});
    await expectSeesOnlyHistoryAndPlan(released, training, {usesPlan: false});
    const history = historyAt(training, 8), {mean} = await released.forecast(history, planAt(training, 8, 4));
    for (let i = 0; i < 48; i++) assert.equal(mean.data[i * 8], Math.fround(history.outcomes.data[(i * 9 + 8) * 2]));
  });

  it('exports an ONNX file that gives the same forecasts in the units of the data', async () => {
    const fitted = await fit(), c = 5, s = 3, length = 23, N = 48;
    const history = historyAt(training, c), plan = planAt(training, c, s);
    const file = await InferenceSession.create(fitted.exportOnnx({rows: N, horizon: s, length}));
    const rows = historyRows(history, {length, timeScale: 1}), given = planRows(plan, s);
    const feeds = {
      history_time: new Tensor(rows.time, [N, length]), history_outcomes: new Tensor(rows.outcomes, [N, length, 2]),
      history_observed: new Tensor(rows.observed, [N, length, 2]),
      history_treatments: new Tensor(rows.treatments, [N, length, 2]), history_last: new Tensor(rows.last, [N, length]),
      plan_duration: new Tensor(given.duration, [N, s]), plan_treatments: new Tensor(given.treatments, [N, s, 2]),
    };
    const {mean} = await file.run(feeds), {data} = (await fitted.forecast(history, plan)).mean;
    data.forEach((v, i) => assert.ok(
      Math.abs((mean.data as Float32Array)[i] - v) <= 1e-5 * Math.abs(v),
      `${(mean.data as Float32Array)[i]} is not ${v}`,
    ));
  });

  it('works for histories of one outcome, and trains the released variant', async () => {
    const [first] = (await fit({decisions: [0], epochs: 1})).curve;
    assert.ok(first.train > 0);
    const released = await learned(releasedObsNode(), {...options, epochs: 1, batch: 32}).fit(training, validation, {
      rng: rng(1),
    });
    assert.ok(Number.isFinite(released.curve[0].validation));
  });

  it('refuses options that would train nothing', async () => {
    assert.throws(
      () => learned(network, {...options, epochs: -5}),
      /learned: argument `epochs` must be a whole number >= 0; received -5/,
    );
    assert.throws(() => learned(network, {...options, repeats: 0}), /argument `repeats` must be a whole number >= 1/);
    await assert.rejects(
      fit({batch: 49}), /learned.fit: argument `training` must be of at least 49 units, one batch; received 48/,
    );
    assert.throws(() => obsNode({scheme: 'twice' as never}), /argument `scheme` must be 'direct' or 'recursive'/);
  });

  it('refuses plans with the wrong number of units, channels or with NaN', async () => {
    const fitted = await fit({epochs: 0}), history = historyAt(training, 5), plan = planAt(training, 5, 2);
    const treatments = (shape: number[], data: Float64Array) => ({...plan, treatments: {shape, data}});
    await assert.rejects(
      fitted.forecast(history, treatments([1, 2, 2], new Float64Array(4))),
      /ObsNODE.forecast: argument `plan.treatments` must be of shape \[48, s, 2\]/,
    );
    await assert.rejects(
      fitted.forecast(history, treatments([48, 2, 1], new Float64Array(96))), /must be of shape \[48, s, 2\]/,
    );
    await assert.rejects(
      fitted.forecast(history, {...plan, time: Float64Array.of(8, 7, 6)}),
      /argument `plan.time` must be increasing from t_c = 5/,
    );
    const broken = {
      ...history, outcomes: {...history.outcomes, data: history.outcomes.data.map((v, i) => (i === 3 ? NaN : v))},
    };
    await assert.rejects(
      fitted.forecast(broken, plan),
      /argument `history.outcomes` must be finite where observed; received NaN.*flat index 3/,
    );
    await assert.rejects(
      fitted.forecast(history, treatments([48, 2, 2], new Float64Array(192).fill(NaN))),
      /must be finite everywhere; received NaN/,
    );
  });
});
