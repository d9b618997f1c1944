import assert from 'node:assert/strict';
import {openDatabase, type Database} from '../../../lib/data/database';
import {sofaPoints, type QuantityName, type SofaComponent, type SepsisRules} from '../../../lib/studies/sepsis';
import {deriveInvented, type Invented} from './invented';

/** What is given, what it scores, and in which component. */
type Case = readonly [name: string, patient: Invented, component: SofaComponent, points: number | null];

const measured = (...list: readonly (readonly [QuantityName, number, number])[]): Invented => ({measurements: list});

/** One value half an hour into hour 1. */
const values = (quantity: QuantityName, component: SofaComponent, list: readonly (readonly [number, number])[]) =>
  list.map(([value, points]): Case => [`${quantity} ${value}`, measured([quantity, 0.5, value]), component, points]);

const infused = (list: readonly (readonly [string, number | null, number])[]): Case[] =>
  list.map(([drug, rate, points]) =>
    [`${drug} at ${rate}`, {infusions: [[drug, 0, 2, rate]]}, 'cardiovascular', points]);

/** PaO2 at 50 % oxygen, so that the ratio is twice as high. */
const gas = (pao2: number, points: number, ventilated: boolean): Case => [
  `PaO2 ${pao2} at 50 %, ${ventilated ? 'with' : 'without'} ventilation`,
  {...measured(['fio2', 0.2, 50], ['pao2', 0.5, pao2]), ventilation: ventilated ? [[0.5, 0.5]] : []},
  'respiration', points,
];

const coma = (eye: number, verbal: number, motor: number, points: number): Case => [
  `GCS ${eye} + ${verbal} + ${motor}`,
  measured(['gcs_eye', 0.5, eye], ['gcs_verbal', 0.5, verbal], ['gcs_motor', 0.5, motor]), 'cns', points,
];

/** Points of the component in one hour, hour 1 unless said, of each case under some rules. */
async function compare(database: Database, cases: readonly Case[], hour = 1, changes: Partial<SepsisRules> = {}) {
  await deriveInvented(database, cases.map(([, patient]) => patient), changes);
  const rows = await database.rows<Record<SofaComponent, number | null>>(
    'SELECT * FROM sofa WHERE hour = $hour ORDER BY stay', {hour},
  );
  assert.equal(rows.length, cases.length);
  assert.deepEqual(
    cases.map(([name, , component], i) => `${name}: ${rows[i][component]}`),
    cases.map(([name, , , points]) => `${name}: ${points}`),
  );
}

