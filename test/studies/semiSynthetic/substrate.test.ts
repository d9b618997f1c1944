import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {dataSets, MissingDataError} from '../../../lib/data';
import {ndarray, rng} from '../../../lib/math';
import {
  demoStayLaw, fitStayLaw, readDemoStays, semiSyntheticSubstrate, simulatedStays, splitStays, type StayLaw,
} from '../../../lib/studies/semiSynthetic';
import {carried} from '../../../lib/studies/semiSynthetic/substrate/substrate';

describe('simulated stays', () => {
  it('are hours of positive values, carried from hours in which they were measured, in reported steps', () => {
    const {labs, measured, stays, patients} = simulatedStays(rng(1), {stays: 50, hours: 30});
    assert.deepEqual([labs.shape, measured.shape], [[50, 30, 3], [50, 30, 3]]);
    assert.deepEqual([new Set(stays).size, patients], [50, stays]);
    assert.deepEqual(carried(labs, measured), labs);
    labs.data.forEach((v, k) => {
      const steps = v / [0.01, 0.1, 1][k % 3];
      assert.ok(v > 0 && Math.abs(steps - Math.round(steps)) < 1e-9, `${v}`);
    });
    for (let k = 0; k < measured.data.length; k += 3) assert.equal(measured.data[k + 1], measured.data[k + 2]);
  });

  it('give back the numbers they were made with when the model is fitted to them', () => {
    const law = fitStayLaw(simulatedStays(rng(2), {stays: 6000}));
    const close = (name: string, found: number, wanted: number, off: number) =>
      assert.ok(Math.abs(found - wanted) <= off, `${name}: ${found} instead of ${wanted} +- ${off}`);
    for (const j of [0, 1, 2]) {
      const variance = demoStayLaw.levelCovariance[j][j], sd = Math.sqrt(variance);
      close(`level ${j}`, law.level[j], demoStayLaw.level[j], 0.06 * sd);
      close(`variance ${j}`, law.levelCovariance[j][j], variance, 0.15 * variance);
      close(`spread ${j}`, law.spread[j], demoStayLaw.spread[j], 0.25 * demoStayLaw.spread[j]);
    }
    law.panels.forEach((panel, p) => {
      for (const [name, value] of Object.entries(panel) as [keyof typeof panel, number][])
        close(`${name} ${p}`, value, demoStayLaw.panels[p][name],
          4.5 * Math.sqrt(0.25 / 6000) + 0.05 * demoStayLaw.panels[p][name]);
    });
  });

  it('return to their level at the rate asked for', () => {
    const panel = {atAdmission: 1, first: 1, repeated: 1, hourly: 1};
    const law: StayLaw = {...demoStayLaw, level: [5, 5, 5], spread: [0.3, 0.3, 0.3], rate: [0.05, 0.2, 1],
      panels: [panel, panel]};
    const {labs: {data}} = simulatedStays(rng(3),
      {stays: 4000, law: {...law, levelCovariance: [0, 1, 2].map(() => [0, 0, 0])}});
    for (const j of [0, 1, 2])
      for (const h of [1, 5]) {
        let sum = 0;
        for (let i = 0; i < 4000; i++)
          sum += (Math.log(data[(i * 49 + 10) * 3 + j]) - 5) * (Math.log(data[(i * 49 + 10 + h) * 3 + j]) - 5) / 4000;
        // The product of two normals has at most twice the squared variance; values are rounded to a hundredth or less.
        assert.ok(Math.abs(sum - 0.09 * Math.exp(-law.rate[j] * h)) < 4.5 * 0.09 * Math.sqrt(2 / 4000),
          `${j} after ${h} h: ${sum}`);
      }
  });
});

describe('carrying values', () => {
  it('goes forward, and backward before the first one', () => {
    const values = ndarray([1, 5, 1], Float64Array.of(0, 3, 0, 7, 0)),
      measured = ndarray([1, 5, 1], Float64Array.of(0, 1, 0, 1, 0));
    assert.deepEqual([...carried(values, measured).data], [3, 3, 3, 7, 7]);
  });
});

describe('splitting stays', () => {
  it('keeps the stays of a patient together, loses none, and has the sizes asked for', () => {
    const patients = Array.from({length: 861}, (_, i) => `${i < 240 ? i >> 1 : i}`),
      split = splitStays({patients}, rng(1));
    assert.deepEqual([split.train.length, split.validation.length, split.test.length], [552, 138, 171]);
    const groups = Object.values(split).map((rows: Int32Array) => new Set([...rows].map(i => patients[i])));
    assert.equal(new Set(groups.flatMap(g => [...g])).size, groups.reduce((sum, g) => sum + g.size, 0));
    assert.equal(new Set(Object.values(split).flatMap((rows: Int32Array) => [...rows])).size, 861);
    assert.throws(() => splitStays({patients: ['a', 'a', 'a']}, rng(1)),
      /argument `substrate` must be with stays for three groups/);
  });
});

describe('reading the demos', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'obsnode-demos-'))));
  afterEach(() => rmSync(folder, {recursive: true}));

  it('says how to obtain them where they are not; the study goes on with simulated stays and says so', async () => {
    await assert.rejects(readDemoStays({roots: [folder]}), MissingDataError);
    const {name, source} = await semiSyntheticSubstrate(rng(1), {roots: [folder]});
    assert.deepEqual([name, source], ['861 simulated stays (no patients)', 'simulated']);
  });

  it('refuses other files of these names, with both checksums', async () => {
    for (const set of ['eicu_demo', 'mimic_demo']) {
      mkdirSync(join(folder, set));
      for (const file of Object.keys(dataSets[set].files)) writeFileSync(join(folder, set, file), 'stay_id\n1\n');
    }
    const sum = dataSets.eicu_demo.files['stays.csv.gz'];
    await assert.rejects(semiSyntheticSubstrate(rng(1), {roots: [folder]}), {
      name: 'ArgumentError',
      message: new RegExp(`file.* eicu_demo/stays.csv.gz with SHA-256 ${sum}; received .*[0-9a-f]{20}.*obtain it`),
    });
  });
});
