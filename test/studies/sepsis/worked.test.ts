import assert from 'node:assert/strict';
import {openDatabase, type Database} from '../../../lib/data/database';
import {
  deriveSepsis, sepsisRows, sepsisRules, sofaComponents, sofaRows, type SofaRow,
} from '../../../lib/studies/sepsis';
import {at, deriveInvented, type Invented} from './invented';
import {scoreByHand} from './byHand';

/*
 * Three invented patients, scored by hand. Hour h is (h - 1, h] after the arrival at 10 o'clock of 1 January. A line of
 * the tables below: hours from .. to, respiration, coagulation, liver, cardiovascular, cns, renal, SOFA; each component
 * is the worst of the hours h - 23 to h.
 */
type Line = readonly [from: number, to: number, respiration: number, coagulation: number, liver: number,
  cardiovascular: number, cns: number, renal: number, sofa: number];

function compare(rows: readonly SofaRow[], lines: readonly Line[]): void {
  const expected = lines.flatMap(([from, to, ...points]) =>
    Array.from({length: to - from + 1}, (_, k) => [from + k, ...points]));
  assert.deepEqual(
    rows.map(row => [row.hour, ...sofaComponents.map(name => row[`${name}_24h`]), row.sofa]), expected,
  );
}

/**
 * Pneumonia, brought from the ward. 30 hours, so hours 0 to 30.
 *
 * Before arrival, still within 24 hours of hour 0: platelets 140 at -3 (hour -3): 1 point, for hours -3 to 20.
 *   Bilirubin 2.5 at -24.5: that is hour -24, whose 24 hours end with hour -1: it never counts.
 * Coagulation again: platelets 95 at 4.5 (hour 5): 2 points, hours 5 to 28. Platelets 160 at 16: 0 points, hour 16 on.
 * Respiration: FiO2 40 % at 1. PaO2 92 at 2: 92 / 0.4 = 230, without ventilation: 2 points, hours 2 to 25.
 *   Ventilated from 6 to 20. FiO2 80 % at 6.5. PaO2 60 at 7.2: 60 / 0.8 = 75, ventilated: 4 points, hour 8, hours 8 to
 *   31. FiO2 50 % at 18. PaO2 95 at 22 (4 h after, still counts): 190, but the tube is out: 2 points.
 * Liver: nothing measured that counts: 0.
 * Cardiovascular: pressures 72 (hour 3), then 64 at 5.5 (hour 6): 1 point, hours 6 to 29.
 *   Norepinephrine 0.08 from 6.2 to 9: runs at the ends of hours 7, 8 and 9: 3 points; 0.15 from 9 to 10.5: it runs at
 *   the end of hour 10 only (not at 9, where it starts after; stopped at 10.5): 4 points, hours 10 to 33. So 3 points
 *   from hour 7 and 4 from hour 10 on.
 * CNS: 3 + 4 + 6 = 13 at 0.5 (hour 1): 1 point, hours 1 to 24. At 7, with the tube: eye 1, verbal 0, motor 1: 15, 0
 *   points. At 21 eye 3, verbal 5, motor 6 = 14 (the record of 7 is too old): 1 point, hours 21 to 44.
 * Renal: creatinine 1.9 at 3 (hour 3): 1, hours 3 to 26. Creatinine 2.0 at 12: 2 points, hours 12 to 35.
 *   Urine: 20 ml at each full hour from 1 to 30. Hour 23: hours 0 to 23 hold 23 records, 460 ml: 3 points. Hour 24:
 *   hours 1 to 24: 480 ml, 3. So 3 points from hour 23 on (hour 22: too early to tell).
 *
 * A culture at 1, vancomycin at 3 and cefepime at 5. The suspicion is at 1. SOFA of 2 first in hour 1 (coagulation 1,
 * CNS 1), within [-47, 25]: sepsis from 1 on.
 */
const pneumonia: Invented = {
  admitted: -30, arrived: 0, left: 30,
  measurements: [
    ['platelets', -3, 140], ['bilirubin', -24.5, 2.5], ['platelets', 4.5, 95], ['platelets', 16, 160],
    ['fio2', 1, 40], ['pao2', 2, 92], ['fio2', 6.5, 80], ['pao2', 7.2, 60], ['fio2', 18, 50], ['pao2', 22, 95],
    ['map', 2.5, 72], ['map', 5.5, 64],
    ['gcs_eye', 0.5, 3], ['gcs_verbal', 0.5, 4], ['gcs_motor', 0.5, 6],
    ['gcs_eye', 7, 1], ['gcs_verbal', 7, 0], ['gcs_motor', 7, 1],
    ['gcs_eye', 21, 3], ['gcs_verbal', 21, 5], ['gcs_motor', 21, 6],
    ['creatinine', 3, 1.9], ['creatinine', 12, 2],
  ],
  ventilation: [[6, 20]],
  infusions: [['norepinephrine', 6.2, 9, 0.08], ['norepinephrine', 9, 10.5, 0.15]],
  outputs: Array.from({length: 30}, (_, k) => [k + 1, 20] as const),
  cultures: [[1]], orders: [['Vancomycin', 3], ['CefePIME', 5]],
};

