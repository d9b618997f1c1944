import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {hasData, locate} from '../../../../lib/data';
import {openDatabase, type Database} from '../../../../lib/data/database';
import {
  deriveSepsis, fillFromMimic, fillFromMimicDemo, loadMimic, sepsisRules, sepsisViews, type SepsisView,
} from '../../../../lib/studies/sepsis';
import {headers} from './hospital';

/** Columns of PhysioNet's files as expressions of the demo's tables; what is not named is empty. */
const cut: Readonly<Record<string, {readonly columns: Readonly<Record<string, string>>; readonly from: string}>> = {
  'hosp/patients': {columns: same('subject_id gender anchor_age anchor_year'), from: 'patients'},
  'hosp/admissions': {
    columns: same('subject_id hadm_id admittime hospital_expire_flag'), from: 'admissions',
  },
  'icu/icustays': {columns: same('subject_id hadm_id stay_id intime outtime'), from: 'icustays'},
  'hosp/labevents': {
    columns: {...same('subject_id charttime itemid'), valuenum: 'value', specimen_id: '1'},
    from: 'numeric_events WHERE itemid < 200000',
  },
  // The demo's tables have no texts: a verbal response of 1 under ventilation is what was charted as a tube.
  'icu/chartevents': {
    columns: {
      ...same('subject_id charttime itemid'), valuenum: 'value', stay_id: '1',
      value: `CASE WHEN itemid = 223900 AND value = 1 AND EXISTS (
        FROM procedures AS p
        WHERE p.itemid = 225792 AND p.subject_id = e.subject_id AND e.charttime BETWEEN p.starttime AND p.endtime
      ) THEN 'No Response-ETT' ELSE CAST(value AS VARCHAR) END`,
    },
    from: 'numeric_events AS e WHERE itemid >= 200000',
  },
  'icu/inputevents': {
    columns: {
      ...same('subject_id starttime endtime itemid rate'), patientweight: '80',
      rateuom: "if(itemid = 222315, 'units/hour', 'mcg/kg/min')",
    },
    from: 'infusions',
  },
  'icu/outputevents': {columns: {...same('subject_id charttime itemid'), value: 'ml'}, from: 'outputs'},
  'icu/procedureevents': {columns: same('subject_id starttime endtime itemid'), from: 'procedures'},
  'hosp/microbiologyevents': {
    columns: same('subject_id hadm_id micro_specimen_id chartdate charttime spec_type_desc'),
    from: 'microbiologyevents',
  },
  'hosp/prescriptions': {
    columns: same('subject_id hadm_id starttime stoptime drug_type drug route'), from: 'prescriptions',
  },
  'hosp/emar': {
    columns: {...same('subject_id charttime medication'), event_txt: 'emar_action'}, from: 'antibiotic_admin',
  },
};

function same(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map(name => [name, name]));
}

/** Writes the demo's tables in the layout in which PhysioNet ships them. */
async function recut(folder: string): Promise<void> {
  const database = await openDatabase(), demo = locate('mimic_demo');
  try {
    for (const {from} of Object.values(cut)) {
      const [name] = from.split(' ');
      const path = join(demo, `${name}.csv.gz`);
      await database.run(`CREATE OR REPLACE TABLE ${name} AS FROM read_csv('${path}', sample_size = -1)`);
    }
    for (const [file, {columns, from}] of Object.entries(cut)) {
      mkdirSync(join(folder, file.split('/')[0]), {recursive: true});
      const cells = headers['2.2'][file].split(',').map(name => `${columns[name] ?? 'NULL'} AS ${name}`);
      await database.run(`COPY (SELECT ${cells.join(', ')} FROM ${from})
        TO '${join(folder, file)}.csv.gz' (FORMAT csv, HEADER, COMPRESSION gzip)`);
    }
  } finally {
    database.close();
  }
}

describe('The demo of MIMIC-IV, cut as PhysioNet ships it', function () {
  this.timeout(240_000);
  let folder: string, loaded: Database, direct: Database;
  before(async function () {
    if (!hasData('mimic_demo')) {
      console.log('      skipped: the demo is not here; set OBSNODE_DATA to a folder with mimic_demo');
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'obsnode-demo-'));
    await recut(join(folder, 'in'));
    await loadMimic({from: join(folder, 'in'), to: join(folder, 'out')});
    [loaded, direct] = [await openDatabase(), await openDatabase()];
    await fillFromMimic(loaded, {folder: join(folder, 'out'), ventilation: 'procedure', gases: 'charts'});
    await fillFromMimicDemo(direct);
  });
  after(() => {
    for (const database of [loaded, direct]) database?.close();
    if (folder) rmSync(folder, {recursive: true});
  });

  /** Rows that one has and the other has not, however often. */
  async function differences(view: SepsisView): Promise<number> {
    const columns = Object.keys(sepsisViews[view].columns);
    const bags = await Promise.all([loaded, direct].map(async database => {
      const bag = new Map<string, number>();
      for (const row of await database.rows(`SELECT * FROM ${view}`)) {
        const key = JSON.stringify(columns.map(name => row[name]));
        bag.set(key, (bag.get(key) ?? 0) + 1);
      }
      return bag;
    }));
    assert.ok(bags[0].size > 10, `${view}: ${bags[0].size}`);
    const keys = new Set(bags.flatMap(bag => [...bag.keys()]));
    return [...keys].reduce((sum, key) => sum + Math.abs((bags[0].get(key) ?? 0) - (bags[1].get(key) ?? 0)), 0);
  }

  it('fills the same views', async () => {
    for (const view of Object.keys(sepsisViews) as SepsisView[]) assert.equal(await differences(view), 0, view);
  });

  it('has 62 stays with sepsis by the rule of the MIMIC code repository, 72 by the wider one', async () => {
    for (const [place, expected] of [['antibioticInStay', 62], ['suspicionNearStay', 72]] as const) {
      await deriveSepsis(loaded, sepsisRules('mimicCode', {changes: {place}}));
      const [{stays}] = await loaded.rows<{stays: number}>('SELECT count(*) AS stays FROM sepsis');
      assert.equal(stays, expected);
    }
  });

  it('carries the licence of the demo', () => {
    assert.match(readFileSync(join(folder, 'out', 'NOTICE.txt'), 'utf8'), /dp1f-ex47[^]*Open Database License/);
  });
});
