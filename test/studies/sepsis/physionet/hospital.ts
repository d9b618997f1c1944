import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';

/** Cells of one row by column; what is not given is empty. */
export type Cells = Readonly<Record<string, string | number>>;

/** Releases whose files are imitated. */
export type Release = '2.2' | '3.1';

const common = {
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
  'icu/chartevents': 'subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valuenum,valueuom,'
    + 'warning',
  'icu/inputevents': 'subject_id,hadm_id,stay_id,caregiver_id,starttime,endtime,storetime,itemid,amount,amountuom,rate,'
    + 'rateuom,orderid,linkorderid,ordercategoryname,secondaryordercategoryname,ordercomponenttypedescription,'
    + 'ordercategorydescription,patientweight,totalamount,totalamountuom,isopenbag,continueinnextdept,'
    + 'statusdescription,originalamount,originalrate',
  'icu/outputevents': 'subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valueuom',
} as const;

const procedures = 'subject_id,hadm_id,stay_id,caregiver_id,starttime,endtime,storetime,itemid,value,valueuom,location,'
  + 'locationcategory,orderid,linkorderid,ordercategoryname,ordercategorydescription,patientweight,isopenbag,'
  + 'continueinnextdept,statusdescription,';

/** Header lines of the two releases: in the older some columns of one file were in capitals. */
export const headers: Readonly<Record<Release, Readonly<Record<string, string>>>> = {
  '2.2': {...common, 'icu/procedureevents': `${procedures}ORIGINALAMOUNT,ORIGINALRATE`},
  '3.1': {...common, 'icu/procedureevents': `${procedures}originalamount,originalrate`},
};

