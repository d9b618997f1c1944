import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import type {Provider} from '../../lib/graph';
import {processors} from './compare';

/** What a process of its own says about ten runs of the reference step W. */
const measured = (memory: 'fast' | 'least', provider: Provider) => JSON.parse(execFileSync(
  process.execPath, ['--expose-gc', '--import', 'tsx', join(__dirname, 'memoryOfStep.ts'), memory, provider],
  {encoding: 'utf8'},
)) as {peakBytes: number; grown: number; loss: number};

describe('memory of a compiled training step', function () {
  this.timeout(120_000);

  it("with memory: 'least', ONNX Runtime adds about twice the bytes that are needed at once, half of what it else "
      + "takes, and gives the same loss", () => {
    const least = measured('least', 'cpu'), fast = measured('fast', 'cpu');
    assert.ok(least.peakBytes > 20e6, `${least.peakBytes}: the step is too small to measure`);
    // Beside the values it keeps a record of each operation, whatever the sizes: 5 to 10 MB of the 66 for 29 needed.
    assert.ok(least.grown < 2.5 * least.peakBytes, `${least.grown / 1e6} MB for ${least.peakBytes / 1e6} MB`);
    assert.ok(least.grown < 0.6 * fast.grown, `${least.grown / 1e6} MB, ${fast.grown / 1e6} MB otherwise`);
    assert.equal(least.loss, fast.loss);
  });

  it('the engine in C adds at most 1.5 times the bytes that are needed at once', async function () {
    if (!(await processors()).includes('native')) {
      console.log('      skipped: no C compiler');
      return this.skip();
    }
    const native = measured('fast', 'native');
    assert.ok(native.grown < 1.5 * native.peakBytes, `${native.grown / 1e6} MB for ${native.peakBytes / 1e6} MB`);
  });
});
