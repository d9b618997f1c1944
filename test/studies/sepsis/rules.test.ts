import assert from 'node:assert/strict';
import {openDatabase, type Database, type SqlValue} from '../../../lib/data/database';
import {
  deriveSepsis, ruleEffects, sepsisPresets, sepsisRuleChoices, sepsisRules, type SepsisRuleName, type SepsisRules,
} from '../../../lib/studies/sepsis';
import {at, deriveInvented, fillInvented, type Invented} from './invented';

/** A patient whose result moves when one rule does. */
interface Move {
  readonly choice: string;
  readonly patient: Invented;
  /** What is read: a query with one value. */
  readonly sql: string;
  /** The value by mimic-code's rules, and by the choice. */
  readonly from: SqlValue;
  readonly to: SqlValue;
  /** Rules other than mimic-code's in both. */
  readonly also?: Partial<SepsisRules>;
}

const hour = (component: string, h: number): string => `SELECT ${component} FROM sofa WHERE hour = ${h}`;
const ONSET = 'SELECT max(onset) FROM sepsis';

/** Platelets of 40, three points, when sepsis asks for SOFA. */
const failing = (h: number): NonNullable<Invented['measurements']> => [['platelets', h, 40]];

const septic: Invented = {measurements: failing(5), cultures: [[10]], orders: [['Cefepime', 11]]};

