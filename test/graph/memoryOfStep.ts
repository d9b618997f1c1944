import {handle, record, session, type Provider} from '../../lib/graph';
import {trainingStep, W} from './referenceStep';

/** Prints by how much ten runs of W make this process grow after its session is there. Run with --expose-gc; arguments: the session's `memory` and `provider`. */
async function main(memory: 'fast' | 'least', provider: Provider): Promise<void> {
  // Garbage that is still held before the runs, and given back during them, would hide what they add.
  const resident = async (): Promise<number> => {
    for (let round = 0; round < 3; round++) {
      gc!();
      await new Promise(done => setTimeout(done, 30));
    }
    return process.memoryUsage().rss;
  };
  const step = trainingStep(W), recorded = record(step.fn, step.specs);
  const s = await session(recorded, {provider, memory});
  const inputs = step.inputs.map((data, i) => handle(data, step.specs[i].shape)), before = await resident();
  let grown = 0, loss = 0;
  for (let run = 0; run < 10; run++) {
    loss = (await s.run(inputs))[0].data[0];
    grown = Math.max(grown, await resident() - before);
  }
  await s.dispose();
  console.log(JSON.stringify({peakBytes: recorded.peakBytes, grown, loss}));
}

void main(process.argv[2] as 'fast' | 'least', process.argv[3] as Provider);
