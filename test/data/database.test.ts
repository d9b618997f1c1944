import assert from 'node:assert/strict';
import {openDatabase} from '../../lib/data/database';

describe('a database', () => {
  it('takes rows into a table of a schema, of another catalog, and of none', async () => {
    const database = await openDatabase({memory: 64});
    await database.run('CREATE SCHEMA ward; ATTACH \':memory:\' AS other; CREATE TABLE t (a INTEGER)');
    await database.run('CREATE TABLE ward.t (a INTEGER); CREATE TABLE other.main.t (a INTEGER)');
    const tables = ['t', 'ward.t', 'other.main.t'];
    for (const [k, table] of tables.entries()) await database.insert(table, {a: [k, 10]});
    for (const [k, table] of tables.entries())
      assert.deepEqual(await database.rows(`SELECT a FROM ${table} ORDER BY a`), [{a: k}, {a: 10}], table);
    database.close();
  });

  it('refuses columns of another table or of several lengths', async () => {
    const database = await openDatabase({memory: 64});
    await database.run('CREATE TABLE t (a INTEGER, b INTEGER)');
    await assert.rejects(database.insert('t', {a: [1]}), /must be the columns of t: a, b/);
    await assert.rejects(database.insert('t', {a: [1], b: [1, 2]}), /must be columns of one length/);
    database.close();
  });
});
