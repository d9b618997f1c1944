import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Database} from '../../../../data/database';
import {antiInfectivePattern} from '../../antibiotics';
import {givenWords, itemLists, quantityItems, ventilationTexts} from './items';
import {quoted} from './sqlText';

/** Text of one of the SQL files of this folder, e.g. `views/stays`. */
export const sqlFile = (name: string): string => readFileSync(join(__dirname, `${name}.sql`), 'utf8');

/** What the SQL files join: digits that name rows, and what they mean. */
const rules = Object.freeze({quantityItems, itemLists, givenWords, ventilationTexts, antiInfectivePattern});

/** Fingerprint of all by which a table's rows are chosen: its SQL, items, limits and names. */
export function rulesDigest(table: string, columns: object): string {
  const text = JSON.stringify([sqlFile(`extracts/${table}`), columns, rules]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Puts the lists that the SQL files join into the current schema, and the pattern of names into a variable. */
export async function createRules(database: Database): Promise<void> {
  const items = quantityItems.map(({source, item, quantity, factor, low, high}) =>
    [source, item, quantity, factor, low, high]);
  const texts = Object.entries(ventilationTexts).flatMap(([kind, says]) =>
    Object.entries(says).map(([text, what]) => [kind, text, what]));
  await database.run([
    table('quantity_items(source, item, quantity, factor, low, high)', items),
    table('ventilation_texts(kind, "text", says)', texts),
    table('given(word)', givenWords.map(word => [word])),
    ...Object.entries(itemLists).map(([list, names]) =>
      table(`${list}(item, name)`, Object.entries(names).map(([item, name]) => [Number(item), name]))),
    `SET VARIABLE anti_infectives = ${quoted(antiInfectivePattern)}`,
  ].join(';\n'));
}

/** A table with these rows; numbers with a point or an exponent are numbers of float64. */
function table(named: string, rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) =>
    (typeof value === 'string' ? quoted(value) : Number.isSafeInteger(value) ? `${value}` : `CAST(${value} AS DOUBLE)`);
  const list = rows.map(row => `(${row.map(cell).join(', ')})`).join(', ');
  return `CREATE TABLE ${named.replace(/\(.*/, '')} AS SELECT * FROM (VALUES ${list}) AS ${named}`;
}