const moves: Record<SepsisRuleName, readonly Move[]> = {
  // Arrival at 10:15, a value at 10:50: hour 1 from arrival on, hour 0 of the clock, which ends at 11:00.
  hours: [{
    choice: 'clock', patient: {arrived: 0.25, measurements: [['platelets', 0.83, 40]]}, sql: hour('coagulation', 0),
    from: null, to: 3,
  }],
  gcs: [
    // Hour 3: eye 2. The record before has only an eye: 2 + 5 + 6 = 13. The last of each part: 2 + 2 + 4 = 8.
    {
      choice: 'eachPart', sql: hour('cns', 3), from: 1, to: 3,
      patient: {measurements: [
        ['gcs_eye', 1, 1], ['gcs_verbal', 1, 2], ['gcs_motor', 1, 4], ['gcs_eye', 2, 2], ['gcs_eye', 3, 2],
      ]},
    },
    // Hour 2: 2 + 2 + 4 = 8 with the record before, 2 + 5 + 6 = 13 without.
    {
      choice: 'none', sql: hour('cns', 2), from: 3, to: 1,
      patient: {measurements: [['gcs_eye', 1, 1], ['gcs_verbal', 1, 2], ['gcs_motor', 1, 4], ['gcs_eye', 2, 2]]},
    },
  ],
  intubated: [{
    choice: 'charted', sql: hour('cns', 1), from: 0, to: 4,
    patient: {measurements: [['gcs_eye', 1, 1], ['gcs_verbal', 1, 0], ['gcs_motor', 1, 1]]},
  }],
  // 1.3 or (1.0 + 1.3) / 2 = 1.15.
  simultaneous: [{
    choice: 'mean', patient: {measurements: [['creatinine', 1, 1], ['creatinine', 1, 1.3]]}, sql: hour('renal', 1),
    from: 1, to: 0,
  }],
  // (60 + 90) / 2 = 75 or 60.
  pressure: [{
    choice: 'lowest', patient: {measurements: [['map', 1, 60], ['map', 1, 90]]}, sql: hour('cardiovascular', 1),
    from: 0, to: 1,
  }],
  fio2: [
    {
      choice: 'oneHour', patient: {measurements: [['fio2', -0.5, 50], ['pao2', 1, 120]]}, sql: hour('respiration', 1),
      from: 2, to: null,
    },
    {
      choice: 'day', patient: {measurements: [['fio2', -20, 50], ['pao2', 1, 120]]}, sql: hour('respiration', 1),
      from: null, to: 2,
    },
  ],
  // 60 mmHg at 20 %: exactly 300, or 299.
  ratio: [{
    choice: 'floored', patient: {measurements: [['fio2', 1, 20], ['pao2', 1, 60]]}, sql: hour('respiration', 1),
    from: 1, to: 2,
  }],
  ventilated: [
    {
      choice: 'last24Hours', sql: hour('respiration', 20), from: 2, to: 4,
      patient: {measurements: [['fio2', 20, 100], ['pao2', 20, 60]], ventilation: [[-9, -4]]},
    },
    {
      choice: 'notNeeded', patient: {measurements: [['fio2', 1, 100], ['pao2', 1, 60]]}, sql: hour('respiration', 1),
      from: 2, to: 4,
    },
  ],
  infusions: [
    {
      choice: 'inHour', patient: {infusions: [['norepinephrine', 1.2, 1.8, 0.2]]}, sql: hour('cardiovascular', 2),
      from: null, to: 4,
    },
    // 4 while the higher rate is within 24 hours; or 3 for the last rate.
    {
      choice: 'latestOf24Hours', sql: hour('cardiovascular_24h', 10), from: 4, to: 3,
      patient: {infusions: [['norepinephrine', 1, 3, 0.2], ['norepinephrine', 3, 5, 0.05]]},
    },
  ],
  vasopressors: [{
    choice: 'equivalents', patient: {infusions: [['phenylephrine', 0, 2, 1.5]]}, sql: hour('cardiovascular', 1),
    from: null, to: 4,
  }],
  vasopressin: [{
    choice: 'dropped', patient: {infusions: [['vasopressin', 0, 2, 0.04]]}, sql: hour('cardiovascular', 1),
    from: 3, to: null, also: {vasopressors: 'equivalents'},
  }],
  urine: [
    {
      choice: 'sixRecords', patient: {outputs: [[19, 50], [20, 50], [21, 50], [22, 50], [23, 50]]},
      sql: hour('renal', 24), from: 3, to: null,
    },
    {choice: 'zeroIfUnrecorded', patient: {}, sql: hour('renal', 23), from: null, to: 4},
    // Hour 22: 22 records stand for 22 hours; 22 * 10 ml * 24 / 22 h = 240 ml. The sum is asked from hour 23 on.
    {
      choice: 'scaled', patient: {outputs: Array.from({length: 23}, (_, k) => [k + 1, 10] as const)},
      sql: hour('renal', 22), from: null, to: 3,
    },
  ],
  creatinine: [{
    choice: 'printed', patient: {measurements: [['creatinine', 1, 5.9]]}, sql: hour('renal', 1), from: 4, to: 3,
  }],
  names: [
    {choice: 'extended', patient: {...septic, orders: [['DAPTOmycin', 11]]}, sql: ONSET, from: null, to: at(10)},
    {choice: 'paper', patient: septic, sql: ONSET, from: at(10), to: null},
  ],
  routes: [
    {choice: 'all', patient: {...septic, orders: [['Erythromycin', 11, 'OU']]}, sql: ONSET, from: null, to: at(10)},
    {choice: 'all', patient: {...septic, orders: [['Gentamicin Cream', 11]]}, sql: ONSET, from: null, to: at(10)},
    {
      choice: 'all', patient: {...septic, orders: [['Gentamicin', 11, 'LEFT EAR']]}, sql: ONSET, from: null, to: at(10),
    },
  ],
  given: [
    // The order precedes the culture of hour 10, the dose follows it.
    {
      choice: 'doses', patient: {...septic, orders: [['Cefepime', 9]], doses: [['Cefepime', 12]]}, sql: ONSET,
      from: at(9), to: at(10),
    },
    {choice: 'either', patient: {...septic, orders: [], doses: [['CefePIME', 12]]}, sql: ONSET, from: null, to: at(10)},
  ],
  // The earliest culture before the antibiotic is of hour -60, far from any SOFA; the next to it is of hour 10.
  match: [{choice: 'next', patient: {...septic, cultures: [[-60], [10]]}, sql: ONSET, from: null, to: at(10)}],
  // Both cultures are of 1 January: one at 8 o'clock, one of that date.
  dated: [{
    choice: 'first', patient: {...septic, measurements: failing(-1), cultures: [[-2], [-10, false]],
      orders: [['Cefepime', 1]]}, sql: ONSET, from: at(-2), to: at(-10),
  }],
  place: [
    {
      choice: 'suspicionNearStay', patient: {...septic, cultures: [[-6]], orders: [['Cefepime', -5]]}, sql: ONSET,
      from: null, to: at(-6),
    },
    {
      choice: 'antibioticNearStay', patient: {...septic, cultures: [[-6]], orders: [['Cefepime', -5]]}, sql: ONSET,
      from: null, to: at(-6),
    },
    {
      choice: 'admission', patient: {...septic, cultures: [[50]], orders: [['Cefepime', 51]]}, sql: ONSET,
      from: null, to: at(50),
    },
  ],
  // Around hour 1 SOFA is 0; around hour 80 it is 3.
  pair: [{
    choice: 'earliest', sql: ONSET, from: at(80), to: null,
    patient: {left: 96, measurements: failing(75), cultures: [[1], [80]], orders: [['Cefepime', 2], ['Cefepime', 81]]},
  }],
  // SOFA is 3 from hour 0 on, as the platelets are of the hour before.
  baseline: [{
    choice: 'lowestPrior', patient: {...septic, left: 20, measurements: failing(-0.5)}, sql: ONSET, from: at(10),
    to: null,
  }],
  onset: [
    {choice: 'earlier', patient: septic, sql: ONSET, from: at(10), to: at(5)},
    {choice: 'later', patient: {...septic, measurements: failing(15)}, sql: ONSET, from: at(10), to: at(15)},
  ],
};

