import assert from 'node:assert/strict';
import {openDatabase, type Database} from '../../../lib/data/database';
import {
  concepts, conceptSql, createViews, sepsisRules, sepsisViews, type ConceptName, type QuantityName,
} from '../../../lib/studies/sepsis';
import {at, deriveInvented, fillInvented, type Invented} from './invented';

const names = Object.keys(concepts) as ConceptName[];
const tableOf = (name: ConceptName): string => (name === 'hours' ? 'spans' : name);

describe('concepts in SQL', () => {
  for (const name of names) {
    const sql = conceptSql(name), code = sql.replace(/--.*$/gm, '');

    it(`${name} reads the rules that it names, and no others`, () => {
      const used = [...code.matchAll(/getvariable\('(\w+)'\)/g)].map(([, variable]) => variable);
      const rules = used.map(variable => (variable === 'antibiotic_names' ? 'names' : variable));
      assert.deepEqual([...new Set(rules)].sort(), [...concepts[name].rules].sort());
    });

    it(`${name} says its rule in words and its table, in lines of at most 120`, () => {
      const head = /^(--.*\n)+/.exec(sql)?.[0] ?? '';
      assert.match(head, new RegExp(`-- Makes: ${tableOf(name)}\\(`));
      assert.ok(head.split('\n').length > 3);
      assert.ok(sql.split('\n').every(line => line.length <= 120));
      for (const rule of concepts[name].rules) assert.match(head, new RegExp(`\`${rule}\``), rule);
    });

    it(`${name} runs on what it reads, and on nothing less`, async () => {
      const {reads} = concepts[name], engine = await openDatabase({memory: 64});
      // Tables without rows, made by the views and the concepts before; then only those that are read stay.
      await createViews(engine);
      for (const [rule, choice] of Object.entries(sepsisRules()))
        await engine.run(`SET VARIABLE ${rule} = '${choice}'`);
      await engine.run("SET VARIABLE antibiotic_names = 'cefepime'");
      for (const earlier of names.slice(0, names.indexOf(name))) await engine.run(conceptSql(earlier));
      const read: string[] = reads.map(each => (each === 'hours' ? 'spans' : each));
      const {table_name: tables} = await engine.columns<'table_name'>(
        'SELECT table_name FROM information_schema.tables',
      );
      for (const table of tables) if (!read.includes(String(table))) await engine.run(`DROP TABLE ${table}`);
      await engine.run(sql);
      assert.deepEqual(await engine.rows(`SELECT * FROM ${tableOf(name)}`), []);
      for (const table of read) {
        await engine.run(`ALTER TABLE ${table} RENAME TO hidden`);
        await assert.rejects(engine.run(sql), new RegExp(`${table} does not exist`), `${name} does not read ${table}`);
        await engine.run(`ALTER TABLE hidden RENAME TO ${table}`);
      }
      engine.close();
    });
  }

  it('are planned without comparing everything with everything', async () => {
    const engine = await openDatabase({memory: 200});
    // Joins by the last time before are made by loops where there are few rows.
    await engine.run('SET asof_loop_join_threshold = 0');
    await deriveInvented(engine, Array.from({length: 40}, () => ({
      measurements: [['map', 1, 60], ['pao2', 2, 60], ['fio2', 1, 50], ['gcs_eye', 1, 3], ['platelets', 1, 90]],
      infusions: [['dopamine', 1, 2, 3]], outputs: [[20, 100]], ventilation: [[1, 2]], cultures: [[1]],
      orders: [['Cefepime', 2]], doses: [['Cefepime', 3]],
    })));
    for (const name of names) {
      const [statement] = conceptSql(name).replace(/--.*$/gm, '').split(';');
      const plan = JSON.stringify(await engine.rows(`EXPLAIN ${statement}`));
      assert.match(plan, /CREATE_TABLE/i, name);
      assert.doesNotMatch(plan, /CROSS_PRODUCT|NESTED_LOOP|BLOCKWISE|IE_JOIN|POSITIONAL/, name);
    }
    engine.close();
  });

  it('read views, and concepts before them', () => {
    names.forEach((name, i) => {
      for (const read of concepts[name].reads)
        assert.ok(Object.hasOwn(sepsisViews, read) || names.indexOf(read as ConceptName) < i, `${name}: ${read}`);
    });
  });
});

