import assert from 'node:assert/strict';
import {hasData} from '../../../lib/data';
import {openDatabase, type Database} from '../../../lib/data/database';
import {
  deriveSepsis, fillFromMimicDemo, quantities, sepsisRows, sepsisRules, sofaComponents, sofaRows,
} from '../../../lib/studies/sepsis';
import {scoreByHand, versions, type ScoredStay} from './byHand';

describe('Sepsis-3 in the demo of MIMIC-IV', function () {
  let database: Database;
  const count = async (what: string, from: string): Promise<number> =>
    (await database.rows<{n: number}>(`SELECT ${what} AS n FROM ${from}`))[0].n;

  before(async function () {
    if (!hasData('mimic_demo')) {
      console.log('      skipped: the demo is not here; set OBSNODE_DATA to a folder with mimic_demo');
      return this.skip();
    }
    database = await openDatabase();
    await fillFromMimicDemo(database);
    await deriveSepsis(database);
  });
  after(() => database?.close());

  it('fills the views: 140 stays of 100 patients, 1,336 specimens of which 45 are dated without a time', async () => {
    assert.equal(await count('count(*)', 'stays'), 140);
    assert.equal(await count('count(DISTINCT person)', 'stays'), 100);
    assert.equal(await count('count(*)', 'cultures'), 1336);
    assert.equal(await count('count(*)', 'cultures WHERE NOT timed'), 45);
    assert.equal(await count('count(*)', 'ventilation'), 65);
    assert.deepEqual(
      (await database.rows<{drug: string; n: number}>(
        'SELECT drug, count(*) AS n FROM infusions GROUP BY drug ORDER BY n DESC',
      )).map(({drug, n}) => `${drug} ${n}`),
      ['norepinephrine 947', 'phenylephrine 625', 'vasopressin 55', 'dobutamine 44', 'epinephrine 36', 'dopamine 28',
        'milrinone 15'],
    );
  });

  it('leaves no value outside its limits', async () => {
    for (const [name, {limits: [low, high]}] of Object.entries(quantities)) {
      const [found] = await database.rows<{n: number; low: number; high: number}>(
        'SELECT count(*) AS n, min(value) AS low, max(value) AS high FROM measurements WHERE quantity = $name', {name},
      );
      assert.ok(found.n > 100 || name === 'height', name);
      assert.ok(found.low >= low && found.high <= high, name);
    }
  });

  it('finds 903 orders of systemic antibiotics in 80 patients', async () => {
    assert.equal(await count('count(*)', 'antibiotics'), 903);
    assert.equal(await count('count(DISTINCT patient)', 'antibiotics'), 80);
  });

  it('scores 12,566 hours of stays: median 4, mean near 4.96, highest 23', async () => {
    const scores = (await sofaRows(database)).map(({sofa}) => sofa).sort((a, b) => a - b);
    assert.equal(scores.length, 12_566);
    assert.deepEqual([scores[6282], scores[6283], scores.at(-1)], [4, 4, 23]);
    // 4.953; published derivations of the same rules differ from each other in 0.4 % of the hours.
    assert.ok(Math.abs(scores.reduce((a, b) => a + b) / scores.length - 4.96) < 0.01);
  });

  const stays: readonly (readonly [string, Parameters<typeof sepsisRules>[1], number, number])[] = [
    ['antibiotic in the stay', {}, 62, 47],
    ['suspicion from 48 h before arrival', {changes: {place: 'suspicionNearStay'}}, 72, 53],
    ['antibiotic from 48 h before arrival', {changes: {place: 'antibioticNearStay'}}, 64, 48],
    ['the earliest suspicion alone', {changes: {pair: 'earliest'}}, 55, 45],
  ];
  for (const [name, options, n, patients] of stays) {
    it(`finds ${n} stays with sepsis of ${patients} patients: ${name}`, async () => {
      await deriveSepsis(database, sepsisRules('mimicCode', options));
      assert.equal(await count('count(*)', 'sepsis'), n);
      assert.equal(await count('count(DISTINCT person)', 'sepsis JOIN stays USING (stay)'), patients);
    });
  }

  /**
   * A computation in another language counted 47 of 62 and 52 of 72, by a definition that is not known. Others that
   * were tried: highest less first hour of the window 54 and 60, less the lowest 55 and 62; last less first hour 52 and
   * 57; at the first hour with two points 27 and 31; from the suspicion on above the lowest before it 32 and 34, above
   * that of the suspicion 43 and 47; more than two points 46 and 50; from one hour to the next 45 and 49; without hour
   * 0 45 and 50; and these in windows from 72 or 24 hours before to 12, 24 or 48 hours after it. None gives both.
   */
  for (const [place, rising] of [['antibioticInStay', 54], ['suspicionNearStay', 61]] as const) {
    it(`${rising} stays rise by two points over the lowest earlier hour around their suspicion: ${place}`, async () => {
      await deriveSepsis(database, sepsisRules('mimicCode', {changes: {place}}));
      const rises = `SELECT stay, sofa.sofa - min(sofa.sofa) OVER (
        PARTITION BY stay ORDER BY sofa.hour ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS rise FROM sepsis JOIN sofa USING (stay)
      WHERE ends BETWEEN suspected - INTERVAL 48 HOURS AND suspected + INTERVAL 24 HOURS`;
      assert.equal(await count('count(DISTINCT stay) FILTER (WHERE rise >= 2)', `(${rises})`), rising);
    });
  }

  describe('beside a derivation without SQL, from the rules in words', () => {
    let byHand: ScoredStay[];
    before(async () => {
      byHand = await scoreByHand(database);
    });

    it('has the same six components and SOFA in every hour', async () => {
      await deriveSepsis(database);
      const rows = await sofaRows(database), different = new Map<string, number>();
      let k = 0;
      for (const {stay, hours} of byHand) {
        hours.forEach(({components, sofa}, hour) => {
          const row = rows[k++];
          assert.deepEqual([row.stay, row.hour], [stay, hour]);
          sofaComponents.forEach((name, j) => {
            if (row[`${name}_24h`] !== components[j]) different.set(name, (different.get(name) ?? 0) + 1);
          });
          if (row.sofa !== sofa) different.set('sofa', (different.get('sofa') ?? 0) + 1);
        });
      }
      assert.equal(k, rows.length);
      assert.deepEqual([...different], []);
    });

    for (const [version, rules] of versions) {
      it(`has the same stays with sepsis, from the same times on: ${version}`, async () => {
        await deriveSepsis(database, rules);
        const sql = (await sepsisRows(database)).map(({stay, onset}) => [stay, onset.getTime()]);
        assert.deepEqual(sql, byHand.filter(each => each[version] !== undefined)
          .map(each => [each.stay, each[version]]));
      });
    }
  });
});