const pneumoniaHours: readonly Line[] = [
  // h     h  R  C  L  H  N  K  SOFA
  [0, 0, 0, 1, 0, 0, 0, 0, 1],     // platelets of the ward
  [1, 1, 0, 1, 0, 0, 1, 0, 2],     // GCS 13
  [2, 2, 2, 1, 0, 0, 1, 0, 4],     // PaO2 / FiO2 230
  [3, 4, 2, 1, 0, 0, 1, 1, 5],     // creatinine 1.9
  [5, 5, 2, 2, 0, 0, 1, 1, 6],     // platelets 95
  [6, 6, 2, 2, 0, 1, 1, 1, 7],     // pressure 64
  [7, 7, 2, 2, 0, 3, 1, 1, 9],     // norepinephrine 0.08
  [8, 9, 4, 2, 0, 3, 1, 1, 11],    // PaO2 / FiO2 75, ventilated
  [10, 11, 4, 2, 0, 4, 1, 1, 12],  // norepinephrine 0.15
  [12, 22, 4, 2, 0, 4, 1, 2, 13],  // creatinine 2.0
  [23, 28, 4, 2, 0, 4, 1, 3, 14],  // urine 460 ml and on; GCS 13 leaves in hour 25, but 14 of hour 21 stays
  [29, 30, 4, 0, 0, 4, 1, 3, 12],  // platelets 95 leave after hour 28: 160 are left
];

/**
 * After surgery: a liver that fails, no sepsis by mimic-code's rule. 26.5 hours, so hours 0 to 27.
 *
 * Liver: bilirubin 1.3 and 6.1 at one time, 2: the higher counts: 3 points, hours 2 to 25. Bilirubin 1.1 at 20: 0.
 * Cardiovascular: cuff 66 and artery 78 at 4: mean 72: 0 points. Dopamine 4 from 8 to 10: ends of hours 9 and 10: 2
 *   points, hours 9 to 33. Phenylephrine 2 all day: not graded.
 * CNS: eye 4 at 1 and nothing else: 4 + 5 + 6 = 15. Motor 5 at 6: eye and verbal are of the record at 1, 5 h before,
 *   which has eye 4: 4 + 5 + 5 = 14: 1 point, hours 6 to 29. Verbal 3 at 13: the record at 6 is 7 h old: 13: 1.
 * Renal: creatinine 5.0 at 26 (hour 26): 4 points. No urine charted: nothing to score.
 * Respiration: PaO2 70 at 3, oxygen charted at 3.5, after it: nothing to score.
 *
 * A culture known by its date, 2 January (from hour 14 on), and cefazolin at 13, 1 January: antibiotic first, on the
 * date before: suspicion at 13. SOFA is 3 from hour 2 on: sepsis. But cefazolin was ordered on route TP: not systemic,
 * no suspicion. Second order: cefazolin IV at 38, after the patient left at 26.5: not in the stay either; the culture
 * of 2 January is within three dates before it: the suspicion at 14 lies in the stay: sepsis by the wider rule.
 */
const surgery: Invented = {
  arrived: 0, left: 26.5,
  measurements: [
    ['bilirubin', 2, 1.3], ['bilirubin', 2, 6.1], ['bilirubin', 20, 1.1],
    ['map', 4, 66], ['map', 4, 78],
    ['gcs_eye', 1, 4], ['gcs_motor', 6, 5], ['gcs_verbal', 13, 3],
    ['creatinine', 26, 5], ['pao2', 3, 70], ['fio2', 3.5, 50],
  ],
  infusions: [['dopamine', 8, 10, 4], ['phenylephrine', 0, 24, 2]],
  cultures: [[14, false]], orders: [['CeFAZolin', 13, 'TP'], ['CeFAZolin', 38]],
};

const surgeryHours: readonly Line[] = [
  // h     h  R  C  L  H  N  K  SOFA
  [0, 1, 0, 0, 0, 0, 0, 0, 0],
  [2, 5, 0, 0, 3, 0, 0, 0, 3],     // bilirubin 6.1
  [6, 8, 0, 0, 3, 0, 1, 0, 4],     // GCS 14
  [9, 25, 0, 0, 3, 2, 1, 0, 6],    // dopamine 4
  [26, 27, 0, 0, 0, 2, 1, 4, 7],   // bilirubin 6.1 leaves after hour 25; creatinine 5.0
];

/**
 * Two suspicions: SOFA stands about the second only. 70 hours, so hours 0 to 70.
 *
 * Coagulation: platelets 45 at 60 (hour 60): 3 points, hours 60 to 70.
 * Cardiovascular: pressure 68 at 62.5 (hour 63): 1 point, hours 63 to 70. Epinephrine 0.1 from 64 to 64.9: at the
 *   end of no hour does it run (64 < 64 is false, 65 <= 64.9 is false): nothing.
 * Renal: urine 150 ml at 30, nothing else. Hours 30 to 53 have it in their 24 hours: below 200: 4 points, as the worst
 *   of 24 hours until hour 76. Hours 54 on have no record themselves.
 *
 * First suspicion: culture at -23, ceftriaxone at 4: at -23. SOFA in [-71, 1]: 0. Second: meropenem at 50, 73 h after
 * that culture; the next is of 51.5: antibiotic first: at 50. SOFA in [2, 74] is 4 in hour 30 already. Each suspicion
 * by itself: sepsis from 50 on, by SOFA of hour 30; the earliest alone: none.
 */