/** Edges of the choices other than mimic-code's: rules, patient, query with one value, that value. */
type Edge = readonly [changes: Partial<SepsisRules>, patient: Invented, sql: string, expected: SqlValue];

const oxygenAt = (fio2: number): Invented => ({measurements: [['fio2', fio2, 50], ['pao2', 1, 120]]});
const SUSPECTED = "SELECT (epoch(min(time)) - epoch(TIMESTAMP '2150-01-01 10:00:00')) / 3600 FROM suspicion";
const pair = (culture: number, antibiotic: number, more: Invented = {}): Invented =>
  ({left: 48, ...more, cultures: [[culture]], orders: [['Cefepime', antibiotic]]});
const collected = (...outputs: readonly (readonly [number, number])[]): Invented => ({outputs});
const URINE = 'SELECT max(ml) FROM urine';

const edges: readonly Edge[] = [
  [{fio2: 'oneHour'}, oxygenAt(0), hour('respiration', 1), 2],
  [{fio2: 'oneHour'}, oxygenAt(-0.001), hour('respiration', 1), null],
  [{fio2: 'day'}, oxygenAt(-23), hour('respiration', 1), 2],
  [{fio2: 'day'}, oxygenAt(-23.001), hour('respiration', 1), null],
  // It ran within the last 24 hours up to hour 26, and from the hour on in which it started.
  ...([[25, 3], [26, 3], [27, null], [1, null], [2, 3]] as const).map(([h, points]): Edge => [
    {infusions: 'latestOf24Hours'}, {infusions: [['epinephrine', 1.5, 2, 0.1]]}, hour('cardiovascular', h), points,
  ]),
  [{infusions: 'latestOf24Hours'}, {infusions: [['epinephrine', 2, 3, 0.1]]}, hour('cardiovascular', 2), 3],
  ...([[1, null], [2, 3], [3, 3], [4, null]] as const).map(([h, points]): Edge => [
    {infusions: 'inHour'}, {infusions: [['epinephrine', 2, 3, 0.1]]}, hour('cardiovascular', h), points,
  ]),
  // The hour of the gas ends as ventilation starts, or before.
  ...([[5, 4], [5.001, 2]] as const).map(([start, points]): Edge => [
    {ventilated: 'last24Hours'},
    {measurements: [['fio2', 4.5, 100], ['pao2', 4.5, 60]], ventilation: [[start, 6]]},
    hour('respiration', 5), points,
  ]),
  // One record stands for the time since arrival; at least 22 h, at most 30.
  [{urine: 'scaled'}, collected([22, 110]), URINE, 120], [{urine: 'scaled'}, collected([21.99, 110]), URINE, null],
  [{urine: 'scaled'}, collected([30, 150]), URINE, 120], [{urine: 'scaled'}, collected([30.01, 150]), URINE, null],
  // A record 23 h before counts: 1 + 23 h; one just before that does not: 24 * 60 / 24 h or 24 * 48 / 24 h.
  [{urine: 'scaled'}, collected([1, 12], [25, 48]), URINE, 48],
  [{urine: 'scaled'}, collected([1, 12], [24, 48]), URINE, 60],
  [{urine: 'scaled'}, collected([0, 500], [24, 48]), URINE, 48],
  [{urine: 'scaled'}, collected([22, 110], [22, 11], [22.5, 0]), URINE, 132],
  ...([5, 6] as const).map((n): Edge => [
    {urine: 'sixRecords'}, collected(...Array.from({length: n}, (_, k) => [k / 9, 10] as const)), URINE,
    n === 6 ? 60 : null,
  ]),
  [{match: 'next'}, pair(-30, 42), SUSPECTED, -30], [{match: 'next'}, pair(-30, 42.001), SUSPECTED, null],
  [{match: 'next'}, pair(27, 3), SUSPECTED, 3], [{match: 'next'}, pair(27.001, 3), SUSPECTED, null],
  [{match: 'next'}, pair(3, 3), SUSPECTED, 3],
  [{place: 'suspicionNearStay'}, pair(-48, -47), SUSPECTED, -48],
  [{place: 'suspicionNearStay'}, pair(-48.01, -47), SUSPECTED, null],
  [{place: 'suspicionNearStay'}, pair(47.75, 70), SUSPECTED, 47.75],
  [{place: 'suspicionNearStay'}, pair(48, 70), SUSPECTED, null],
  [{place: 'antibioticNearStay'}, pair(-47, -48), SUSPECTED, -48],
  [{place: 'antibioticNearStay'}, pair(-47, -48.01), SUSPECTED, null],
  [{place: 'antibioticNearStay'}, pair(47, 47.75), SUSPECTED, 47],
  [{place: 'antibioticNearStay'}, pair(47, 48), SUSPECTED, null],
  [{place: 'admission'}, pair(-54, 0, {admitted: -30}), SUSPECTED, -54],
  [{place: 'admission'}, pair(-54.01, 0, {admitted: -30}), SUSPECTED, null],
  [{place: 'admission'}, pair(90, 91), SUSPECTED, 90],
];

