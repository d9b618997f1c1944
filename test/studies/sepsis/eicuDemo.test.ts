import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {hasData} from '../../../lib/data';
import {openDatabase, type Database} from '../../../lib/data/database';
import {
  cohortRules, createViews, deriveSepsis, eicuDemoRules, fillFromEicuDemo, sepsisCohort, sepsisRules,
} from '../../../lib/studies/sepsis';
import {fillFromEicuFiles} from '../../../lib/studies/sepsis/sources/eicuDemo';

/** Two invented stays in the form of the files. */
const files: Readonly<Record<string, readonly string[]>> = {
  stays: [
    'stay_id,uniquepid,hospitalid,gender,age,height_cm,weight_kg,apacheadmissiondx,unittype,unit_discharge_min,'
      + 'unitdischargestatus,hospitaldischargestatus,sepsis_dx,infection_dx',
    '1,a,7,Male,> 89,170,50,x,y,600,Alive,Expired,False,True',
    '2,b,7,,44,17,,x,y,20000,Alive,,False,False',
  ],
  hourly: [
    'stay_id,hour,hr,sbp,dbp,map,resp,temp,o2sat,fio2,po2,crea,bun,bili,alt,ast,plt,bicar,na,cl,k,lact,glu,wbc,hgb,ph,'
      + 'urine',
    '1,0,80,,,,,,,,,1.5,,,,,,24,140,104,,,,,,,',
    '1,3,81,,,0,,,,,,,,,,,,24,140,,,,,,,,55',
  ],
  gcs: [
    'stay_id,offset_min,component,score', '1,-2000,eyes,1', '1,-30,eyes,4', '1,-30,motor,6', '1,-30,verbal,5',
    '1,150,verbal,3',
  ],
  vasopressors: [
    'stay_id,offset_min,drugname,drugrate,infusionrate,drugamount,volumeoffluid,patientweight',
    '1,10,Norepinephrine (mcg/min),5,,,,', '1,30,Norepinephrine (mcg/min),10,,,,100',
    '1,200,Norepinephrine (ml/hr),4,,,,', '1,230,Norepinephrine (ml/hr),0,,,,',
    '2,0,DOPamine STD 400 mg Dextrose 5% 250 ml  Premix (mcg/kg/min),6,,,,',
    '2,0,Vasopressin (units/hr),3,,,,', '2,0,Epinephrine (mg/kg/min),1,,,,', '2,0,Dobutamine (),OFF,,,,',
    '2,5,Norepinephrine (mcg/min),8,,,,',
  ],
  apache_first_day: [
    'patientunitstayid,intubated,vent,dialysis', '1,1,1,0', '2,0,0,0',
  ],
  antibiotics: [
    'stay_id,start_min,stop_min,drug,source_name,route', '1,-90,600,ceftriaxone,rocephin,IV', '2,5,,other,merrem,IV',
  ],
};

