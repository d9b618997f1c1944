import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import {openDatabase, type SqlValue} from '../../../../lib/data/database';
import {fillFromMimic, loadMimic, sepsisViews, type FillFromMimicOptions} from '../../../../lib/studies/sepsis';
import {csvText, headers, hospital, writeHospital, type Release} from './hospital';

/** Rows of all views in an order of their own; times as texts, numbers to 12 digits. */
async function viewsOf(folder: string, options: FillFromMimicOptions = {}): Promise<Record<string, SqlValue[][]>> {
  const database = await openDatabase();
  try {
    await fillFromMimic(database, {folder, ...options});
    const found: Record<string, SqlValue[][]> = {};
    for (const view of Object.keys(sepsisViews)) {
      const rows = await database.rows(`SELECT * FROM ${view} ORDER BY ALL`);
      found[view] = rows.map(row => Object.values(row).map(plain));
    }
    return found;
  } finally {
    database.close();
  }
}

function plain(value: SqlValue): SqlValue {
  if (value instanceof Date) return value.toISOString().slice(0, 16);
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value;
}

const day = '2152-03-01T';

/** What the small hospital must become. */
const expected = {
  stays: [
    [3001, 1001, '1001', 2001, `${day}10:00`, `${day}12:00`, '2152-03-04T12:00', 62, true, false, null],
    [3002, 1002, '1002', 2002, '2160-05-05T08:00', '2160-05-05T08:00', '2160-05-07T08:00', 71, false, true, null],
  ],
  measurements: [
    [1001, `${day}12:30`, 'height', 177.8],
    [1001, `${day}13:00`, 'creatinine', 1.4], [1001, `${day}13:00`, 'gcs_verbal', 0],
    [1001, `${day}13:00`, 'heart_rate', 90], [1001, `${day}13:00`, 'map', 65], [1001, `${day}13:00`, 'platelets', 140],
    [1001, `${day}14:00`, 'gcs_eye', 3], [1001, `${day}14:00`, 'gcs_verbal', 1],
    [1001, `${day}15:00`, 'fio2', 60], [1001, `${day}15:30`, 'fio2', 55],
    [1001, `${day}16:00`, 'fio2', 50], [1001, `${day}16:00`, 'pao2', 88],
    [1001, `${day}17:00`, 'fio2', 40],
    [1002, '2160-05-05T09:00', 'weight', 80.5], [1002, '2160-05-05T10:00', 'bilirubin', 2.5],
  ],
  infusions: [
    [1001, `${day}13:00`, `${day}14:00`, 'norepinephrine', 0.1],
    [1001, `${day}14:00`, `${day}15:00`, 'norepinephrine', 0.2],
    [1001, `${day}15:00`, `${day}16:00`, 'phenylephrine', 2],
    [1001, `${day}16:00`, `${day}17:00`, 'vasopressin', 0.04],
    [1001, `${day}17:00`, `${day}18:00`, 'vasopressin', 0.03],
    [1001, `${day}18:00`, `${day}19:00`, 'epinephrine', null],
    [1001, `${day}19:00`, `${day}20:00`, 'epinephrine', null],
  ],
  outputs: [[1001, `${day}14:00`, 120], [1001, `${day}15:00`, -200], [1001, `${day}16:00`, 260]],
  ventilation: [
    [1001, `${day}13:00`, `${day}18:00`], [1001, '2152-03-02T06:00', '2152-03-02T08:00'],
  ],
  cultures: [
    [1001, 2001, `${day}11:00`, true, 'BLOOD CULTURE'], [1001, 2001, '2152-03-02T00:00', false, 'URINE'],
  ],
  orders: [
    [1001, 2001, `${day}12:00`, `${day}11:00`, 'Vancomycin', 'IV', 'MAIN'],
    [1001, 2001, `${day}12:00`, '2152-03-02T12:00', 'Iso-Osmotic Vancomycin bag', 'IV', 'BASE'],
    [1001, 2001, `${day}12:00`, '2152-03-03T12:00', 'Vancomycin', 'IV', 'MAIN'],
    [1001, 2001, `${day}12:00`, null, 'CeftriaXONE, in a bag', 'IV', 'MAIN'],
  ],
  doses: [
    [1001, '2152-03-02T09:00', 'Vancomycin'], [1001, '2152-03-02T09:02', 'Vancomycin'],
    [1001, '2152-03-02T10:00', 'Cefepime'], [1001, '2152-03-02T22:00', 'CefTRIAXone'],
  ],
};