describe('tables of concepts', () => {
  let database: Database;
  before(async () => {
    database = await openDatabase({memory: 200});
  });
  after(() => database.close());

  const derived = async (patient: Invented, sql: string) => {
    await deriveInvented(database, [patient]);
    return database.rows(sql);
  };

  it('hours: up to the one in which the patient leaves; minutes count, not seconds', async () => {
    const stays = [[0, 24], [0, 24.5], [0.5, 24], [0, 24.01], [0, 1 / 60], [0, 23.999]];
    await deriveInvented(database, stays.map(([arrived, left]) => ({arrived, left})));
    const rows = await database.rows('SELECT max(hour) AS n, count(*) AS rows FROM sofa GROUP BY stay ORDER BY stay');
    // 24.01 h are 24 h and 36 s; 23.999 h end at 9:59:56, which is 9:59.
    assert.deepEqual(rows.map(({n, rows}) => [n, rows]), [24, 25, 24, 24, 1, 24].map(n => [n, n + 1]));
  });

  it('ventilated: overlapping and touching stretches are one', async () => {
    const rows = await derived(
      {ventilation: [[8, 9], [1, 5], [2, 3], [4, 6], [6, 7], [8, 8.5]]},
      'SELECT start, stop FROM ventilated ORDER BY start',
    );
    assert.deepEqual(rows, [{start: at(1), stop: at(7)}, {start: at(8), stop: at(9)}]);
  });

  it('gases: each gas with its oxygen', async () => {
    const rows = await derived({
      measurements: [['pao2', 2, 80], ['pao2', 2, 90], ['fio2', 1, 40], ['fio2', 1, 60], ['pao2', 8, 70]],
      ventilation: [[2, 3]],
    }, 'SELECT * FROM gases');
    assert.deepEqual(rows, [
      {patient: 1, time: at(2), pao2: 90, fio2: 60, ratio: 150, ventilated: true, respiration: 3},
    ]);
  });

  it('pressors: the equivalent of all that runs', async () => {
    const rows = await derived({
      infusions: [
        ['norepinephrine', 0, 1, 0.02], ['norepinephrine', 0.5, 1, 0.04], ['epinephrine', 0, 1, 0.01],
        ['dopamine', 0, 1, 15], ['phenylephrine', 0, 1, 0.5], ['vasopressin', 0, 1, 0.02],
      ],
    }, 'SELECT hour, round(equivalent, 12) AS equivalent, score FROM pressors ORDER BY hour');
    // 0.04 + 0.01 + 15 / 150 + 0.5 / 10 + 0.02 / 0.4 = 0.25; graded: dopamine > 5.
    assert.deepEqual(rows, [{hour: 1, equivalent: 0.25, score: 3}]);
  });

  it('urine: the sum of 24 hours, irrigation taken off', async () => {
    const rows = await derived(
      {left: 26, outputs: [[-0.5, 100], [0.5, 200], [10, 300], [10, -50], [25, 70]]},
      'SELECT * FROM urine ORDER BY hour',
    );
    // Hour 23: (-1, 23]; hour 24: (0, 24]; hour 25: (1, 25]; hour 26: (2, 26].
    assert.deepEqual(rows.map(({hour, ml}) => [hour, ml]), [[23, 550], [24, 450], [25, 320], [26, 320]]);
  });

  it('body: first weight from a day before arrival, height nearest to arrival', async () => {
    await deriveInvented(database, [
      {measurements: [['weight', -25, 90], ['weight', -23, 80], ['weight', 5, 78], ['height', -900, 160],
        ['height', 800, 170]]},
      {measurements: [['weight', 49, 80], ['weight', -24.01, 70]]},
      {},
      {measurements: [['weight', -24, 70], ['weight', -24, 71]]},
      {measurements: [['weight', 48, 72], ['height', 3, 150], ['height', -3, 151]]},
    ]);
    assert.deepEqual(await database.rows('SELECT * FROM body ORDER BY stay'), [
      {stay: 1, weight: 80, height: 170}, {stay: 2, weight: null, height: null}, {stay: 3, weight: null, height: null},
      {stay: 4, weight: 71, height: null}, {stay: 5, weight: 72, height: 151},
    ]);
  });

  it('antibiotics: systemic orders by their name', async () => {
    const rows = await derived({
      orders: [
        ['Vancomycin', 1], ['VANCOMYCIN Oral Liquid', 2, 'PO'], ['CefePIME', 3, null], ['Cefepime', 4, 'IV', 'BASE'],
        ['Vancomycin', 5, 'OD'], ['Tobramycin', 6, 'BOTH EYES'], ['Neomycin', 7, 'RIGHT EAR'], ['Acyclovir', 8],
        ['Metronidazole Gel', 9], ['Penicillin desensitization', 10], ['Erythromycin Ophth Oint', 11], ['Aspirin', 12],
      ],
    }, 'SELECT drug, time FROM antibiotics ORDER BY id');
    assert.deepEqual(rows, [
      {drug: 'Vancomycin', time: at(1)}, {drug: 'VANCOMYCIN Oral Liquid', time: at(2)}, {drug: 'CefePIME', time: at(3)},
    ]);
  });

  const suspected = async (cultures: Invented['cultures'], started: number): Promise<number | null> => {
    const [row] = await derived(
      {arrived: 0, left: 200, cultures, orders: [['Cefepime', started]]}, 'SELECT time FROM suspicion',
    );
    return row ? ((row.time as Date).getTime() - at(0).getTime()) / 3_600_000 : null;
  };

  it('suspicion: edges of 72 and 24 hours', async () => {
    assert.equal(await suspected([[1]], 73), 1);
    assert.equal(await suspected([[1]], 73.001), null);
    assert.equal(await suspected([[26]], 2), 2);
    assert.equal(await suspected([[26.001]], 2), null);
    assert.equal(await suspected([[2]], 2), null, 'neither is first');
  });

  it('suspicion: edges of dates, 3 and 1', async () => {
    // Midnights at 14 (2 January), 38, 62, 86, 110.
    assert.equal(await suspected([[14, false]], 14), 14);
    assert.equal(await suspected([[14, false]], 109.9), 14, 'the third date after');
    assert.equal(await suspected([[14, false]], 110), null, 'the fourth');
    assert.equal(await suspected([[38, false]], 14), 14, 'the date before: antibiotic first');
    assert.equal(await suspected([[38, false]], 13.9), null, 'two dates before');
  });

  it('suspicion: the earliest culture before the antibiotic, else after it', async () => {
    assert.equal(await suspected([[5], [3], [8]], 6), 3);
    assert.equal(await suspected([[9], [8]], 6), 6);
    assert.equal(await suspected([[7], [14, false]], 15), 7, 'an earlier date');
    assert.equal(await suspected([[16], [14, false]], 20), 16, 'of one date the one with a time');
  });

  it('suspicion: only with an antibiotic of the same admission', async () => {
    const patient: Invented = {cultures: [[1]], orders: [['Cefepime', 2]]};
    assert.equal((await derived(patient, 'FROM suspicion')).length, 1);
    assert.equal((await derived({...patient, otherAdmission: true}, 'FROM suspicion')).length, 0);
  });

  it('suspicion: the antibiotic from arrival on, and before leaving', async () => {
    const count = async (start: number) =>
      (await derived({cultures: [[start - 1]], orders: [['Cefepime', start]]}, 'FROM suspicion')).length;
    for (const [start, n] of [[-0.001, 0], [0, 1], [47.999, 1], [48, 0]])
      assert.equal(await count(start), n, `${start}`);
  });

  /** One low value at hour 60. */
  const septic = async (suspicion: number, value: number, quantity: QuantityName = 'platelets') => {
    const rows = await derived({
      left: 200, measurements: [[quantity, 60, value]], cultures: [[suspicion]], orders: [['Cefepime', suspicion + 1]],
    }, 'SELECT * FROM sepsis');
    return rows.length > 0 ? [rows[0].sofa_hour, rows[0].sofa, rows[0].baseline] : undefined;
  };

  it('sepsis: SOFA of 2 from 48 hours before the suspicion to 24 hours after', async () => {
    // SOFA is 2 in hours 60 to 83.
    assert.deepEqual(await septic(36, 99), [60, 2, 0]);
    assert.equal(await septic(35.9, 99), undefined);
    assert.equal(await septic(36, 100), undefined, 'SOFA of 1');
    assert.deepEqual(await septic(115, 40), [67, 3, 0]);
    assert.deepEqual(await septic(131, 40), [83, 3, 0]);
    assert.equal(await septic(131.1, 40), undefined);
  });

  it('order of rows does not matter', async () => {
    const patient: Invented = {
      measurements: [
        ['platelets', 3, 90], ['gcs_eye', 1, 1], ['gcs_motor', 2, 4], ['map', 2, 60], ['creatinine', 1, 3],
      ],
      infusions: [['dopamine', 1, 5, 6], ['norepinephrine', 2, 3, 0.3]], cultures: [[3], [1], [14, false]],
      orders: [['Cefepime', 4], ['Vancomycin', 2], ['Cefepime', 2]],
    };
    const turned = Object.fromEntries(Object.entries(patient).map(([key, list]) => [key, [...list].reverse()]));
    const tables = async (given: Invented) => {
      await deriveInvented(database, [given]);
      return Promise.all(['sofa ORDER BY hour', 'suspicion ORDER BY ALL', 'sepsis'].map(each =>
        database.rows(`FROM ${each}`)));
    };
    assert.deepEqual(await tables(turned), await tables(patient));
  });

  it('patients do not touch each other', async () => {
    const patient: Invented = {
      measurements: [['platelets', 3, 90], ['fio2', 1, 50], ['gcs_eye', 1, 1]], cultures: [[3]],
      ventilation: [[0, 20]], infusions: [['dopamine', 1, 5, 6]], outputs: [[20, 100]],
    };
    // Each lacks what the other has: oxygen without a gas and a gas without oxygen, a culture without an antibiotic.
    const other: Invented = {measurements: [['pao2', 2, 60]], orders: [['Cefepime', 2]]};
    await fillInvented(database, [patient, other]);
    await deriveInvented(database, [patient, other]);
    assert.equal((await database.rows('FROM gases')).length, 0);
    assert.equal((await database.rows('FROM suspicion')).length, 0);
    assert.deepEqual(await database.rows('SELECT max(sofa) AS sofa FROM sofa WHERE stay = 2'), [{sofa: 0}]);
  });
});
