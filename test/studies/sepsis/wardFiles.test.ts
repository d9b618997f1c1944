import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {openDatabase} from '../../../lib/data/database';
import {rng} from '../../../lib/math';
import {
  fillFromMimic, fillFromWard, loadMimic, sepsisViews, simulatedWard, writeWardAsMimic, type SepsisView,
} from '../../../lib/studies/sepsis';

describe('a ward as files of MIMIC-IV', function () {
  const folder = mkdtempSync(join(tmpdir(), 'obsnode-ward-'));
  after(() => rmSync(folder, {recursive: true}));

  it('comes back from the files as it was, row by row in all eight views', async () => {
    const ward = simulatedWard({stays: 400, rng: rng(5)}), files = join(folder, 'files'), to = join(folder, 'prepared');
    const written = await writeWardAsMimic(ward, files);
    assert.ok(written.map(path => relative(files, path)).includes(join('icu', 'chartevents.csv.gz')));
    await loadMimic({from: files, to});
    const database = await openDatabase();
    try {
      await fillFromMimic(database, {folder: to, ventilation: 'procedure', gases: 'labs'});
      const views = Object.keys(sepsisViews) as SepsisView[];
      for (const view of views) await database.run(`ALTER TABLE ${view} RENAME TO read_${view}`);
      await fillFromWard(database, ward);
      for (const view of views) {
        const names = Object.keys(sepsisViews[view].columns).filter(name => name !== 'infection');
        const columns = names.map(name => `"${name}"`).join(', ');
        const [from, read] = [view, `read_${view}`].map(name => `SELECT ${columns} FROM ${name}`);
        const [{lost, added}] = await database.rows<{lost: number; added: number}>(`SELECT
          (SELECT count(*) FROM (${from} EXCEPT ALL ${read})) AS lost,
          (SELECT count(*) FROM (${read} EXCEPT ALL ${from})) AS added`);
        assert.deepEqual({view, lost, added}, {view, lost: 0, added: 0});
      }
    } finally {
      database.close();
    }
  });

  it('needs a folder', async () => {
    const ward = simulatedWard({stays: 1, rng: rng(1)});
    await assert.rejects(writeWardAsMimic(ward, ''), /writeWardAsMimic: argument `folder`/);
  });
});
