import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {openDatabase, type Database} from '../../../data/database';
import {expect} from '../../../errors';
import {quantities, type Quantity} from '../quantities';
import {vasoactiveItems} from '../sources/items';
import {fillFromWard} from './fill';
import type {Ward} from './simulatedWard';

const CHARTED = 'subject_id,hadm_id,stay_id,caregiver_id,';
const ORDERED = 'orderid,linkorderid,ordercategoryname,';
const ENDED = 'isopenbag,continueinnextdept,statusdescription,';

/** Files of MIMIC-IV 2.2 that are written, by module and name, with their columns in PhysioNet's order. */
const FILES: Readonly<Record<string, string>> = Object.freeze({
  'hosp/patients': 'subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod',
  'hosp/admissions': 'subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admit_provider_id,'
    + 'admission_location,discharge_location,insurance,language,marital_status,race,edregtime,edouttime,'
    + 'hospital_expire_flag',
  'hosp/labevents': 'labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,'
    + 'valuenum,valueuom,ref_range_lower,ref_range_upper,flag,priority,comments',
  'hosp/microbiologyevents': 'microevent_id,subject_id,hadm_id,micro_specimen_id,order_provider_id,chartdate,charttime,'
    + 'spec_itemid,spec_type_desc,test_seq,storedate,storetime,test_itemid,test_name,org_itemid,org_name,isolate_num,'
    + 'quantity,ab_itemid,ab_name,dilution_text,dilution_comparison,dilution_value,interpretation,comments',
  'hosp/prescriptions': 'subject_id,hadm_id,pharmacy_id,poe_id,poe_seq,order_provider_id,starttime,stoptime,drug_type,'
    + 'drug,formulary_drug_cd,gsn,ndc,prod_strength,form_rx,dose_val_rx,dose_unit_rx,form_val_disp,form_unit_disp,'
    + 'doses_per_24_hrs,route',
  'hosp/emar': 'subject_id,hadm_id,emar_id,emar_seq,poe_id,pharmacy_id,enter_provider_id,charttime,medication,'
    + 'event_txt,scheduletime,storetime',
  'icu/icustays': 'subject_id,hadm_id,stay_id,first_careunit,last_careunit,intime,outtime,los',
  'icu/d_items': 'itemid,label,abbreviation,linksto,category,unitname,param_type,lownormalvalue,highnormalvalue',
  'icu/chartevents': `${CHARTED}charttime,storetime,itemid,value,valuenum,valueuom,warning`,
  'icu/inputevents': `${CHARTED}starttime,endtime,storetime,itemid,amount,amountuom,rate,rateuom,${ORDERED}`
    + 'secondaryordercategoryname,ordercomponenttypedescription,ordercategorydescription,patientweight,totalamount,'
    + `totalamountuom,${ENDED}originalamount,originalrate`,
  'icu/outputevents': `${CHARTED}charttime,storetime,itemid,value,valueuom`,
  'icu/procedureevents': `${CHARTED}starttime,endtime,storetime,itemid,value,valueuom,location,locationcategory,`
    + `${ORDERED}ordercategorydescription,patientweight,${ENDED}ORIGINALAMOUNT,ORIGINALRATE`,
});

/** Antibiotics whose doses stand among the infusions of intensive care, under their item; the others elsewhere. */
const DOSED = Object.freeze([
  {drug: 'Vancomycin', item: 225798}, {drug: 'Piperacillin-Tazobactam', item: 225892},
]);

/**
 * Writes a ward as files in the layout of MIMIC-IV 2.2, `hosp/*.csv.gz` and `icu/*.csv.gz`, as PhysioNet ships them:
 * all their columns, values under their items, among them some that must not be read. Whether a diagnosis of infection
 * stands on record is lost, as diagnoses are not among these files.
 * @param folder is made where it is missing; files of these names in it are replaced
 * @returns paths of the files
 * @throws Error of the engine when the folder cannot be written
 */
export async function writeWardAsMimic(ward: Pick<Ward, 'tables'>, folder: string): Promise<string[]> {
  expect(typeof folder === 'string' && folder !== '', {
    fn: 'writeWardAsMimic', argument: 'folder', expected: 'the name of a folder', received: folder,
  });
  const database = await openDatabase();
  try {
    await fillFromWard(database, ward);
    await createItems(database);
    await database.run(sql('placed'));
    const paths: string[] = [];
    for (const [name, columns] of Object.entries(FILES)) paths.push(await writeFile(database, folder, name, columns));
    return paths;
  } finally {
    database.close();
  }
}

const sql = (name: string): string => readFileSync(join(__dirname, 'mimic', `${name}.sql`), 'utf8');

async function writeFile(database: Database, folder: string, name: string, columns: string): Promise<string> {
  const [module, table] = name.split('/'), path = join(folder, `${name}.csv.gz`);
  mkdirSync(join(folder, module), {recursive: true});
  const typed = columns.split(',').map(column => `"${column}" VARCHAR`).join(', ');
  await database.run(`CREATE TABLE file (${typed}); INSERT INTO file BY NAME ${sql(table)}`);
  await database.run(`COPY file TO '${path.replaceAll("'", "''")}' (FORMAT csv, HEADER, COMPRESSION gzip)`);
  await database.run('DROP TABLE file');
  return path;
}

/** Items by which the files name quantities and drugs. */
async function createItems(database: Database): Promise<void> {
  const listed = Object.entries<Quantity>(quantities).flatMap(([quantity, {unit, items}]) => [
    ...(items.labs ?? []).slice(0, 1).map(item => ({quantity, place: 'lab', item, unit})),
    ...(items.charts ?? []).slice(0, 1).map(item => ({quantity, place: 'chart', item, unit})),
  ]);
  await database.run('CREATE TABLE quantity_items (quantity VARCHAR, place VARCHAR, item INTEGER, unit VARCHAR)');
  await database.insert('quantity_items', columnsOf(listed));
  const pressors = Object.entries(vasoactiveItems).map(([item, drug]) => ({drug, item: Number(item)}));
  for (const [table, rows] of [['pressor_items', pressors], ['dose_items', DOSED]] as const) {
    await database.run(`CREATE TABLE ${table} (drug VARCHAR, item INTEGER)`);
    await database.insert(table, columnsOf(rows));
  }
}

function columnsOf<Row extends Readonly<Record<string, string | number>>>(rows: readonly Row[]) {
  return Object.fromEntries(Object.keys(rows[0]).map(name => [name, rows.map(row => row[name])]));
}
