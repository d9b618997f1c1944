import {historyAt, planAt} from '../../lib/data';
import type {Provider} from '../../lib/graph';
import {compiledModels} from '../../lib/graph/onnx/onnxRuntime';
import {rng} from '../../lib/math';
import {obsNode} from '../../lib/models';
import {untrained, type Model} from '../../lib/training';
import {cohortWithStatics} from './cohorts';

/**
 * Prints how many bytes 50 models that forecast once leave to this process beside their weights, after five that nobody
 * counts, and how many models of ONNX Runtime are left. Run with --expose-gc; arguments: the engine, and `dispose` or
 * `keep`.
 */
async function main(engine: Provider, disposing: boolean): Promise<void> {
  const {training, validation} = cohortWithStatics(), kept: Model<unknown>[] = [];
  const open = async (seed: number): Promise<void> => {
    const forecaster = untrained(obsNode({width: 32, hidden: 32}), {engine});
    const fitted = await forecaster.fit(training, validation, {rng: rng(seed)});
    await fitted.forecast(historyAt(validation, 6), planAt(validation, 6, 3));
    if (disposing) await fitted.dispose();
    kept.push(fitted);
  };
  const used = async (): Promise<number> => {
    // What is freed by a finalizer is so in the turn after the collection that found it, and may hold more.
    for (let round = 0; round < 4; round++) {
      gc!();
      await new Promise(done => setTimeout(done, 20));
    }
    const {heapUsed, external} = process.memoryUsage();
    return heapUsed + external;
  };
  for (let seed = 0; seed < 5; seed++) await open(seed);
  const before = await used();
  for (let seed = 5; seed < 55; seed++) await open(seed);
  const weights = kept.slice(5).reduce((sum, fitted) => sum + 2 * 4 * fitted.parameters, 0);
  console.log(JSON.stringify({bytes: await used() - before - weights, models: compiledModels()}));
}

void main(process.argv[2] as Provider, process.argv[3] === 'dispose');
