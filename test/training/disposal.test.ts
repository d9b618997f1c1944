import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {historyAt, planAt} from '../../lib/data';
import type {Provider} from '../../lib/graph';
import {compiledModels} from '../../lib/graph/onnx/onnxRuntime';
import {rng} from '../../lib/math';
import {obsNode} from '../../lib/models';
import {learned, untrained, type LearningOptions} from '../../lib/training';
import {compiledPrograms} from '../../lib/training/compiledPrograms';
import {processors} from '../graph/compare';
import {cohortWithStatics} from './cohorts';

const network = obsNode({blocks: 1, hiddenLayers: 1, width: 4, hidden: 4});
const options: LearningOptions = {epochs: 1, batch: 16, horizon: 2, rate: {from: 1e-2, to: 1e-3}, engine: 'cpu'};

/** What 50 models that are opened, asked and disposed of, or not, leave to a process of its own. */
const left = (engine: Provider, end: 'dispose' | 'keep'): {bytes: number; models: number} => JSON.parse(execFileSync(
  process.execPath, ['--expose-gc', '--import', 'tsx', join(__dirname, 'growth.ts'), engine, end], {encoding: 'utf8'},
));

describe('compiled programs', function () {
  this.timeout(300_000);
  const {training, validation} = cohortWithStatics();
  const question = [historyAt(validation, 6), planAt(validation, 6, 3)] as const;

  it('of a forecaster are freed by dispose, and made anew for a later forecast, which is the same', async () => {
    const before = compiledModels();
    const fitted = await untrained(network, {engine: 'cpu'}).fit(training, validation, {rng: rng(1)});
    const first = await fitted.forecast(...question);
    assert.equal(compiledModels(), before + 1);
    await fitted.dispose();
    assert.equal(compiledModels(), before);
    assert.deepEqual(await fitted.forecast(...question), first);
    await fitted.dispose();
    await fitted.dispose();
    assert.equal(compiledModels(), before);
  });

  it('and tensors of a training are gone after it, also after one that was stopped or diverged', async () => {
    const fit = (extra: Partial<LearningOptions>, signal?: AbortSignal, onProgress?: () => void) =>
      learned(network, {...options, ...extra}).fit(training, validation, {rng: rng(1), signal, onProgress});
    await fit({});
    const before = [compiledModels(), tf.memory().numTensors, workers()], stop = new AbortController();
    await fit({});
    await assert.rejects(fit({epochs: 3}, stop.signal, () => stop.abort()), {name: 'AbortError'});
    await assert.rejects(fit({rate: {from: 1e30, to: 1e30}}), /diverged/);
    assert.deepEqual([compiledModels(), tf.memory().numTensors, workers()], before);
  });

  it('are freed only when the forecasts that use them have ended', async () => {
    const fitted = await untrained(network, {engine: 'cpu'}).fit(training, validation, {rng: rng(1)});
    const first = await fitted.forecast(...question);
    const running = [fitted.forecast(...question), fitted.forecast(...question)];
    await fitted.dispose();
    for (const forecast of await Promise.all(running)) assert.deepEqual(forecast, first);
  });

  it('that fail to compile are tried again, and stand in the way of no disposal', async () => {
    let tries = 0;
    const programs = compiledPrograms(async () => {
      if (++tries === 1) throw new Error('no room');
      return {run: async () => [], dispose: async () => {}};
    });
    await assert.rejects(programs.use(1, async () => 0), /no room/);
    assert.equal(await programs.use(1, async () => 7), 7);
    assert.equal(await programs.use(1, async () => 8), 8);
    await programs.dispose();
    assert.equal(tries, 2);
  });

  it('of 50 models that are opened and disposed of leave no growth', async () => {
    for (const engine of await processors()) {
      const kept = left(engine, 'keep'), disposed = left(engine, 'dispose');
      assert.equal(disposed.models, 0);
      assert.ok(disposed.bytes < 5e6, `${engine}: ${disposed.bytes / 1e6} MB are left`);
      assert.ok(kept.bytes > 10e6, `${engine}: models that are kept take ${kept.bytes / 1e6} MB, too few to be seen`);
    }
  });
});

/** Threads that keep this process going. */
const workers = (): number =>
  process.getActiveResourcesInfo().filter(kind => kind === 'MessagePort' || kind === 'Worker').length;
