import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {openDatabase, type Database} from '../../../lib/data/database';
import {fillFromMimicDemo} from '../../../lib/studies/sepsis';
import {fillFromMimicDemoFiles} from '../../../lib/studies/sepsis/sources/mimicDemo';

const columns = (n: number): string => ','.repeat(n);

/** Two invented patients in the form of the demo's files; 1 stays once, 2 has a stay that ends as it begins. */
const files: Readonly<Record<string, readonly string[]>> = {
  patients: ['subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod', '1,M,50,2150,x,', '2,F,60,2150,x,'],
  admissions: [
    'subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admit_provider_id,admission_location,'
      + 'discharge_location,insurance,language,marital_status,race,edregtime,edouttime,hospital_expire_flag',
    `1,11,2152-03-01 08:00:00,2152-03-09 00:00:00,${columns(10)},1`,
  ],
  icustays: [
    'subject_id,hadm_id,stay_id,first_careunit,last_careunit,intime,outtime,los',
    '1,11,111,x,x,2152-03-01 10:00:30,2152-03-03 10:00:00,2',
    '2,22,222,x,x,2152-03-01 10:00:00,2152-03-01 10:00:00,0',
  ],
  numeric_events: [
    'subject_id,charttime,itemid,uom,value',
    ...[
      // Fractions, per cents, flows and what is neither; a value of the laboratory.
      [223835, 0.4], [223835, 0.2], [223835, 1], [223835, 6], [223835, 20], [223835, 101], [50816, 35],
      // Only the charted oxygen pressure is arterial for sure.
      [50821, 77], [220224, 88],
      // Limits.
      [220052, -23], [220052, 0], [220052, 299.9], [220052, 300], [50868, -3], [226730, 119], [226730, 120],
      [226707, 60],
      // Not of the study.
      [220277, 98],
    ].map(([item, value]) => `1,2152-03-01 12:00:00,${item},,${value}`),
    // Verbal response of 1 before, during and after ventilation, and of 2 during it.
    ...['09:59', '10:00', '11:00', '12:00', '12:01'].map(time => `1,2152-03-01 ${time}:00,223900,,1.0`),
    '1,2152-03-01 11:30:00,223900,,2.0', '2,2152-03-01 11:00:00,223900,,1.0', '1,2152-03-01 11:00:00,220739,,1.0',
  ],
  infusions: [
    'subject_id,starttime,endtime,itemid,rate,amount',
    '1,2152-03-01 11:00:00,2152-03-01 12:00:00,221906,0.1,5', '1,2152-03-01 11:00:00,2152-03-01 12:00:00,222315,2.4,2',
    '1,2152-03-01 12:00:00,2152-03-01 13:00:00,221662,,', '1,2152-03-01 12:00:00,2152-03-01 13:00:00,220949,50,50',
    '1,2152-03-01 13:00:00,2152-03-01 13:01:00,225798,,1',
  ],
  outputs: [
    'subject_id,stay_id,charttime,itemid,ml', '1,111,2152-03-01 11:00:00,226559,200',
    '1,111,2152-03-01 11:00:00,227488,150', '1,111,2152-03-01 11:00:00,227489,300',
    '1,111,2152-03-01 11:00:00,226588,40',
  ],
  procedures: [
    'subject_id,stay_id,starttime,endtime,itemid', '1,111,2152-03-01 10:00:00,2152-03-01 12:00:00,225792',
    '1,111,2152-03-01 14:00:00,2152-03-01 15:00:00,225794',
  ],
  prescriptions: [
    'subject_id,hadm_id,pharmacy_id,poe_id,poe_seq,order_provider_id,starttime,stoptime,drug_type,drug,'
      + 'formulary_drug_cd,gsn,ndc,prod_strength,form_rx,dose_val_rx,dose_unit_rx,form_val_disp,form_unit_disp,'
      + 'doses_per_24_hrs,route',
    `1,11${columns(4)},2152-03-01 12:00:00,,MAIN,"CefTRIAXone, 1 g"${columns(11)}IV`,
    `1,11${columns(4)},2152-03-01 12:00:00,2152-03-02 12:00:00,BASE,Acyclovir${columns(11)}`,
    `1,11${columns(4)},,,MAIN,Vancomycin${columns(11)}IV`,
    `1,11${columns(4)},2152-03-01 12:00:00,,MAIN,Aspirin${columns(11)}PO`,
  ],
  microbiologyevents: [
    'microevent_id,subject_id,hadm_id,micro_specimen_id,order_provider_id,chartdate,charttime,spec_itemid,'
      + 'spec_type_desc,test_seq,storedate,storetime,test_itemid,test_name,org_itemid,org_name,isolate_num,quantity,'
      + 'ab_itemid,ab_name,dilution_text,dilution_comparison,dilution_value,interpretation,comments',
    `5,1,11,900,,2152-03-01 00:00:00,2152-03-01 09:30:00,1,URINE${columns(16)}"none, as"`,
    `6,1,11,900,,2152-03-01 00:00:00,2152-03-01 09:30:00,1,URINE${columns(16)}`,
    `7,2,,901,,2152-03-02 00:00:00,,1,BLOOD CULTURE${columns(16)}"two
lines"`,
  ],
  antibiotic_admin: [
    'subject_id,charttime,medication,emar_action',
    ...['Administered', 'Delayed Administered', 'Not Given', 'Hold Dose', 'Started', 'Stopped'].map((action, k) =>
      `1,2152-03-01 1${k}:00:00,Vancomycin,${action}`),
    '1,2152-03-01 12:00:00,Aspirin,Administered',
  ],
};