describe('points of SOFA at the edges of their bands', () => {
  let database: Database;
  before(async () => {
    database = await openDatabase({memory: 200});
  });
  after(() => database.close());

  it('coagulation: platelets below 150, 100, 50, 20', () => compare(database, values('platelets', 'coagulation', [
    [150, 0], [149.9, 1], [100, 1], [99.9, 2], [50, 2], [49.9, 3], [20, 3], [19.9, 4],
  ])));

  it('liver: bilirubin from 1.2, 2, 6, 12 on', () => compare(database, values('bilirubin', 'liver', [
    [1.19, 0], [1.2, 1], [1.99, 1], [2, 2], [5.99, 2], [6, 3], [11.99, 3], [12, 4],
  ])));

  it('renal: creatinine from 1.2, 2, 3.5, 5 on', () => compare(database, values('creatinine', 'renal', [
    [1.19, 0], [1.2, 1], [1.99, 1], [2, 2], [3.49, 2], [3.5, 3], [4.99, 3], [5, 4],
  ])));

  it('renal: 4 only above 5.9, as Table 6 prints it', () => compare(database, values('creatinine', 'renal', [
    [5, 3], [5.9, 3], [5.91, 4],
  ]), 1, {creatinine: 'printed'}));

  it('renal: urine of 24 hours below 500, 200', () => compare(database, [500, 499.9, 200, 199.9].map((ml, i): Case =>
    [`urine ${ml}`, {outputs: [[-0.5, ml - 100], [23, 150], [22.5, -50], [-1, 1000], [23.01, 1000]]}, 'renal',
      [0, 3, 3, 4][i]]), 23));

  it('renal: the worse of creatinine and urine', () => compare(database, [
    ['creatinine', {...measured(['creatinine', 22.5, 4]), outputs: [[20, 600]]}, 'renal', 3],
    ['urine', {...measured(['creatinine', 22.5, 4]), outputs: [[20, 100]]}, 'renal', 4],
  ], 23));

  it('cardiovascular: mean pressure below 70', () => compare(database, values('map', 'cardiovascular', [
    [70, 0], [69.9, 1],
  ])));

  it('cardiovascular: each drug by its own limits', () => compare(database, infused([
    ['norepinephrine', 0.1, 3], ['norepinephrine', 0.1001, 4], ['norepinephrine', null, 3],
    ['epinephrine', 0.1, 3], ['epinephrine', 0.1001, 4], ['epinephrine', null, 3],
    ['dopamine', 0.01, 2], ['dopamine', 5, 2], ['dopamine', 5.01, 3], ['dopamine', 15, 3], ['dopamine', 15.01, 4],
    ['dopamine', null, 2], ['dobutamine', 0.01, 2], ['dobutamine', 40, 2], ['dobutamine', null, 2],
  ])));

  it('cardiovascular: other drugs and rates of 0 are not graded', () => compare(database, [
    ...['phenylephrine', 'vasopressin', 'milrinone'].map((drug): Case =>
      [drug, {infusions: [[drug, 0, 2, 1]]}, 'cardiovascular', null]),
    ['norepinephrine at 0', {infusions: [['norepinephrine', 0, 2, 0]]}, 'cardiovascular', null],
  ]));

  it('cardiovascular: equivalents of norepinephrine', () => compare(database, [
    ...infused([
      ['norepinephrine', 0.1, 3], ['norepinephrine', 0.1001, 4], ['norepinephrine', null, 3],
      ['epinephrine', 0.1, 3], ['epinephrine', 0.1001, 4],
      ['dopamine', 5, 2], ['dopamine', 5.01, 3], ['dopamine', 15, 3], ['dopamine', 15.01, 4], ['dopamine', null, 2],
      ['phenylephrine', 1, 3], ['phenylephrine', 1.01, 4], ['phenylephrine', null, 3],
      ['vasopressin', 0.04, 3], ['vasopressin', 0.0401, 4], ['vasopressin', null, 3],
      ['dobutamine', 40, 2], ['milrinone', 0.5, 2],
    ]),
    // 0.05 + 0.6 / 10 = 0.11, where neither alone is above 0.1.
    ['two drugs', {infusions: [['norepinephrine', 0, 2, 0.05], ['phenylephrine', 0, 2, 0.6]]}, 'cardiovascular', 4],
    ['dopamine of 5 adds nothing', {infusions: [['norepinephrine', 0, 2, 0.09], ['dopamine', 0, 2, 5]]},
      'cardiovascular', 3],
  ], 1, {vasopressors: 'equivalents'}));

  it('respiration: PaO2 / FiO2 below 400, 300, and with ventilation 200, 100', () => compare(database, [
    gas(200, 0, true), gas(199.9, 1, true), gas(150, 1, true), gas(149.9, 2, true), gas(100, 2, true),
    gas(99.9, 3, true), gas(50, 3, true), gas(49.9, 4, true), gas(200, 0, false), gas(199.9, 1, false),
    gas(149.9, 2, false),
    gas(99.9, 2, false), gas(49.9, 2, false),
  ]));

  it('respiration: oxygen of the 4 hours up to the gas, the last one', () => compare(database, [
    ['4 h before', measured(['fio2', -3.5, 50], ['pao2', 0.5, 149]), 'respiration', 2],
    ['more than 4 h before', measured(['fio2', -3.501, 50], ['pao2', 0.5, 149]), 'respiration', null],
    ['with the gas', measured(['fio2', 0.5, 50], ['pao2', 0.5, 149]), 'respiration', 2],
    ['after the gas', measured(['fio2', 0.501, 50], ['pao2', 0.5, 149]), 'respiration', null],
    // 149 / 1.0 = 149, 149 / 0.5 = 298, 149 / 0.4 = 372.5: the last is taken, not the worst.
    ['three', measured(['fio2', -2, 100], ['fio2', -1, 50], ['fio2', 0, 40], ['pao2', 0.5, 149]), 'respiration', 1],
    ['never charted', measured(['pao2', 0.5, 40]), 'respiration', null],
  ]));

  it('respiration: ventilation includes its ends, and stretches may overlap', () => compare(database, [
    ...([[0.5, 2, 4], [0, 0.5, 4], [0.51, 2, 2], [-2, 0.49, 2]] as const).map(([start, stop, points]): Case => [
      `${start} to ${stop}`,
      {...measured(['fio2', 0.2, 100], ['pao2', 0.5, 60]), ventilation: [[start, stop]]}, 'respiration', points,
    ]),
    ['a short stretch within a long one',
      {...measured(['fio2', 0.2, 100], ['pao2', 0.5, 60]), ventilation: [[-5, 5], [-3, -2]]}, 'respiration', 4],
  ]));

  it('cns: sums 15, 13-14, 10-12, 6-9, below 6', () => compare(database, [
    coma(4, 5, 6, 0), coma(3, 5, 6, 1), coma(4, 3, 6, 1), coma(3, 3, 6, 2), coma(2, 3, 5, 2), coma(2, 2, 5, 3),
    coma(1, 1, 4, 3), coma(1, 1, 3, 4), coma(1, 0, 1, 0),
  ]));

  it('cns: a missing part is carried for less than 6 hours, and else normal', () => compare(database, [
    // 1 + 3 + 4 = 8; carried: 2 + 3 + 4 = 9; normal: 2 + 5 + 6 = 13.
    ...([[-5.49, 3], [-5.5, 1]] as const).map(([hour, points]): Case => [
      `record at ${hour}`,
      measured(['gcs_eye', hour, 1], ['gcs_verbal', hour, 3], ['gcs_motor', hour, 4], ['gcs_eye', 0.5, 2]),
      'cns', points,
    ]),
    // After a tube (verbal 0) a record without verbal part is still 15; with one nothing is carried: 4 + 4 + 6 = 14.
    ['still the tube', measured(['gcs_motor', -1, 1], ['gcs_verbal', -1, 0], ['gcs_motor', 0.5, 1]), 'cns', 0],
    ['the tube is out', measured(['gcs_motor', -1, 1], ['gcs_verbal', -1, 0], ['gcs_verbal', 0.5, 4]), 'cns', 1],
    ['two values with one time: the higher', measured(['gcs_eye', 0.5, 1], ['gcs_eye', 0.5, 4]), 'cns', 0],
  ]));

  it('an hour holds what happened after its start and up to its end', () => compare(database, [
    ['at its start', measured(['platelets', 0, 10]), 'coagulation', null],
    ['just after', measured(['platelets', 0.0003, 10]), 'coagulation', 4],
    ['at its end', measured(['platelets', 1, 10]), 'coagulation', 4],
    ['just after its end', measured(['platelets', 1.0003, 10]), 'coagulation', null],
    ['several: the worst', measured(['platelets', 0.2, 90], ['platelets', 0.4, 40], ['platelets', 0.6, 120]),
      'coagulation', 3],
    ['a drug that ends with it', {infusions: [['dobutamine', 0.5, 1, 1]]}, 'cardiovascular', 2],
    ['a drug that ends within it', {infusions: [['dobutamine', 0.1, 0.99, 1]]}, 'cardiovascular', null],
    ['a drug that starts at its end', {infusions: [['dobutamine', 1, 2, 1]]}, 'cardiovascular', null],
    ['drugs outrank pressure', {...measured(['map', 0.5, 40]), infusions: [['dobutamine', 0, 2, 1]]},
      'cardiovascular', 2],
  ]));

  describe('are those that the page says in words', () => {
    const numbers = (organ: string, text: (bound: string) => string = bound => bound) =>
      sofaPoints.find(row => row.organ === organ)!.bounds.map(bound =>
        [...text(bound).matchAll(/\d+(\.\d+)?/g)].map(([digits]) => Number(digits)));
    const step = 0.001;

    it('below a number, for lungs and platelets', async () => {
      const first = (organ: string) => numbers(organ).map(([edge]) => edge);
      await compare(database, first('coagulation').flatMap((edge, k) =>
        values('platelets', 'coagulation', [[edge, k], [edge - step, k + 1]])));
      await compare(database, first('respiration').flatMap((edge, k) =>
        [gas(edge / 2, k, true), gas(edge / 2 - step, k + 1, true), gas(edge / 2 - step, Math.min(2, k + 1), false)]));
    });

    it('from a number on, for liver and kidneys; below one for urine', async () => {
      const first = (organ: string) => numbers(organ, bound => bound.split(';')[0]).map(([edge]) => edge);
      for (const [organ, quantity, component] of
        [['liver', 'bilirubin', 'liver'], ['kidneys', 'creatinine', 'renal']] as const)
        await compare(database, first(organ).flatMap((edge, k) =>
          values(quantity, component, [[edge, k + 1], [edge - step, k]])));
      const urine = numbers('kidneys', bound => bound.split(';')[1] ?? '').map(([edge]) => edge);
      assert.deepEqual(urine.map(Number.isFinite), [false, false, true, true]);
      await compare(database, [[urine[2] - step, 3], [urine[2], 0], [urine[3] - step, 4], [urine[3], 3]].map(
        ([ml, points]): Case => [`urine ${ml}`, {outputs: [[20, ml]]}, 'renal', points]), 23);
    });

    it('between two numbers, for the coma scale', async () => {
      const parts = (sum: number): readonly [number, number, number] => {
        const eye = Math.min(4, sum - 2), verbal = Math.min(5, sum - eye - 1);
        return [eye, verbal, sum - eye - verbal];
      };
      const ranges = numbers('consciousness').map(([low, high]) => (high === undefined ? [3, low - 1] : [low, high]));
      await compare(database, ranges.flatMap(([low, high], k) =>
        Array.from({length: high - low + 1}, (_, n) => coma(...parts(low + n), k + 1))));
      const sums = ranges.flatMap(([low, high]) => Array.from({length: high - low + 1}, (_, n) => low + n));
      assert.deepEqual(sums.sort((a, b) => a - b), Array.from({length: 12}, (_, n) => n + 3));
    });

    it('by drug and rate, for the circulation', async () => {
      const {bounds: [pressure, ...drugs]} = sofaPoints.find(row => row.organ === 'circulation')!;
      const edge = Number(pressure.slice(1));
      await compare(database, values('map', 'cardiovascular', [[edge, 0], [edge - step, 1]]));
      const said = drugs.flatMap((bound, k) => bound.split(', ').flatMap(part => {
        const [names, rate = '0'] = part.split(' > ');
        const each = names === '(nor)epinephrine' ? ['norepinephrine', 'epinephrine'] : [names];
        return each.map(drug => [drug, Number(rate) + step, k + 2] as const);
      }));
      assert.equal(said.length, 8);
      await compare(database, infused(said));
      // At the rate itself the drug has the points of the row before.
      const above = said.filter(([, rate]) => rate > 2 * step);
      await compare(database, infused(above.map(([drug, rate, points]) => [drug, rate - step, points - 1])));
    });
  });
});