describe('rules of Sepsis-3', () => {
  let database: Database;
  before(async () => {
    database = await openDatabase({memory: 200});
  });
  after(() => database.close());

  const read = async (sql: string): Promise<SqlValue> => {
    const [row] = await database.rows(sql);
    return row === undefined ? null : Object.values(row)[0];
  };

  for (const [rule, list] of Object.entries(moves)) for (const {choice, patient, sql, from, to, also = {}} of list) {
    it(`${rule}: ${choice} moves a patient`, async () => {
      await deriveInvented(database, [patient], also);
      const before = await read(sql);
      await deriveSepsis(database, sepsisRules('mimicCode', {changes: {...also, [rule]: choice}}));
      assert.deepEqual([before, await read(sql)], [from, to]);
    });
  }

  it('have edges, ends included as said', async () => {
    const found: string[] = [], expected: string[] = [];
    for (const [changes, patient, sql, value] of edges) {
      await deriveInvented(database, [patient], changes);
      const said = `${JSON.stringify(changes)} ${JSON.stringify(patient)}: `, got = await read(sql);
      found.push(said + (typeof got === 'number' ? Number(got.toFixed(9)) : got));
      expected.push(said + value);
    }
    assert.deepEqual(found, expected);
  });

  it('are all moved above: every choice but the first of each', () => {
    for (const [rule, {choices}] of Object.entries(sepsisRuleChoices)) {
      const moved = new Set(moves[rule as SepsisRuleName].map(({choice}) => choice));
      const usual = sepsisPresets.mimicCode[rule as SepsisRuleName];
      assert.deepEqual([...moved].sort(), Object.keys(choices).filter(choice => choice !== usual).sort(), rule);
    }
  });

  it('ventilated: last24Hours caps again 24 hours after the ventilation', async () => {
    // Ventilated until hour -4; a gas of 60 at hour -2, without ventilation, is in the 24 hours up to hour 21.
    await deriveInvented(database, [{
      measurements: [['fio2', -2, 100], ['pao2', -2, 60]], ventilation: [[-9, -4]],
    }], {ventilated: 'last24Hours'});
    const hours = await database.rows('SELECT respiration_24h AS points FROM sofa WHERE hour BETWEEN 19 AND 22');
    assert.deepEqual(hours.map(({points}) => points), [4, 4, 2, 0]);
  });

  it('come as presets, which differ as said', () => {
    const changes = (preset: SepsisRules) => Object.fromEntries(
      Object.entries(preset).filter(([rule, choice]) => choice !== sepsisPresets.mimicCode[rule as SepsisRuleName]),
    );
    assert.deepEqual(changes(sepsisPresets.printed), {place: 'suspicionNearStay', baseline: 'lowestPrior'});
    assert.deepEqual(changes(sepsisPresets.released), {
      fio2: 'oneHour', ratio: 'floored', ventilated: 'last24Hours', infusions: 'latestOf24Hours',
      vasopressors: 'equivalents', match: 'next', place: 'admission', pair: 'earliest',
    });
    assert.ok(Object.isFrozen(sepsisRules('released', {changes: {onset: 'later'}})));
    assert.equal(sepsisRules('released', {changes: {onset: 'later'}}).onset, 'later');
  });

  it('are refused by name when they do not exist', async () => {
    assert.throws(() => sepsisRules('mimic' as 'mimicCode'), /sepsisRules: argument `preset` must be one of mimicCode/);
    assert.throws(() => sepsisRules('mimicCode', {changes: {onsets: 'later'} as never}), /`changes`.*"onsets"/);
    assert.throws(() => sepsisRules('mimicCode', {changes: {onset: 'never' as never}}), {
      message: 'sepsisRules: argument `changes.onset` must be one of suspicion, earlier, later; received "never". '
        + 'It decides when sepsis begins.',
    });
    await fillInvented(database, [{}]);
    await assert.rejects(deriveSepsis(database, {onset: 'later'} as SepsisRules), /`rules` .*none for hours, gcs/);
  });

  it('ask for the views', async () => {
    const empty = await openDatabase({memory: 64});
    await assert.rejects(deriveSepsis(empty), /`database` .*without stays, .*Fill it from a source first/);
    empty.close();
  });

  it('are told apart by their effects: stays that come, go and move, and hours of SOFA', async () => {
    await fillInvented(database, [
      septic,                                                        // goes with names: paper
      {...septic, cultures: [[-6]], orders: [['Cefepime', -5]]},     // comes with place: suspicionNearStay
      {...septic, measurements: failing(15)},                        // moves with onset: later
      {measurements: [['creatinine', 30, 5.5]]},                     // hours 30 to 48 with creatinine: printed
    ]);
    const effects = await ruleEffects(database);
    const of = (choice: string) => effects.find(effect => effect.choice === choice);
    const none = {gained: 0, lost: 0, moved: 0, hours: 0};
    assert.deepEqual(of('paper'), {rule: 'names', choice: 'paper', ...none, stays: 0, lost: 2});
    assert.deepEqual(of('suspicionNearStay'), {
      rule: 'place', choice: 'suspicionNearStay', ...none, stays: 3, gained: 1,
    });
    assert.deepEqual(of('later'), {rule: 'onset', choice: 'later', ...none, stays: 2, moved: 1});
    assert.deepEqual(of('printed'), {rule: 'creatinine', choice: 'printed', ...none, stays: 2, hours: 19});
    const choices = Object.values(sepsisRuleChoices).flatMap(({choices}) => Object.keys(choices));
    assert.equal(effects.length, choices.length - Object.keys(sepsisRuleChoices).length);
    // The tables are those of the rules given.
    assert.equal(await read('SELECT count(*) FROM sepsis'), 2);
    assert.equal(await read('SELECT count(*) FROM information_schema.schemata WHERE schema_name = \'rule_trial\''), 0);
  });
});