const utc = (time: string): Date => new Date(`2152-03-01T${time}:00Z`);

describe('the form of the demo of MIMIC-IV', () => {
  let folder: string, database: Database;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "obsnode's-mimic-"));
    for (const [name, lines] of Object.entries(files))
      writeFileSync(join(folder, `${name}.csv.gz`), gzipSync(`${lines.join('\n')}\n`));
    database = await openDatabase({memory: 200});
    await fillFromMimicDemoFiles(database, folder);
  });
  after(() => {
    database.close();
    rmSync(folder, {recursive: true});
  });

  const values = async (quantity: string) => (await database.rows<{value: number}>(
    'SELECT value FROM measurements WHERE quantity = $quantity ORDER BY patient, time, value', {quantity},
  )).map(({value}) => value);

  it('stays: with age at arrival, admission and death; none without duration', async () => {
    assert.deepEqual(await database.rows('FROM stays'), [{
      stay: 111, patient: 1, person: '1', admission: 11, admitted: utc('08:00'),
      arrived: new Date('2152-03-01T10:00:30Z'), left: new Date('2152-03-03T10:00:00Z'), age: 52, male: true,
      died: true, infection: null,
    }]);
  });

  it('oxygen: fractions to per cents, no flows', async () => {
    // 0.2 is no fraction above 0.2, 6 a flow, 101 too much.
    assert.deepEqual(await values('fio2'), [20, 35, 40, 100]);
  });

  it('oxygen pressure: the charted one, not the laboratory\'s', async () => {
    assert.deepEqual(await values('pao2'), [88]);
  });

  it('limits, and inches to centimetres', async () => {
    assert.deepEqual(await values('map'), [299.9]);
    assert.deepEqual(await values('anion_gap'), [-3]);
    assert.deepEqual(await values('height'), [120, 60 * 2.54]);
  });

  it('verbal response of 1 during ventilation is a tube', async () => {
    // 9:59: 1; 10:00, 11:00: 0; 11:30: 2; 12:00: 0; 12:01: 1; and of the other patient 1.
    assert.deepEqual(await values('gcs_verbal'), [1, 0, 0, 2, 0, 1, 1]);
    assert.deepEqual(await values('gcs_eye'), [1]);
  });

  it('infusions: vasoactive drugs, vasopressin by the minute, unknown rates', async () => {
    assert.deepEqual(await database.rows('SELECT drug, rate, start, stop FROM infusions ORDER BY drug'), [
      {drug: 'dopamine', rate: null, start: utc('12:00'), stop: utc('13:00')},
      {drug: 'norepinephrine', rate: 0.1, start: utc('11:00'), stop: utc('12:00')},
      {drug: 'vasopressin', rate: 0.04, start: utc('11:00'), stop: utc('12:00')},
    ]);
  });

  it('urine, with irrigation taken off', async () => {
    assert.deepEqual((await database.rows('SELECT ml FROM outputs ORDER BY ml')).map(({ml}) => ml), [-150, 200, 300]);
  });

  it('ventilation: the invasive procedure alone', async () => {
    assert.deepEqual(await database.rows('FROM ventilation'), [{patient: 1, start: utc('10:00'), stop: utc('12:00')}]);
  });

  it('cultures: one for each specimen; a date is its midnight', async () => {
    assert.deepEqual(await database.rows('FROM cultures ORDER BY patient'), [
      {patient: 1, admission: 11, time: utc('09:30'), timed: true, specimen: 'URINE'},
      {patient: 2, admission: null, time: new Date('2152-03-02T00:00:00Z'), timed: false, specimen: 'BLOOD CULTURE'},
    ]);
  });

  it('orders of anti-infectives that have a start', async () => {
    assert.deepEqual(await database.rows('SELECT * EXCLUDE (patient, admission) FROM orders ORDER BY drug'), [
      {start: utc('12:00'), stop: new Date('2152-03-02T12:00:00Z'), drug: 'Acyclovir', route: null, kind: 'BASE'},
      {start: utc('12:00'), stop: null, drug: 'CefTRIAXone, 1 g', route: 'IV', kind: 'MAIN'},
    ]);
  });

  it('doses that were given, on the ward and in intensive care', async () => {
    assert.deepEqual((await database.rows('SELECT time, drug FROM doses ORDER BY time')).map(({time}) => time),
      [utc('10:00'), utc('11:00'), utc('13:00'), utc('14:00')]);
  });

  it('leaves nothing but the views', async () => {
    const {schema_name: schemas} = await database.columns<'schema_name'>('FROM information_schema.schemata');
    assert.ok(!schemas.includes('mimic_demo'));
    assert.deepEqual(await database.rows("SELECT getvariable('anti_infectives') AS v"), [{v: null}]);
  });

  it('refuses files that are not those of the demo', async () => {
    const root = mkdtempSync(join(tmpdir(), 'obsnode-mimic-'));
    await assert.rejects(fillFromMimicDemo(database, {roots: [root]}), /mimic_demo/);
    rmSync(root, {recursive: true});
  });
});