describe('the demo of eICU as a source', () => {
  let folder: string, database: Database;
  const rows = (sql: string) => database.rows(sql);
  const hours = (column: string) => `(epoch(${column}) - epoch(TIMESTAMP '2000-01-01 00:00:00')) / 3600`;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "obsnode's-eicu-"));
    for (const [name, lines] of Object.entries(files))
      writeFileSync(join(folder, `${name}.csv.gz`), gzipSync(`${lines.join('\n')}\n`));
    database = await openDatabase();
    await fillFromEicuFiles(database, folder, 'infection');
  });
  after(() => {
    database.close();
    rmSync(folder, {recursive: true});
  });

  it('stays: a clock of their own, hidden ages, what is missing, and an end where the record ends', async () => {
    const got = await rows(`SELECT stay, patient, person, admission, ${hours('arrived')} AS arrived,
      ${hours('"left"')} AS "left", age, male, died, infection FROM stays ORDER BY stay`);
    assert.deepEqual(got, [
      {stay: 1, patient: 1, person: 'a', admission: null, arrived: 0, left: 10, age: 90, male: true, died: true,
        infection: true},
      {stay: 2, patient: 2, person: 'b', admission: null, arrived: 0, left: 168, age: 44, male: null, died: false,
        infection: false},
    ]);
  });

  it('hourly values at their hour, the anion gap where all three are there, nothing outside the limits', async () => {
    const got = await rows(`SELECT patient, ${hours('time')} AS hour, quantity, value FROM measurements
      WHERE quantity NOT LIKE 'gcs%' ORDER BY patient, hour, quantity`);
    assert.deepEqual(got.map(({patient, hour, quantity, value}) => [patient, hour, quantity, value]), [
      [1, 0, 'anion_gap', 12], [1, 0, 'bicarbonate', 24], [1, 0, 'creatinine', 1.5], [1, 0, 'heart_rate', 80],
      [1, 0, 'height', 170], [1, 0, 'weight', 50], [1, 3, 'bicarbonate', 24], [1, 3, 'heart_rate', 81],
    ]);
    assert.deepEqual(await rows(`SELECT patient, ${hours('time')} AS hour, ml FROM outputs`),
      [{patient: 1, hour: 3, ml: 55}]);
  });

  it('the coma scale stands until the next record of its part, and to the end of the stay', async () => {
    const of = async (part: string) => (await rows(`SELECT ${hours('time')} AS hour, value FROM measurements
      WHERE quantity = 'gcs_${part}' ORDER BY hour`)).map(({hour, value}) => [hour, value]);
    const whole = Array.from({length: 11}, (_, h) => h);
    assert.deepEqual(await of('eye'), [[-0.5, 4], ...whole.map(h => [h, 4])]);
    assert.deepEqual(await of('verbal'),
      [[-0.5, 5], [0, 5], [1, 5], [2, 5], [2.5, 3], ...whole.slice(3).map(h => [h, 3])]);
  });

  it('vasopressors: an hour or up to the next row, by weight where the unit says so, without dose where none is known',
    async () => {
    const got = await rows(`SELECT patient, drug, ${hours('start')} * 60 AS start, ${hours('stop')} * 60 AS stop, rate
      FROM infusions ORDER BY patient, start, drug`);
    assert.deepEqual(got.map(({patient, drug, start, stop, rate}) =>
      [patient, drug, Math.round(start as number), Math.round(stop as number), rate]), [
      [1, 'norepinephrine', 10, 30, 0.1], [1, 'norepinephrine', 30, 90, 0.1], [1, 'norepinephrine', 200, 230, null],
      [2, 'dopamine', 0, 60, 6], [2, 'epinephrine', 0, 60, null], [2, 'vasopressin', 0, 60, 0.05],
      [2, 'norepinephrine', 5, 65, null],
    ]);
  });

  it('its rules count urine of 24 hours from six records on', async () => {
    const own = await openDatabase();
    const records = [[1, 20, 5], [2, 3, 6], [2, 30, 0]].flatMap(([patient, first, more]) =>
      Array.from({length: more}, (_, k) => [patient, first + k / 2]));
    await createViews(own);
    await own.run(`INSERT INTO stays BY NAME SELECT stay, stay AS patient, TIMESTAMP '2100-01-01' AS arrived,
      TIMESTAMP '2100-01-02 03:00:00' AS "left" FROM (VALUES (1), (2)) AS of(stay)`);
    await own.insert('outputs', {
      patient: records.map(([patient]) => patient), ml: records.map(() => 10),
      time: records.map(([, hour]) => new Date(Date.UTC(2100, 0, 1) + hour * 3_600_000)),
    });
    await deriveSepsis(own, eicuDemoRules);
    assert.deepEqual(await own.rows('SELECT stay, hour, ml FROM urine ORDER BY stay, hour'),
      [23, 24, 25, 26].map(hour => ({stay: 2, hour, ml: 60})));
    await deriveSepsis(own, sepsisRules('mimicCode'));
    assert.deepEqual(await own.rows('SELECT count(*) AS n, min(ml) AS least FROM urine'), [{n: 10, least: 50}]);
    own.close();
  });

  it('ventilation from the flag of the first day; orders by class where it is one of the three', async () => {
    assert.deepEqual(await rows(`SELECT patient, ${hours('start')} AS start, ${hours('stop')} AS stop
      FROM ventilation`),
      [{patient: 1, start: 0, stop: 10}]);
    const orders = await rows(`SELECT patient, ${hours('start')} AS start, ${hours('stop')} AS stop, drug, route, kind
      FROM orders ORDER BY patient`);
    assert.deepEqual(orders, [
      {patient: 1, start: -1.5, stop: 10, drug: 'ceftriaxone', route: 'IV', kind: 'MAIN'},
      {patient: 2, start: 5 / 60, stop: null, drug: 'meropenem', route: 'IV', kind: 'MAIN'},
    ]);
    assert.deepEqual(await rows('SELECT (SELECT count(*) FROM cultures) AS a, (SELECT count(*) FROM doses) AS b'),
      [{a: 0, b: 0}]);
  });

  it('by diagnosis of sepsis nobody is left; another word is refused', async () => {
    await fillFromEicuFiles(database, folder, 'sepsis');
    assert.deepEqual(await rows('SELECT count(*) AS n, count(*) FILTER (WHERE infection) AS ill FROM stays'),
      [{n: 2, ill: 0}]);
    await assert.rejects(fillFromEicuDemo(database, {diagnosis: 'flu' as 'sepsis'}), /`diagnosis` must be 'infection'/);
  });

  it('in the real files: 2,267 stays of 1,751 persons, 613 with a diagnosis of infection', async function () {
    if (!hasData('eicu_demo')) {
      console.log('      skipped: the demo is not here; set OBSNODE_DATA to a folder with eicu_demo');
      return this.skip();
    }
    await fillFromEicuDemo(database);
    assert.deepEqual(await rows(`SELECT count(*) AS stays, count(DISTINCT person) AS persons,
      count(*) FILTER (WHERE infection) AS ill, bool_and("left" > arrived) AS last FROM stays`),
    [{stays: 2267, persons: 1751, ill: 613, last: true}]);
    assert.deepEqual(await rows('SELECT count(*) AS n FROM measurements WHERE NOT isfinite(value)'), [{n: 0}]);
  });

  /**
   * A computation in another language found 274, 236 and 232 stays. Some thirty rules were changed one at a time: this
   * one alone loses three stays, and comes within one stay of the other two numbers. It does not settle the matter: of
   * the stays without a diagnosis it leaves 579, 427 and 412, where the other computation found 583, 422 and 408.
   */
  it('the hour in which a stay begins decides on three: 277 reach SOFA of 2 with it, 274 without', async function () {
    if (!hasData('eicu_demo')) {
      console.log('      skipped: the demo is not here; set OBSNODE_DATA to a folder with eicu_demo');
      return this.skip();
    }
    const own = await openDatabase();
    await fillFromEicuDemo(own);
    const counts = async () => {
      await deriveSepsis(own, eicuDemoRules);
      const {flow} = await sepsisCohort(own, cohortRules('eicu'));
      return flow.slice(-3).map(step => step.counts.stays);
    };
    assert.deepEqual(await counts(), [277, 240, 235]);
    await own.run(`DELETE FROM measurements WHERE quantity NOT LIKE 'gcs%' AND time = TIMESTAMP '2000-01-01'`);
    assert.deepEqual(await counts(), [274, 237, 233]);
    own.close();
  });
});