/** A small hospital that was never there, by file. Three patients; the third was never in intensive care. */
export const hospital: Readonly<Record<string, readonly Cells[]>> = {
  'hosp/patients': [
    {subject_id: 1001, gender: 'M', anchor_age: 60, anchor_year: 2150, anchor_year_group: '2014 - 2016'},
    {subject_id: 1002, gender: 'F', anchor_age: 71, anchor_year: 2160, anchor_year_group: '2017 - 2019'},
    {subject_id: 1003, gender: 'F', anchor_age: 33, anchor_year: 2170, anchor_year_group: '2017 - 2019'},
  ],
  'hosp/admissions': [
    {subject_id: 1001, hadm_id: 2001, admittime: '2152-03-01 10:00:00', hospital_expire_flag: 0},
    {subject_id: 1002, hadm_id: 2002, admittime: '2160-05-05 09:00:00', hospital_expire_flag: 1},
    {subject_id: 1003, hadm_id: 2003, admittime: '2170-05-05 09:00:00', hospital_expire_flag: 0},
  ],
  'icu/icustays': [
    {subject_id: 1001, hadm_id: 2001, stay_id: 3001, intime: '2152-03-01 12:00:00', outtime: '2152-03-04 12:00:00'},
    // By the clocks this stay begins before its admission.
    {subject_id: 1002, hadm_id: 2002, stay_id: 3002, intime: '2160-05-05 08:00:00', outtime: '2160-05-07 08:00:00'},
    // Neither of these lasts.
    {subject_id: 1002, hadm_id: 2002, stay_id: 3003, intime: '2160-05-09 08:00:00', outtime: '2160-05-09 07:00:00'},
    {subject_id: 1002, hadm_id: 2002, stay_id: 3004, intime: '2160-05-10 08:00:00'},
  ],
  'icu/d_items': [
    {itemid: 225798, label: 'Vancomycin', linksto: 'inputevents'},
    {itemid: 225851, label: 'Cefepime', linksto: 'inputevents'},
    {itemid: 221906, label: 'Norepinephrine', linksto: 'inputevents'},
    {itemid: 220045, label: 'Heart Rate', linksto: 'chartevents'},
    {itemid: 229999, label: 'Vancomycin level', linksto: 'chartevents'},
  ],
  'hosp/labevents': [
    lab(1001, 51265, '2152-03-01 13:00:00', 140), lab(1001, 50912, '2152-03-01 13:00:00', 1.4),
    // Out of limits, without a number, of another item, of no stay in intensive care.
    lab(1001, 51265, '2152-03-01 14:00:00', 20000), lab(1001, 50912, '2152-03-01 15:00:00', ''),
    lab(1001, 59999, '2152-03-01 13:00:00', 7), lab(1003, 50912, '2170-05-05 10:00:00', 3.3),
    // An arterial gas with a fraction of oxygen, a venous one with a per cent, one of a kind not said.
    {...lab(1001, 52033, '2152-03-01 16:00:00', ''), specimen_id: 71, value: 'ART.'},
    {...lab(1001, 50821, '2152-03-01 16:00:00', 88), specimen_id: 71},
    {...lab(1001, 50816, '2152-03-01 16:00:00', 0.5), specimen_id: 71},
    {...lab(1001, 52033, '2152-03-01 17:00:00', ''), specimen_id: 72, value: 'VEN.'},
    {...lab(1001, 50821, '2152-03-01 17:00:00', 41), specimen_id: 72},
    {...lab(1001, 50816, '2152-03-01 17:00:00', 40), specimen_id: 72},
    {...lab(1001, 50821, '2152-03-01 18:00:00', 77), specimen_id: 73},
    // A flow of oxygen in the place of its fraction.
    {...lab(1001, 50816, '2152-03-01 18:00:00', 6), specimen_id: 73},
    {...lab(1002, 50885, '2160-05-05 10:00:00', 2.5), comments: 'a comment, with "quotes"\nand a second line'},
  ],
  'icu/chartevents': [
    chart(1001, 220045, '2152-03-01 13:00:00', 90), chart(1001, 220052, '2152-03-01 13:00:00', 65),
    chart(1001, 220052, '2152-03-01 14:00:00', -23), chart(1001, 220045, '2152-03-01 14:00:00', 0),
    chart(1001, 220277, '2152-03-01 13:00:00', 97),
    chart(1001, 220224, '2152-03-01 16:00:00', 89),
    chart(1001, 223835, '2152-03-01 15:00:00', 0.6), chart(1001, 223835, '2152-03-01 15:30:00', 55),
    chart(1001, 223835, '2152-03-01 15:40:00', 4),
    {...chart(1001, 223900, '2152-03-01 13:00:00', 1), value: 'No Response-ETT'},
    {...chart(1001, 223900, '2152-03-01 14:00:00', 1), value: 'No Response'},
    {...chart(1001, 220739, '2152-03-01 14:00:00', 3), value: 'To Speech'},
    chart(1001, 226707, '2152-03-01 12:30:00', 70), chart(1002, 226730, '2160-05-05 09:00:00', 40),
    chart(1002, 224639, '2160-05-05 09:00:00', 80.5),
    // Ventilated from 13:00; at 15:00 the later of two devices counts; oxygen by mask from 18:00 ends it.
    mode(1001, '2152-03-01 13:00:00', 'CMV/ASSIST'),
    device(1001, '2152-03-01 15:00:00', 'Nasal cannula', '2152-03-01 15:01:00'),
    device(1001, '2152-03-01 15:00:00', 'Endotracheal tube', '2152-03-01 15:02:00'),
    device(1001, '2152-03-01 18:00:00', 'Face tent', '2152-03-01 18:00:00'),
    // Again, charted twice, and not for 14 hours; then once only, which is no stretch.
    mode(1001, '2152-03-02 06:00:00', 'SIMV'), mode(1001, '2152-03-02 08:00:00', 'SIMV'),
    mode(1001, '2152-03-02 22:00:00', 'SIMV'),
    // Words that say nothing.
    mode(1002, '2160-05-05 10:00:00', 'Standby'), mode(1002, '2160-05-05 11:00:00', 'Standby'),
  ],
  'icu/inputevents': [
    infusion('2152-03-01 13:00:00', '2152-03-01 14:00:00', 221906, 0.1, 'mcg/kg/min'),
    infusion('2152-03-01 14:00:00', '2152-03-01 15:00:00', 221906, 0.2, 'mg/kg/min', 1),
    infusion('2152-03-01 15:00:00', '2152-03-01 16:00:00', 221749, 160, 'mcg/min', 80),
    infusion('2152-03-01 16:00:00', '2152-03-01 17:00:00', 222315, 2.4, 'units/hour'),
    infusion('2152-03-01 17:00:00', '2152-03-01 18:00:00', 222315, 0.03, 'units/min'),
    infusion('2152-03-01 18:00:00', '2152-03-01 19:00:00', 221289, 5, 'drops/min'),
    infusion('2152-03-01 19:00:00', '2152-03-01 20:00:00', 221289, 8, 'mcg/min', 1),
    // An injection, an end before the start, saline.
    infusion('2152-03-01 20:00:00', '2152-03-01 20:01:00', 221289, '', ''),
    infusion('2152-03-01 21:00:00', '2152-03-01 20:00:00', 221906, 0.1, 'mcg/kg/min'),
    infusion('2152-03-01 21:00:00', '2152-03-01 22:00:00', 225158, 100, 'mL/hour'),
    infusion('2152-03-02 09:00:00', '2152-03-02 09:01:00', 225798, '', ''),
    infusion('2152-03-02 10:00:00', '2152-03-02 10:01:00', 225851, '', ''),
  ],
  'icu/outputevents': [
    {subject_id: 1001, stay_id: 3001, charttime: '2152-03-01 14:00:00', itemid: 226559, value: 120},
    {subject_id: 1001, stay_id: 3001, charttime: '2152-03-01 15:00:00', itemid: 227488, value: 200},
    {subject_id: 1001, stay_id: 3001, charttime: '2152-03-01 16:00:00', itemid: 227489, value: 260},
    {subject_id: 1001, stay_id: 3001, charttime: '2152-03-01 16:00:00', itemid: 226588, value: 999},
  ],
  'icu/procedureevents': [
    {subject_id: 1001, starttime: '2152-03-01 12:40:00', endtime: '2152-03-01 17:50:00', itemid: 225792},
    {subject_id: 1001, starttime: '2152-03-01 12:40:00', endtime: '2152-03-01 17:50:00', itemid: 225794},
  ],
  'hosp/microbiologyevents': [
    culture(81, '2152-03-01 00:00:00', '2152-03-01 11:00:00', 'BLOOD CULTURE', 'ESCHERICHIA COLI'),
    culture(81, '2152-03-01 00:00:00', '2152-03-01 11:00:00', 'BLOOD CULTURE', 'YEAST'),
    culture(82, '2152-03-02 00:00:00', '', 'URINE', ''),
    {...culture(83, '2170-05-05 00:00:00', '', 'URINE', ''), subject_id: 1003},
  ],
  'hosp/prescriptions': [
    order('2152-03-01 12:00:00', '2152-03-03 12:00:00', 'Vancomycin', 'IV'),
    order('2152-03-01 12:00:00', '', 'CeftriaXONE, in a bag', 'IV'),
    {...order('2152-03-01 12:00:00', '2152-03-02 12:00:00', 'Iso-Osmotic Vancomycin bag', 'IV'), drug_type: 'BASE'},
    order('2152-03-01 12:00:00', '2152-03-01 11:00:00', 'Vancomycin', 'IV'),
    order('2152-03-01 12:00:00', '2152-03-03 12:00:00', 'Furosemide', 'IV'),
    {...order('2170-05-05 12:00:00', '2170-05-06 12:00:00', 'Vancomycin', 'IV'), subject_id: 1003},
  ],
  'hosp/emar': [
    {subject_id: 1001, charttime: '2152-03-02 09:02:00', medication: 'Vancomycin', event_txt: 'Administered'},
    {subject_id: 1001, charttime: '2152-03-02 21:00:00', medication: 'Vancomycin', event_txt: 'Not Given'},
    {subject_id: 1001, charttime: '2152-03-02 22:00:00', medication: 'CefTRIAXone', event_txt: 'Delayed Administered '},
    {subject_id: 1001, charttime: '2152-03-02 22:00:00', medication: 'Furosemide', event_txt: 'Administered'},
    {subject_id: 1003, charttime: '2170-05-05 22:00:00', medication: 'Vancomycin', event_txt: 'Administered'},
  ],
};

