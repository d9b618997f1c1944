import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openDatabase, type SqlValue} from '../../../../lib/data/database';
import {fillFromMimic, loadMimic, type FillFromMimicOptions} from '../../../../lib/studies/sepsis';
import {hospital, writeHospital, type Cells} from './hospital';

const at = (hour: number, minute = 0): string =>
  new Date(Date.UTC(2152, 2, 1, hour, minute)).toISOString().slice(0, 19).replace('T', ' ');
const hoursOf = (time: SqlValue): number => ((time as Date).getTime() - Date.UTC(2152, 2, 1)) / 3_600_000;

/** Rows of a query after the small hospital was loaded with other rows in one of its files. */
async function rowsWith(
  file: string, rows: readonly Cells[], query: string, options: FillFromMimicOptions = {},
): Promise<SqlValue[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'obsnode-rules-')), database = await openDatabase();
  try {
    writeHospital(join(folder, 'in'), '3.1', {...hospital, [file]: rows});
    await loadMimic({from: join(folder, 'in'), to: join(folder, 'out')});
    await fillFromMimic(database, {folder: join(folder, 'out'), ...options});
    return (await database.rows(query)).map(row => Object.values(row));
  } finally {
    database.close();
    rmSync(folder, {recursive: true});
  }
}

describe('Rules by which files of MIMIC-IV are read', function () {
  this.timeout(120_000);

  it('rates of vasoactive drugs by their unit: mcg/kg/min, of vasopressin units/min', async () => {
    const cases: [item: number, rate: number, unit: string, weight: number, expected: number | null][] = [
      [221906, 0.3, 'mcg/kg/min', 0, 0.3], [221906, 0.3, 'mcg/kg/min', 1, 0.3],
      [221906, 6, 'mcg/kg/hour', 80, 0.1], [221906, 0.002, 'mg/kg/min', 80, 2], [221906, 0.2, 'mg/kg/min', 1, 0.2],
      [221289, 8, 'mcg/min', 80, 0.1], [221289, 480, 'mcg/hour', 80, 0.1], [221289, 0.008, 'mg/min', 80, 0.1],
      [221289, 0.48, 'mg/hour', 80, 0.1], [221289, 8, 'mcg/min', 19.9, null], [221289, 8, 'mcg/min', 400.1, null],
      [221289, 8, 'mcg/min', 20, 0.4], [221662, 5, 'MCG/KG/MIN', 80, 5], [221653, 5, 'mL/hour', 80, null],
      [221986, 0.375, 'mcg/kg/min', 80, 0.375], [222315, 2.4, 'units/hour', 80, 0.04],
      [222315, 0.04, 'units/min', 80, 0.04], [222315, 0.04, 'mcg/kg/min', 80, null], [221906, 0, 'mcg/kg/min', 80, 0],
    ];
    const rows = cases.map(([itemid, rate, rateuom, patientweight], k) =>
      ({subject_id: 1001, starttime: at(0, k), endtime: at(1, k), itemid, rate, rateuom, patientweight}));
    const found = await rowsWith('icu/inputevents', rows, 'SELECT rate FROM infusions ORDER BY "start"');
    assert.deepEqual(found.map(([rate]) => (rate === null ? null : Number((rate as number).toPrecision(12)))),
      cases.map(([,,,, expected]) => expected));
  });

  it('what is no number is no value', async () => {
    const rows = ['NaN', 'inf', '-inf', ''].map((rate, k) =>
      ({subject_id: 1001, starttime: at(k), endtime: at(k + 1), itemid: 221906, rate, rateuom: 'mcg/kg/min'}));
    assert.deepEqual(await rowsWith('icu/inputevents', rows, 'SELECT * FROM infusions'), []);
    const charts = ['NaN', 'inf', '-inf', ''].map((valuenum, k) =>
      ({subject_id: 1001, charttime: at(k), itemid: 220045, valuenum, value: valuenum}));
    const query = "SELECT * FROM measurements WHERE quantity = 'heart_rate'";
    assert.deepEqual(await rowsWith('icu/chartevents', charts, query), []);
    const urine = ['NaN', 'inf', ''].map((value, k) => ({subject_id: 1001, charttime: at(k), itemid: 226559, value}));
    assert.deepEqual(await rowsWith('icu/outputevents', urine, 'SELECT * FROM outputs'), []);
  });

  it('inspired oxygen: fractions above 0.2 up to 1 become per cent, 20 to 100 stay, the rest is left out', async () => {
    const cases = [[0.2, null], [0.21, 21], [1, 100], [1.01, null], [19.9, null], [20, 20], [100, 100], [100.1, null]];
    const rows = cases.map(([valuenum], k) =>
      ({subject_id: 1001, charttime: at(k), itemid: 223835, valuenum: valuenum!, value: valuenum!}));
    const query = `SELECT "value" FROM measurements
      WHERE quantity = 'fio2' AND "time" < TIMESTAMP '2152-03-01 12:00:00' ORDER BY "time"`;
    assert.deepEqual(await rowsWith('icu/chartevents', rows, query),
      cases.filter(([, expected]) => expected !== null).map(([, expected]) => [expected]));
  });

  it('limits: ends included, what lies outside left out', async () => {
    const cases: [item: number, value: number, kept: boolean][] = [
      [220052, 299.999, true], [220052, 300, false], [220052, 0.1, true], [220052, 0, false], [220052, -23, false],
      [226730, 120, true], [226730, 119.9, false], [226730, 230, true], [226730, 230.1, false],
      [226707, 90, true], [226707, 91, false], [220739, 4, true], [220739, 5, false], [223900, 0, true],
    ];
    const rows = cases.map(([itemid, value], k) =>
      ({subject_id: 1001, charttime: at(0, k), itemid, value, valuenum: value}));
    const found = await rowsWith('icu/chartevents', rows, `SELECT minute("time") FROM measurements
      WHERE "time" < TIMESTAMP '2152-03-01 12:00:00' ORDER BY 1`);
    assert.deepEqual(found.flat(), cases.flatMap(([,, kept], k) => (kept ? [k] : [])));
  });

  /** Stretches of ventilation in hours, from what was charted in [hour, item, text, minutes until it was stored]. */
  async function ventilated(charted: readonly [number, number, string, number?][]): Promise<number[][]> {
    const rows = charted.map(([hour, itemid, value, later = 0]) => ({
      subject_id: 1001, stay_id: 3001, charttime: at(0, 60 * hour), storetime: at(0, 60 * hour + later), itemid,
      value,
    }));
    const found = await rowsWith('icu/chartevents', rows, 'SELECT "start", stop FROM ventilation ORDER BY 1');
    return found.map(row => row.map(hoursOf));
  }
  const [DEVICE, MODE, HAMILTON] = [226732, 223849, 229314];

  it('ventilation: until something else is charted; a tracheostomy, a mask or oxygen ends it', async () => {
    for (const [item, text] of [[DEVICE, 'Tracheostomy tube'], [DEVICE, 'Trach mask '], [DEVICE, 'Bipap mask '],
      [DEVICE, 'High flow nasal cannula'], [DEVICE, 'None'], [HAMILTON, 'NIV']] as const) {
      assert.deepEqual(await ventilated([
        [1, MODE, 'CMV/ASSIST'], [3, HAMILTON, 'ASV'], [5, DEVICE, 'Endotracheal tube'], [8, item, text],
        [9, DEVICE, 'Endotracheal tube'],
      ]), [[1, 8]], text);
    }
  });

  it('ventilation: words that say nothing neither end nor prolong it', async () => {
    assert.deepEqual(await ventilated([
      [1, MODE, 'SIMV'], [2, MODE, 'Standby'], [4, MODE, 'SIMV'], [6, DEVICE, 'T-piece'],
    ]), [[1, 4]]);
  });

  it('ventilation: 14 hours without a word end it at the last, a minute less does not', async () => {
    assert.deepEqual(await ventilated([[1, MODE, 'SIMV'], [2, MODE, 'SIMV'], [16, MODE, 'SIMV'], [17, MODE, 'SIMV']]),
      [[1, 2], [16, 17]]);
    assert.deepEqual(await ventilated([[1, MODE, 'SIMV'], [2, MODE, 'SIMV'], [15, MODE, 'SIMV'], [17, MODE, 'SIMV']]),
      [[1, 17]]);
    assert.deepEqual(await ventilated([[1, MODE, 'SIMV'], [2, MODE, 'SIMV'], [15.5, DEVICE, 'None']]), [[1, 15.5]]);
    assert.deepEqual(await ventilated([[1, MODE, 'SIMV'], [2, MODE, 'SIMV'], [16, DEVICE, 'None']]), [[1, 2]]);
  });

  it('ventilation: of devices of one time the one stored last counts; any mode that is invasive outweighs a mask',
    async () => {
    const [tube, mask] = ['Endotracheal tube', 'Face tent'];
    const one = (first: number, second: number) =>
      ventilated([[1, DEVICE, tube, first], [1, DEVICE, mask, second], [2, DEVICE, tube], [4, DEVICE, mask]]);
    assert.deepEqual(await one(5, 1), [[1, 4]]);
    assert.deepEqual(await one(1, 5), []);
    const both = await ventilated([[1, DEVICE, 'Bipap mask'], [1, MODE, 'PRVC/AC'], [2, MODE, 'PRVC/AC']]);
    assert.deepEqual(both, [[1, 2]]);
  });

  it('arterial gases: any kind of specimen that begins so, of the same specimen only', async () => {
    const gas = (specimen_id: number, valuenum: number, kind?: string): Cells[] => [
      {subject_id: 1001, specimen_id, itemid: 50821, charttime: at(specimen_id), valuenum, value: valuenum},
      ...(kind ? [{subject_id: 1001, specimen_id, itemid: 52033, charttime: at(specimen_id), value: kind}] : []),
    ];
    const rows = [gas(1, 81, 'ART.'), gas(2, 42, 'VEN.'), gas(3, 43, 'MIX.'), gas(4, 84, 'art'), gas(5, 55)].flat();
    const query = `SELECT "value" FROM measurements WHERE quantity = 'pao2' ORDER BY "time"`;
    assert.deepEqual(await rowsWith('hosp/labevents', rows, query), [[81], [84]]);
  });

  it('doses of the record of administration: what was given or begun, no other word', async () => {
    const words = {
      'Administered': true, 'Administered in Other Location': true, 'Delayed Administered': true, 'Started': true,
      'Delayed Started': true, 'Partial Administered': true, 'Not Given': false, 'Stopped': false, 'Hold Dose': false,
      'Delayed': false, 'Flushed': false, 'Not Started': false, 'Delayed Not Confirmed': false, '': false,
    };
    const rows = Object.keys(words).map((event_txt, k) =>
      ({subject_id: 1001, charttime: at(0, k), medication: 'Meropenem', event_txt}));
    const found = await rowsWith('hosp/emar', rows, `SELECT minute("time") FROM doses
      WHERE drug = 'Meropenem' ORDER BY 1`);
    assert.deepEqual(found.flat(), Object.values(words).flatMap((given, k) => (given ? [k] : [])));
  });
});
