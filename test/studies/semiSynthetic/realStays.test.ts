import assert from 'node:assert/strict';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {hasData, locate} from '../../../lib/data';
import {rng} from '../../../lib/math';
import {
  demoStayLaw, fitStayLaw, readDemoStays, semiSyntheticSubstrate, simulatedStays, splitStays, type Substrate,
} from '../../../lib/studies/semiSynthetic';

describe('the real stays of the demos', function () {
  let real: Substrate;
  before(async function () {
    if (!hasData('eicu_demo') || !hasData('mimic_demo')) {
      console.log('      skipped: the demos are not here; set OBSNODE_DATA to a folder with eicu_demo and mimic_demo');
      return this.skip();
    }
    real = await readDemoStays();
  });

  it('are 861, 816 of them of the eICU demo and 45 of the MIMIC demo, of 737 patients', () => {
    const of = (name: string) => real.stays.filter(stay => stay.startsWith(name)).length;
    assert.deepEqual([real.stays.length, of('eICU'), of('MIMIC'), new Set(real.patients).size], [861, 816, 45, 737]);
  });

  it('are split into 552, 138 and 171', () => {
    const {train, validation, test} = splitStays(real, rng(1));
    assert.deepEqual([train.length, validation.length, test.length], [552, 138, 171]);
  });

  it('are what the study uses where they are', async () => {
    const {name, labs} = await semiSyntheticSubstrate(rng(1));
    assert.equal(name, '861 real stays (eICU and MIMIC-IV demos)');
    assert.deepEqual(labs, real.labs);
  });

  it('give the committed numbers of the simulated ones', () => {
    const rounded = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v)));
    assert.deepEqual(rounded(fitStayLaw(real)), demoStayLaw);
  });

  it('damaged, cut or exchanged files are refused by name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-demos-'));
    try {
      for (const set of ['eicu_demo', 'mimic_demo']) cpSync(locate(set), join(folder, set), {recursive: true});
      const spoil = async (path: string, change: (bytes: Buffer) => Buffer) => {
        const file = join(folder, path), bytes = readFileSync(file);
        rmSync(file);
        writeFileSync(file, change(Buffer.from(bytes)));
        await assert.rejects(readDemoStays({roots: [folder]}), new RegExp(`argument \`file\` must be ${path}`));
        writeFileSync(file, bytes);
      };
      await spoil('eicu_demo/hourly.csv.gz', bytes => bytes.subarray(0, bytes.length - 100));
      await spoil('mimic_demo/icustays.csv.gz', bytes => (bytes[200] ^= 1, bytes));
      await spoil('mimic_demo/numeric_events.csv.gz', () => readFileSync(join(folder, 'eicu_demo/hourly.csv.gz')));
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  it('resemble the simulated ones in how often labs stay the same, how far they spread and how often they are measured',
    () => {
    const simulated = simulatedStays(rng(4), {stays: 3000});
    for (const j of [0, 1, 2]) {
      const [a, b] = [summary(real, j), summary(simulated, j)];
      assert.ok(Math.abs(a.constant - b.constant) < 0.1, `constant: ${a.constant}, ${b.constant}`);
      assert.ok(Math.abs(a.mean - b.mean) < 0.1 && Math.abs(a.sd / b.sd - 1) < 0.1,
        `log values: ${a.mean} +- ${a.sd}, ${b.mean} +- ${b.sd}`);
      assert.ok(Math.abs(a.measured / b.measured - 1) < 0.1, `measured: ${a.measured}, ${b.measured}`);
      assert.ok(a.within < 0.05 && b.within < 0.05, `share of variance within stays: ${a.within}, ${b.within}`);
    }
  });
});

/**
 * Share of stays in which a lab never changes; mean and sd of its logarithm; share of hours measured; share of variance
 * within stays.
 */
function summary({labs, measured}: Substrate, j: number) {
  const [n, T, d] = labs.shape, log = (i: number, t: number) => Math.log(labs.data[(i * T + t) * d + j]);
  let constant = 0, sum = 0, squares = 0, inside = 0, count = 0;
  for (let i = 0; i < n; i++) {
    const x = Array.from({length: T}, (_, t) => log(i, t)), level = x.reduce((a, b) => a + b, 0) / T;
    if (x.every(v => v === x[0])) constant++;
    for (const [t, v] of x.entries()) {
      sum += v;
      squares += v * v;
      inside += (v - level) ** 2;
      count += measured.data[(i * T + t) * d + j];
    }
  }
  const all = n * T, mean = sum / all, variance = squares / all - mean ** 2;
  return {constant: constant / n, mean, sd: Math.sqrt(variance), measured: count / all,
    within: inside / all / variance};
}