function lab(subject_id: number, itemid: number, charttime: string, valuenum: number | ''): Cells {
  return {subject_id, itemid, charttime, valuenum, specimen_id: 70, value: valuenum, storetime: charttime};
}

function chart(subject_id: number, itemid: number, charttime: string, valuenum: number): Cells {
  return {
    subject_id, stay_id: subject_id + 2000, itemid, charttime, storetime: charttime, value: valuenum, valuenum,
    warning: 0,
  };
}

function mode(subject_id: number, charttime: string, value: string): Cells {
  return {subject_id, stay_id: subject_id + 2000, itemid: 223849, charttime, storetime: charttime, value};
}

function device(subject_id: number, charttime: string, value: string, storetime: string): Cells {
  return {subject_id, stay_id: subject_id + 2000, itemid: 226732, charttime, storetime, value};
}

function infusion(starttime: string, endtime: string, itemid: number, ...rate: (string | number)[]): Cells {
  return {subject_id: 1001, starttime, endtime, itemid, rate: rate[0], rateuom: rate[1], patientweight: rate[2] ?? 82};
}

function culture(micro_specimen_id: number, chartdate: string, charttime: string, ...kind: string[]): Cells {
  return {
    subject_id: 1001, hadm_id: 2001, micro_specimen_id, chartdate, charttime, spec_type_desc: kind[0],
    org_name: kind[1],
  };
}

function order(starttime: string, stoptime: string, drug: string, route: string): Cells {
  return {subject_id: 1001, hadm_id: 2001, starttime, stoptime, drug_type: 'MAIN', drug, route};
}

/** The text of one file. */
export function csvText(header: string, rows: readonly Cells[]): string {
  const names = header.split(','), lower = names.map(name => name.toLowerCase());
  const cell = (value: string | number | undefined) => {
    const text = String(value ?? '');
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${header}\n${rows.map(row => `${lower.map(name => cell(row[name])).join(',')}\n`).join('')}`;
}

/** Writes a hospital as PhysioNet would ship it. */
export function writeHospital(
  folder: string, release: Release = '2.2', files: Readonly<Record<string, readonly Cells[]>> = hospital,
): void {
  for (const module of ['hosp', 'icu']) mkdirSync(join(folder, module), {recursive: true});
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.csv.gz`), gzipSync(csvText(headers[release][name], rows)));
  }
}
