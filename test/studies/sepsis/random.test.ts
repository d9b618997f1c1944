import assert from 'node:assert/strict';
import {openDatabase, type Database} from '../../../lib/data/database';
import {fold, rng, uniform, type Rng} from '../../../lib/math';
import {
  deriveSepsis, sepsisRows, sofaComponents, sofaRows, type QuantityName,
} from '../../../lib/studies/sepsis';
import {scoreByHand, versions} from './byHand';
import {fillInvented, type Invented} from './invented';

/** Values on and beside the edges of bands. */
const VALUES: readonly (readonly [QuantityName, number, readonly number[]])[] = [
  ['platelets', 3, [151, 150, 149, 100, 99, 50, 49, 20, 19]], ['bilirubin', 3, [1.1, 1.2, 1.9, 2, 5.9, 6, 11.9, 12]],
  ['creatinine', 3, [1.1, 1.2, 1.9, 2, 3.4, 3.5, 4.9, 5]], ['map', 6, [69, 70, 71, 60, 90]],
  ['fio2', 6, [20, 30, 50, 100]], ['pao2', 5, [20, 40, 49, 60, 80, 100, 120, 150]],
  ['gcs_eye', 5, [1, 2, 3, 4]], ['gcs_verbal', 5, [0, 1, 3, 4, 5]], ['gcs_motor', 5, [1, 4, 5, 6]],
];

/** A patient whose times lie on half hours, so that many fall on the ends of hours, and on each other. */
function randomPatient(source: Rng): Invented {
  const numbers = uniform(source, 2000);
  let next = 0;
  const draw = (): number => numbers[next++ % numbers.length];
  const whole = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1));
  const pick = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)];
  const left = whole(2, 100) / 2, time = (from = -26): number => whole(2 * from, 2 * left + 4) / 2;
  const times = (n: number): number[] => Array.from({length: whole(0, n)}, () => time());
  return {
    left, admitted: -30,
    measurements: VALUES.flatMap(([name, n, values]) => times(n).map(at => [name, at, pick(values)] as const)),
    infusions: times(3).map(start => [
      pick(['norepinephrine', 'epinephrine', 'dopamine', 'dobutamine', 'vasopressin']), start,
      start + whole(0, 6) / 2, pick([null, 0, 0.05, 0.1, 0.11, 5, 6, 15, 16]),
    ]),
    outputs: times(8).map(at => [at, pick([-50, 40, 99, 100, 200, 300])]),
    ventilation: times(2).map(start => [start, start + whole(0, 20) / 2]),
    // Midnights are at -34, -10, 14, 38.
    cultures: Array.from({length: whole(0, 4)}, () =>
      draw() < 0.3 ? [pick([-34, -10, 14, 38]), false] as const : [time(-70)] as const),
    orders: Array.from({length: whole(0, 5)}, () => [pick(['Cefepime', 'Vancomycin', 'Acyclovir']), time(-50)]),
  };
}

describe('random patients', () => {
  let database: Database;
  before(async () => {
    database = await openDatabase({memory: 200});
    await fillInvented(database, Array.from({length: 300}, (_, i) => randomPatient(fold(rng(17), i))));
  });
  after(() => database.close());

  it('are scored alike by SQL and by loops, every hour and component', async () => {
    await deriveSepsis(database);
    const sql = (await sofaRows(database)).map(row =>
      [row.stay, ...sofaComponents.map(name => row[`${name}_24h`]), row.sofa]);
    const loops = (await scoreByHand(database)).flatMap(({stay, hours}) =>
      hours.map(({components, sofa}) => [stay, ...components, sofa]));
    assert.ok(new Set(sql.map(row => row.at(-1))).size > 12, 'many scores');
    assert.deepEqual(sql, loops);
  });

  it('are suspected alike, and become septic at the same time', async () => {
    const loops = await scoreByHand(database);
    for (const [version, rules] of versions) {
      await deriveSepsis(database, rules);
      const sql = (await sepsisRows(database)).map(({stay, onset}) => [stay, onset.getTime()]);
      assert.ok(sql.length > 20, `${sql.length} stays`);
      assert.deepEqual(sql, loops.filter(each => each[version] !== undefined).map(each => [each.stay, each[version]]));
    }
  });
});
