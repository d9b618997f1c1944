import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {handle, record, session, type Provider, type Session} from '../../lib/graph';
import {relativeError} from './compare';
import {BATCH_INPUTS, nextInputs, trainingStep, W} from './referenceStep';

const step = trainingStep(W);
const program = () => record(step.fn, step.specs);

/** Losses of three steps, and all weights after them. */
async function train(s: Session): Promise<{losses: number[]; weights: number[]}> {
  let inputs = step.inputs.map((data, i) => handle(data, step.specs[i].shape));
  const batch = inputs.slice(-BATCH_INPUTS.length), losses: number[] = [];
  let outputs = inputs;
  for (let t = 1; t <= 3; t++) {
    outputs = await s.run(inputs);
    losses.push((await outputs[0].read())[0]);
    inputs = nextInputs(step, outputs, t + 1, batch);
  }
  const weights = await Promise.all(outputs.slice(1, 1 + step.parameters).map(h => h.read()));
  return {losses, weights: weights.flatMap(w => Array.from(w))};
}

describe('graph: providers', () => {
  before(async () => { await tf.setBackend('cpu'); });

  for (const provider of ['webgpu', 'cuda'] as const satisfies readonly Provider[]) {
    it(`${provider} trains the reference step W three times as the CPU does`, async function () {
      this.timeout(600_000);
      const cpu = await session(program(), {provider: 'cpu'});
      const expected = await train(cpu);
      await cpu.dispose();
      let gpu: Session;
      try {
        gpu = await session(program(), {provider});
      } catch (error) {
        assert.match((error as Error).message, new RegExp(`provider '${provider}' does not work on this machine`));
        assert.ok(
          provider !== 'webgpu' || !process.env.OBSNODE_REQUIRE_WEBGPU,
          `OBSNODE_REQUIRE_WEBGPU is set: ${(error as Error).message}`,
        );
        console.log(`      skipped: ${(error as Error).message.slice(0, 160)}`);
        return this.skip();
      }
      const actual = await train(gpu);
      await gpu.dispose();
      assert.ok(
        relativeError(actual.losses, expected.losses) < 1e-4, `losses ${actual.losses}, expected ${expected.losses}`,
      );
      assert.ok(relativeError(actual.weights, expected.weights) < 1e-3);
    });
  }
});
