import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {trajectoriesFromTable, type TableRoles} from '../../lib';

const roles: TableRoles = {
  timeUnit: 'h', outcomes: [{name: 'pulse', unit: '1/min'}], treatments: [{name: 'rate', unit: 'ml/h'}],
  statics: [{name: 'age', unit: 'a'}],
};
const header = 'unit,time,variable,value';
const SOUND = [header, 'p,0,pulse,80', 'p,0,rate,2', 'p,1.5,pulse,72', 'p,,age,61', 'q,0,rate,0', 'q,2,pulse,90',
  'q,3,pulse,88', 'q,,age,47'];
/** The sound table with some lines changed, by number; 0 is the header. */
const withLines = (changed: Readonly<Record<number, string>>) => SOUND.map((line, k) => changed[k] ?? line);
const more = (...lines: string[]) => [...SOUND, ...lines];
const without = (...rows: number[]) => SOUND.filter((_, k) => !rows.includes(k));

/** What reaches a reader's program as a table, and what it is told: where, what stands there, what to do. */
const BROKEN: readonly (readonly [
  claim: string, lines: readonly string[] | string, said: readonly RegExp[], roles?: Partial<TableRoles>,
])[] = [
  ['an empty file', '', [/It is empty: a table has a header line/]],
  ['a header alone', [header], [/at least one row below its header/, /whose, when, of what, and the value/]],
  [
    'a missing column', withLines({0: 'unit,hour,variable,value'}),
    [/with a column named "time"; received \["unit", "hour"/, /holds the time: columns: {time: '...'}/],
  ],
  [
    'a column written in another way', withLines({0: 'Unit,time,variable,value'}),
    [/column named "unit"/, /Is it "Unit"\?/],
  ],
  ['semicolons', SOUND.map(line => line.replaceAll(',', ';')), [/no comma, but ";": give the option delimiter/]],
  ['semicolons behind the mark of UTF-8', `\uFEFF${SOUND.join('\n').replaceAll(',', ';')}`, [/no comma, but ";"/]],
  ['a row with a cell too many', withLines({3: 'p,1.5,pulse,72,5'}), [/row 3 has 5 cells, the header 4/]],
  [
    'a quote that never closes', withLines({3: 'p,1.5,"pulse,72'}),
    [/Quote Not Closed: it opens in line 4 .* cell 3: close it/],
  ],
  [
    'text among numbers', withLines({3: 'p,1.5,pulse,high'}),
    [/a number in column "value", for pulse of p \(row 3 below the header\); received "high"\. Write a number/],
  ],
  [
    'the same fault in several rows', more(...Array.from({length: 9}, (_, k) => `q,${k + 4},pulse,?`)),
    [/\(row 9 below the header\)/, /missing: \["\?"\]\. So it is in rows 10, 11, 12, 13, 14 and 3 more\./],
  ],
  ['NA', withLines({3: 'p,1.5,pulse,NA'}), [/row 3 .*received "NA"\. Leave cells empty .* missing: \["NA"\]/]],
  ['NaN', withLines({3: 'p,1.5,pulse,NaN'}), [/row 3 .*received "NaN"\. Leave cells empty/]],
  ['an infinite number', withLines({3: 'p,1.5,pulse,-inf'}), [/row 3 .*received "-inf"\. A number is finite/]],
  [
    'a number too large for any', withLines({3: 'p,1.5,pulse,1e999'}),
    [/row 3 .*"1e999"\. It is larger than any number/],
  ],
  ['a limit of detection', withLines({3: 'p,1.5,pulse,<40'}), [/row 3 .*received "<40"\. A limit of detection/]],
  [
    'a number with its unit', withLines({3: 'p,1.5,pulse,72 bpm'}),
    [/row 3 .*received "72 bpm"\. Write the number alone/],
  ],
  ['words for yes and no', withLines({2: 'p,0,rate,yes'}), [/for rate of p \(row 2 .*received "yes"\. Write 1 or 0/]],
  ['decimal commas', withLines({3: 'p,1.5,pulse,"72,5"'}), [/row 3 .*received "72,5"\. If all .* decimal: ','/]],
  [
    'thousands, which may be decimals', withLines({3: 'p,1.5,pulse,"7,250"'}),
    [/received "7,250"\. Write it without separators of thousands; .*decimal: ','/],
  ],
  [
    'decimal commas mixed with points', SOUND.map(line => line.replaceAll(',', ';')),
    [/column "time", for p \(row 3 .*received "1\.5"\. It has a decimal point, and decimal: ',' promises commas/],
    {delimiter: ';', decimal: ','},
  ],
  [
    'an empty time', withLines({3: 'p,,pulse,72'}),
    [/a number in column "time", for p \(row 3 .*received ""\. Say when/],
  ],
  [
    'a time that is none', withLines({3: 'p,inf,pulse,72'}),
    [/column "time", for p \(row 3 .*"inf"\. A number is finite/],
  ],
  [
    'a time of day', withLines({3: 'p,08:30,pulse,72'}),
    [/column "time".*received "08:30"\. It looks like a time of day/],
  ],
  ['a date for a time', withLines({3: 'p,2024-03-01,pulse,72'}), [/received "2024-03-01"\. Dates .* clock: 'dates'/]],
  [
    'a day that does not exist', SOUND.map(line => line.replace(/^([pq]),([\d.]+)/, '$1,2024-02-30')),
    [/a date in column "time", for p \(row 1 .*"2024-02-30"\. Write dates as 2024-03-01/], {clock: 'dates'},
  ],
  ['a unit of time that no date has', SOUND, [/`timeUnit` must be one of s, min, h, d, w for dates; received "visit"/],
    {clock: 'dates', timeUnit: 'visit', outcomes: roles.outcomes}],
  [
    'an empty unit', withLines({3: ' ,1.5,pulse,72'}),
    [/filled in column "unit" \(row 3 below the header\).*fill the cell/],
  ],
  ['an empty variable', withLines({3: 'p,1.5,,72'}), [/filled in column "variable" \(row 3/]],
  [
    'a variable without a role', withLines({3: 'p,1.5,temp,37'}),
    [/have a role in column "variable" \(row 3 .*received "temp"\. Make it an outcome, .*ignore: \["temp"\]/],
  ],
  ['a variable written in two ways', withLines({3: 'p,1.5,Pulse,72'}), [/received "Pulse"\. Is it "pulse"\?/]],
  [
    'a variable that never occurs', SOUND, [/with a value of "lactate"; received \["pulse", "rate", "age"\]/],
    {covariates: [{name: 'lactate', unit: 'mmol/l'}]},
  ],
  [
    'one measurement twice', more('p,1.5,pulse,74'),
    [/one row for pulse of p at time 1\.5 \(row 9 .*received \[72, 74\]\. Row 3 says it too.*duplicates: 'mean' or/],
  ],
  ['a unit without an outcome', without(6, 7), [/measured outcome \(pulse\) of every unit; received "none of q"/]],
  ['a unit whose outcome was never filled in', withLines({6: 'q,2,pulse,', 7: 'q,3,pulse,'}), [/received "none of q"/]],
  ['a unit with one time', withLines({3: 'p,0,age,61'}), [/at least two times a unit; received "one, 0, of p"/]],
  [
    'a treatment that is open at the start', withLines({5: 'q,2.5,rate,1'}),
    [/a row for rate at the first time of every unit; received "q from 2 on, rate from 2\.5 on"\. .*before: 0 /],
  ],
  ['a unit without a word of the treatment', without(5), [/received "q from 2 on, no rate"/, /before: 'unknown'/]],
  [
    'a static value that changes', more('p,,age,62'),
    [/61 as age of p \(row 9 .*received 62\. Row 4 says so, and a static/],
  ],
  ['a static value that is missing', without(8), [/a row for age of every unit; received "none for q"/]],
  [
    'times by the second, far too fine', more(...Array.from({length: 2000}, (_, k) => `p,${k + 2}.25,pulse,70`)),
    [/at most 1000 times a unit; received "2002 times of p"\. Give a step, such as step: 8 \(h\)/],
  ],
  [
    'a step that is too short', more('p,1e9,pulse,70'),
    [/at most 1000 times a unit; received "10000000001 times of p"\. Give a longer step, such as step: 4000000/],
    {step: 0.1},
  ],
  ['one variable in two roles', SOUND, [/one role for each variable; received "age"/], {covariates: roles.statics}],
  ['nothing to forecast', SOUND, [/`outcomes` must be at least one to forecast/], {outcomes: []}],
  ['a step that is none', SOUND, [/`step` must be a duration > 0, in h; received 0/], {step: 0}],
];

describe('Tables that are broken', () => {
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'obsnode-table-')); });
  after(() => rmSync(folder, {recursive: true}));
  const read = async (lines: readonly string[] | string, more: Partial<TableRoles> = {}) => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, typeof lines === 'string' ? lines : lines.join('\n'));
    return trajectoriesFromTable(path, {...roles, ...more});
  };

  it('the table that the others are made of is sound', async () => {
    const {ids, name, statics} = await read(SOUND);
    assert.deepEqual([ids, name, Array.from(statics.data)], [['p', 'q'], 'table.csv', [61, 47]]);
  });

  for (const [claim, lines, said, more] of BROKEN)
    it(`say where and what to do: ${claim}`, () => assert.rejects(read(lines, more), (error: Error) => {
      if (process.env.SHOW_MESSAGES) console.log(`      ${error.message}`);
      assert.equal(error.name, 'ArgumentError');
      for (const pattern of said) assert.match(error.message, pattern);
      return true;
    }));
});