const twice: Invented = {
  arrived: 0, left: 70,
  measurements: [['platelets', 60, 45], ['map', 62.5, 68]],
  infusions: [['epinephrine', 64, 64.9, 0.1]],
  outputs: [[30, 150]],
  cultures: [[-23], [51.5]], orders: [['CefTRIAXone', 4], ['Meropenem', 50]],
};

const twiceHours: readonly Line[] = [
  // h     h  R  C  L  H  N  K  SOFA
  [0, 29, 0, 0, 0, 0, 0, 0, 0],
  [30, 59, 0, 0, 0, 0, 0, 4, 4],   // urine 150 ml
  [60, 62, 0, 3, 0, 0, 0, 4, 7],   // platelets 45
  [63, 70, 0, 3, 0, 1, 0, 4, 8],   // pressure 68
];

describe('three patients worked by hand', () => {
  let database: Database;
  before(async () => {
    database = await openDatabase({memory: 200});
    await deriveInvented(database, [pneumonia, surgery, twice]);
  });
  after(() => database.close());

  it('a pneumonia: hours', async () => compare(await sofaRows(database, 1), pneumoniaHours));
  it('a liver that fails: hours', async () => compare(await sofaRows(database, 2), surgeryHours));
  it('two suspicions: hours', async () => compare(await sofaRows(database, 3), twiceHours));

  it('points of an hour alone are missing without a measurement', async () => {
    const rows = await sofaRows(database, 1);
    assert.deepEqual(sofaComponents.map(name => rows[4][name]), [null, null, null, null, null, null]);
    assert.deepEqual(sofaComponents.map(name => rows[3][name]), [null, null, null, 0, null, 1]);
    assert.deepEqual(rows[4].ends, at(4));
  });

  it('sepsis by mimic-code', async () => {
    assert.deepEqual((await sepsisRows(database)).map(({stay, onset, sofa_hour: hour, sofa}) =>
      [stay, onset, hour, sofa]), [[1, at(1), 1, 2], [3, at(50), 30, 4]]);
    assert.deepEqual((await sepsisRows(database))[0], {
      stay: 1, onset: at(1), suspected: at(1), antibiotic: 'Vancomycin', antibiotic_time: at(3), culture: 'BLOOD 1',
      culture_time: at(1), sofa_hour: 1, sofa_time: at(1), sofa: 2, baseline: 0,
    });
  });

  it('sepsis by the wider rule', async () => {
    await deriveSepsis(database, sepsisRules('mimicCode', {changes: {place: 'suspicionNearStay'}}));
    assert.deepEqual((await sepsisRows(database)).map(({stay, onset}) => [stay, onset]),
      [[1, at(1)], [2, at(14)], [3, at(50)]]);
  });

  it('sepsis by the words of the paper: a rise of two over the lowest earlier', async () => {
    await deriveSepsis(database, sepsisRules('printed'));
    // 1: SOFA 1 in hour 0, so 3 is asked for: 4 in hour 2. 2: 0 in hour 0, 3 in hour 2. 3: 0, 4 in hour 30.
    assert.deepEqual((await sepsisRows(database)).map(({stay, onset, sofa_hour: hour, sofa, baseline}) =>
      [stay, onset, hour, sofa, baseline]), [[1, at(1), 2, 4, 1], [2, at(14), 2, 3, 0], [3, at(50), 30, 4, 0]]);
  });

  it('sepsis by the released program', async () => {
    await deriveSepsis(database, sepsisRules('released'));
    // 1: SOFA 2 in hour 1 (platelets, GCS). 2: a date is its midnight, 14; the next antibiotic after it is of 38:
    // suspicion at 14. Phenylephrine 2 is 0.2 of norepinephrine: 4 points in hour 0. 3: the earliest suspicion of the
    // admission is at -23, with no SOFA about it: none.
    assert.deepEqual((await sepsisRows(database)).map(({stay, onset, sofa_hour: hour}) => [stay, onset, hour]),
      [[1, at(1), 1], [2, at(14), 0]]);
  });

  it('the derivation without SQL agrees', async () => {
    const byHand = await scoreByHand(database);
    assert.deepEqual(byHand.map(({strict}) => strict), [at(1).getTime(), undefined, at(50).getTime()]);
    assert.deepEqual(byHand.map(({wide}) => wide), [at(1).getTime(), at(14).getTime(), at(50).getTime()]);
    await deriveSepsis(database);
    const rows = await sofaRows(database);
    assert.deepEqual(rows.map(({sofa}) => sofa), byHand.flatMap(({hours}) => hours.map(({sofa}) => sofa)));
  });
});
