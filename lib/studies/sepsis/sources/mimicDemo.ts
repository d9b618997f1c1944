import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {registeredFile, type LocateOptions} from '../../../data/registry';
import type {Database} from '../../../data/database';
import {antiInfectivePattern} from '../antibiotics';
import {quantities, type Quantity} from '../quantities';
import {createViews} from '../views';
import {antibioticItems, urineItems, vasoactiveItems, ventilationItem} from './items';

/** Tables of the demo with all their columns; those that are not numbers or times are read as text. */
const TABLES = Object.freeze({
  patients: 'subject_id BIGINT, gender, anchor_age INTEGER, anchor_year INTEGER, anchor_year_group, dod',
  admissions: 'subject_id BIGINT, hadm_id BIGINT, admittime TIMESTAMP, dischtime, deathtime, admission_type, '
    + 'admit_provider_id, admission_location, discharge_location, insurance, language, marital_status, race, '
    + 'edregtime, edouttime, hospital_expire_flag INTEGER',
  icustays: 'subject_id BIGINT, hadm_id BIGINT, stay_id BIGINT, first_careunit, last_careunit, intime TIMESTAMP, '
    + 'outtime TIMESTAMP, los',
  numeric_events: 'subject_id BIGINT, charttime TIMESTAMP, itemid INTEGER, uom, value DOUBLE',
  infusions: 'subject_id BIGINT, starttime TIMESTAMP, endtime TIMESTAMP, itemid INTEGER, rate DOUBLE, amount',
  outputs: 'subject_id BIGINT, stay_id, charttime TIMESTAMP, itemid INTEGER, ml DOUBLE',
  procedures: 'subject_id BIGINT, stay_id, starttime TIMESTAMP, endtime TIMESTAMP, itemid INTEGER',
  prescriptions: 'subject_id BIGINT, hadm_id BIGINT, pharmacy_id, poe_id, poe_seq, order_provider_id, starttime '
    + 'TIMESTAMP, stoptime TIMESTAMP, drug_type, drug, formulary_drug_cd, gsn, ndc, prod_strength, form_rx, '
    + 'dose_val_rx, dose_unit_rx, form_val_disp, form_unit_disp, doses_per_24_hrs, route',
  microbiologyevents: 'microevent_id, subject_id BIGINT, hadm_id BIGINT, micro_specimen_id BIGINT, order_provider_id, '
    + 'chartdate TIMESTAMP, charttime TIMESTAMP, spec_itemid, spec_type_desc, test_seq, storedate, storetime, '
    + 'test_itemid, test_name, org_itemid, org_name, isolate_num, quantity, ab_itemid, ab_name, dilution_text, '
    + 'dilution_comparison, dilution_value, interpretation, comments',
  antibiotic_admin: 'subject_id BIGINT, charttime TIMESTAMP, medication, emar_action',
});

/**
 * Fills the views from the demo of MIMIC-IV 2.2: 100 patients, 140 stays in intensive care. What its texts would tell
 * is replaced, as the head of `mimicDemo.sql` says. Creates the views first; other tables stay as they are.
 * @throws MissingDataError when the demo is not here; ArgumentError naming a file that is not the one registered
 */
export async function fillFromMimicDemo(database: Database, options: LocateOptions = {}): Promise<void> {
  const [folder] = Object.keys(TABLES).map(table => dirname(registeredFile('mimic_demo', `${table}.csv.gz`, options)));
  await fillFromMimicDemoFiles(database, folder);
}

/**
 * The same from any folder with files of that form, unchecked; for tests.
 * @internal
 */
export async function fillFromMimicDemoFiles(database: Database, folder: string): Promise<void> {
  await createViews(database);
  await database.run('CREATE OR REPLACE SCHEMA mimic_demo');
  for (const [table, columns] of Object.entries(TABLES)) {
    await database.run(`CREATE TABLE mimic_demo.${table} AS
      FROM read_csv(${text(join(folder, `${table}.csv.gz`))}, header = true, auto_detect = false, delim = ',',
        quote = '"', escape = '"', columns = {${columnTypes(columns)}})`);
  }
  await itemTable(database, 'item_quantities', quantityItems());
  await itemTable(database, 'item_drugs', named(vasoactiveItems));
  await itemTable(database, 'item_antibiotics', named(antibioticItems));
  await itemTable(database, 'item_urine', Object.entries(urineItems).map(([item, sign]) => `(${item}, ${sign})`));
  await database.run(`SET VARIABLE anti_infectives = ${text(antiInfectivePattern)};
    SET VARIABLE ventilation_item = ${ventilationItem}`);
  await database.run(readFileSync(join(__dirname, 'mimicDemo.sql'), 'utf8'));
  await database.run(
    'DROP SCHEMA mimic_demo CASCADE; RESET VARIABLE anti_infectives; RESET VARIABLE ventilation_item',
  );
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const columnTypes = (columns: string): string => columns.split(', ').map(column => {
  const [name, type = 'VARCHAR'] = column.split(' ');
  return `'${name}': '${type}'`;
}).join(', ');

const named = (items: Readonly<Record<number, string>>): string[] =>
  Object.entries(items).map(([item, name]) => `(${item}, ${text(name)})`);

/** Rows (item, quantity, factor, low, high). Of the laboratory's PaO2 the demo does not say whether it is arterial. */
function quantityItems(): string[] {
  return Object.entries<Quantity>(quantities).flatMap(([name, {items, factor = {}, limits: [low, high]}]) => {
    const labs = name === 'pao2' ? [] : items.labs ?? [];
    return [...labs, ...items.charts ?? []].map(item =>
      `(${item}, ${text(name)}, CAST(${factor[item] ?? 1} AS DOUBLE), CAST(${low} AS DOUBLE), CAST(${high} AS DOUBLE))`);
  });
}

const ITEM_COLUMNS = {
  item_quantities: 'item, quantity, factor, low, high', item_drugs: 'item, drug', item_antibiotics: 'item, drug',
  item_urine: 'item, sign',
};

async function itemTable(database: Database, name: keyof typeof ITEM_COLUMNS, rows: readonly string[]): Promise<void> {
  await database.run(`CREATE TABLE mimic_demo.${name} AS FROM (VALUES ${rows.join(', ')}) AS t(${ITEM_COLUMNS[name]})`);
}
