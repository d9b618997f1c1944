import assert from 'node:assert/strict';
import {hasData, historyAt, planAt, targetsAt} from '../../../lib/data';
import {readPublishedCancer} from '../../../lib/studies/cancer';
import {rng} from '../../../lib/math';
import {publishedWeights, releasedObsNode} from '../../../lib/studies/cancer';
import {torchUniform} from '../../../lib/studies/cancer/publishedWeights';
import {untrained} from '../../../lib/training';

describe('published weights', () => {
  it('come from the generator of PyTorch: its first uniform numbers for seeds 0 and 1', () => {
    // What torch.manual_seed(k); torch.rand(4) prints; on [-1, 1) the same draws are 2 u - 1.
    const known: [number, number[]][] = [[0, [0.4963, 0.7682, 0.0885, 0.132]], [1, [0.7576, 0.2793, 0.4031, 0.7347]]];
    for (const [seed, expected] of known) {
      const {data} = torchUniform(seed)([1, 4], 1);
      expected.forEach((u, i) =>
        assert.ok(Math.abs((data[i] + 1) / 2 - u) < 6e-5, `seed ${seed}: ${(data[i] + 1) / 2} is not ${u}`));
    }
  });

  it('share phi_1 over seeds and nothing else', () => {
    const [one, two] = [publishedWeights(1), publishedWeights(2)];
    assert.deepEqual(two.field[0], one.field[0]);
    assert.notDeepEqual(two.field[1], one.field[1]);
    assert.notDeepEqual(two.lstm, one.lstm);
    assert.throws(() => publishedWeights(6), /argument `seed` must be a whole number in \[1, 5\]; received 6/);
  });

  it('give the published row of Table 1 to its last digit on the published patients', async function () {
    this.timeout(60_000);
    if (!hasData('cancer')) {
      console.log('      skipped: the published arrays are not on this machine');
      this.skip();
    }
    const [train, validation, test] = (['train', 'val', 'test'] as const).map(split => readPublishedCancer(split));
    const history = historyAt(test, 8), plan = planAt(test, 8, 6), {data: truth} = targetsAt(test, 8, 6).outcomes;
    const row = new Float64Array(6);
    for (const seed of [1, 2, 3, 4, 5]) {
      const fitted = await untrained(releasedObsNode(), {weights: publishedWeights(seed)}).fit(train, validation, {
        rng: rng(seed),
      });
      const {data} = (await fitted.forecast(history, plan)).mean;
      for (let s = 0; s < 6; s++) {
        const errors = Array.from({length: 1000}, (_, i) => (data[(i * 6 + s) * 2] - truth[(i * 6 + s) * 2]) ** 2);
        row[s] += Math.sqrt(errors.reduce((a, b) => a + b) / 1000) / 135.19 / 5;
      }
    }
    [0.062, 0.106, 0.141, 0.169, 0.192, 0.211].forEach((published, s) =>
      assert.ok(Math.abs(row[s] - published) < 0.0005, `s = ${s + 1}: ${row[s]} is not ${published}`));
  });
});