describe('MIMIC-IV in the layout of PhysioNet', function () {
  this.timeout(240_000);
  let root: string, from: string, to: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "obsnode a reader's [100%] hospital "));
    [from, to] = [join(root, 'mimic *'), join(root, 'out')];
  });
  afterEach(() => rmSync(root, {recursive: true}));
  const file = (name: string) => join(from, `${name}.csv.gz`);

  for (const release of ['2.2', '3.1'] as Release[]) {
    it(`of release ${release} becomes the views, row by row`, async () => {
      writeHospital(from, release);
      const loaded = await loadMimic({from, to});
      assert.deepEqual([loaded.read.length, loaded.kept.length], [12, 0]);
      assert.deepEqual(await viewsOf(to), expected);
    });
  }

  it('fills other rows by other rules', async () => {
    writeHospital(from);
    await loadMimic({from, to});
    const changed = await viewsOf(to, {ventilation: 'procedure', gases: 'both'});
    assert.deepEqual(changed.ventilation, [[1001, `${day}12:40`, `${day}17:50`]]);
    const gases = (rows: readonly SqlValue[][]) => rows.filter(row => row[2] === 'pao2').map(row => row[3]);
    assert.deepEqual(gases(changed.measurements), [88, 89]);
    assert.deepEqual(gases((await viewsOf(to, {gases: 'charts'})).measurements), [89]);
  });

  it('may be unpacked, lie in many gzip members, and have lines that end as on Windows', async () => {
    writeHospital(from);
    for (const name of ['hosp/patients', 'icu/chartevents']) {
      writeFileSync(join(from, `${name}.csv`), gunzipSync(readFileSync(file(name))));
      rmSync(file(name));
    }
    const labs = gunzipSync(readFileSync(file('hosp/labevents')));
    const members = [0, 100, 333, 334].map((at, k, cuts) => gzipSync(labs.subarray(at, cuts[k + 1])));
    writeFileSync(file('hosp/labevents'), Buffer.concat(members));
    const orders = gunzipSync(readFileSync(file('hosp/prescriptions'))).toString();
    writeFileSync(file('hosp/prescriptions'), gzipSync(orders.replaceAll('\n', '\r\n')));
    await loadMimic({from, to});
    assert.deepEqual(await viewsOf(to), expected);
  });

  it('may have its columns in another order, and more of them', async () => {
    writeHospital(from);
    const header = `extra,${headers['2.2']['hosp/labevents'].split(',').reverse().join(',')}`;
    writeFileSync(file('hosp/labevents'), gzipSync(csvText(header, hospital['hosp/labevents'])));
    await loadMimic({from, to});
    assert.deepEqual(await viewsOf(to), expected);
  });

  it('may lack the record of administration and the dictionary of items, and the reader is told what that costs',
    async () => {
    writeHospital(from);
    for (const name of ['hosp/emar', 'icu/d_items']) rmSync(file(name));
    const told: string[] = [];
    await loadMimic({from, to, warn: text => told.push(text)});
    assert.deepEqual(told.map(text => text.split(' ')[0]), ['d_items', 'emar']);
    assert.deepEqual((await viewsOf(to)).doses, [[1001, '2152-03-02T09:00', 'Vancomycin']]);
  });

  it('is read once: the next run reads only what has changed, and what hangs on it', async () => {
    writeHospital(from);
    await loadMimic({from, to});
    assert.deepEqual((await loadMimic({from, to})).read, []);
    utimesSync(file('icu/outputevents'), 1e9, 1e9);
    rmSync(join(to, 'emar.parquet'));
    assert.deepEqual((await loadMimic({from, to})).read, ['outputevents', 'emar']);
    utimesSync(file('icu/icustays'), 1e9, 1e9);
    const {read} = await loadMimic({from, to});
    assert.deepEqual(read, ['icustays', 'labevents', 'microbiologyevents', 'prescriptions', 'emar']);
    // As if a rule had been another one in the run before.
    const path = join(to, 'manifest.json'), manifest = JSON.parse(readFileSync(path, 'utf8'));
    manifest.tables.chartevents.rules = 'an older one';
    writeFileSync(path, JSON.stringify(manifest));
    await assert.rejects(viewsOf(to), /rules of this version, also chartevents;.*npm run data/);
    assert.deepEqual((await loadMimic({from, to})).read, ['chartevents']);
    renameSync(file('hosp/emar'), join(from, 'hosp', 'elsewhere'));
    await loadMimic({from, to});
    assert.deepEqual((await viewsOf(to)).doses.length, 2);
  });

  it('leaves nothing beside the prepared tables', async () => {
    writeHospital(from);
    await loadMimic({from, to});
    const names = readdirSync(to).sort();
    assert.deepEqual(names.filter(name => !name.endsWith('.parquet')), ['NOTICE.txt', 'manifest.json']);
    assert.equal(names.length, 14);
    assert.match(readFileSync(join(to, 'NOTICE.txt'), 'utf8'), /Credentialed Health Data License[^]*not to be shared/);
    const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'));
    assert.equal(manifest.tables.chartevents.bytes, statSync(join(to, 'chartevents.parquet')).size);
  });

  it('is not taken for prepared where it is not', async () => {
    await assert.rejects(viewsOf(to), /fillFromMimic.*patients, admissions, icustays.*npm run data -- mimic-iv/);
  });
});
