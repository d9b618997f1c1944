import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {openDatabase} from '../../../../lib/data/database';
import {rng} from '../../../../lib/math';
import {loadMimic, quantities, type LoadProgress} from '../../../../lib/studies/sepsis';
import {engineFault} from '../../../../lib/studies/sepsis/sources/physionet/engineFault';
import {leastPosition} from '../../../../lib/studies/sepsis/sources/physionet/enginePosition';
import {gitWarning} from '../../../../lib/studies/sepsis/sources/physionet/gitTree';
import {columnNames} from '../../../../lib/studies/sepsis/sources/physionet/header';
import {readThrough} from '../../../../lib/studies/sepsis/sources/physionet/readThrough';
import {bytesText} from '../../../../lib/studies/sepsis/sources/physionet/refusal';
import {createRules} from '../../../../lib/studies/sepsis/sources/physionet/rules';
import {writeHospital} from './hospital';
import {writeManyCharts} from './manyRows';

const SECRET = 'SECRET4711';

describe('Parts of the loader of MIMIC-IV', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'obsnode-parts-'))));
  afterEach(() => rmSync(folder, {recursive: true}));

  it('errors of the engine are told without what they quote, also those that nobody has seen yet', () => {
    const columns = {valuenum: 'DOUBLE', charttime: 'TIMESTAMP'} as const;
    for (const message of [
      `Conversion Error: CSV Error on Line: 7\nOriginal Line: ${SECRET}\nError when converting column "valuenum". No`,
      `Invalid Input Error: CSV Error on Line: 8\nOriginal Line: ${SECRET}\nExpected Number of Columns: 4 Found: 5`,
      `INTERNAL Error: Attempted to access ${SECRET} within vector`, `${SECRET} Error: what`, SECRET, '',
      `Out of Memory Error: ${SECRET}`, `IO Error: No space left on device ${SECRET}`,
      `Conversion Error: Could not convert string "${SECRET}" to DOUBLE`,
    ]) {
      const told = JSON.stringify(engineFault(new Error(message), columns));
      assert.ok(!told.includes(SECRET), told);
    }
    const conversion = new Error('Conversion Error: CSV Error on Line: 7\nconverting column "charttime"');
    assert.deepEqual(engineFault(conversion, columns), {
      kind: 'cell', line: 7, column: 'charttime', received: 'text that is not a date with a time (not shown here)',
    });
    assert.equal(engineFault(new Error('Out of Memory Error: failed'), columns).kind, 'memory');
    assert.equal(engineFault(new Error('IO Error: x: No space left on device'), columns).kind, 'disk');
    assert.equal(engineFault('no error at all', columns).kind, 'other');
  });

  it('a folder in a git work tree is warned of, unless git ignores it', function () {
    if (spawnSync('git', ['init', '-q', folder]).status !== 0) {
      console.log('      skipped: git is not here');
      return this.skip();
    }
    writeFileSync(join(folder, '.gitignore'), 'cache/\n');
    assert.match(gitWarning(join(folder, 'not', 'yet', 'there'))!, /does not ignore it; .*must not be committed/);
    assert.equal(gitWarning(join(folder, 'cache', 'mimic-iv')), undefined);
    assert.match(gitWarning(join(folder, 'cache'), 'no-such-program')!, /git could not be asked/);
    const outside = mkdtempSync(join(tmpdir(), 'obsnode-outside-'));
    assert.equal(gitWarning(outside), undefined);
    rmSync(outside, {recursive: true});
  });

  it('the project ignores the folder that is the default', function () {
    if (spawnSync('git', ['--version']).status !== 0) return this.skip();
    assert.equal(gitWarning(join(__dirname, '../../../../data/cache/mimic-iv')), undefined);
  });

  it('headers are read in lower case, with marks and quotes taken off, and no further than they go', async () => {
    const path = join(folder, 'x.csv'), zipped = `${path}.gz`;
    writeFileSync(path, '\uFEFFSubject_id,"ITEMID",value\r\n1,2,3\r\n');
    assert.deepEqual(await columnNames(path), ['subject_id', 'itemid', 'value']);
    const long = gzipSync(`a,b\n${'1,2\n'.repeat(1e5)}`);
    writeFileSync(zipped, long.subarray(0, long.length / 2));
    assert.deepEqual(await columnNames(zipped), ['a', 'b']);
    writeFileSync(path, '');
    assert.deepEqual(await columnNames(path), []);
  });

  it('characters that lie across two blocks are text, half ones are not', async () => {
    const path = join(folder, 'x.csv'), text = Buffer.from('ä€😀'.repeat(400_000));
    for (const shift of [0, 1, 2, 3]) {
      writeFileSync(path, Buffer.concat([Buffer.from('x'.repeat(shift)), text]));
      assert.equal((await readThrough(path, {})).fault, undefined);
    }
    writeFileSync(path, text.subarray(0, text.length - 1));
    assert.equal((await readThrough(path, {})).fault, 'ends within a character');
    writeFileSync(path, Buffer.concat([text, Buffer.from([0x80])]));
    assert.match((await readThrough(path, {})).fault!, /no UTF-8 near byte/);
  });

  it('reading through can be stopped', async () => {
    const path = join(folder, 'x.csv');
    writeFileSync(path, 'x'.repeat(1e6));
    await assert.rejects(readThrough(path, {signal: AbortSignal.abort()}), {name: 'AbortError'});
  });

  it('says how far a file is read, where the system says it', async function () {
    const path = join(realpathSync(folder), 'x.csv');
    writeFileSync(path, 'x'.repeat(1000));
    assert.equal(leastPosition(path), undefined);
    const file = await open(path);
    await file.read(Buffer.alloc(600), 0, 600);
    if (process.platform === 'linux') assert.equal(leastPosition(path), 600);
    await file.close();
  });

  it('progress never goes back, ends with all, and has a time left when there is one to tell', async () => {
    writeHospital(folder);
    await writeManyCharts(join(folder, 'icu/chartevents.csv.gz'), {rows: 1_500_000, rng: rng(3)});
    const told: LoadProgress[] = [];
    const out = join(folder, 'out');
    const loaded = await loadMimic({from: folder, to: out, progress: progress => told.push(progress)});
    const done = told.map(progress => progress.done);
    // Each file once at its end, and the large one within.
    assert.ok(done.length > loaded.read.length, done.join());
    assert.ok(done.every((bytes, k) => k === 0 || bytes >= done[k - 1]), done.join());
    assert.equal(done.at(-1), told[0].total);
    for (const {left} of told) assert.ok(left === undefined || (left >= 0 && Number.isFinite(left)));
  });

  it('items and limits reach the engine as they are', async () => {
    const database = await openDatabase();
    await createRules(database);
    const [{items, low}] = await database.rows<{items: number; low: number}>(
      'SELECT count(*) AS items, min(low) FILTER (low > 0) AS low FROM quantity_items');
    const all = Object.values(quantities).flatMap(({items: {labs = [], charts = []}}: {
      items: {labs?: readonly number[]; charts?: readonly number[]};
    }) => [...labs, ...charts]);
    assert.deepEqual([items, low], [all.length, 2 ** -1022]);
    database.close();
  });

  it('limits are numbers that threads of ONNX Runtime do not take for 0', () => {
    for (const [name, {limits}] of Object.entries(quantities))
      for (const limit of limits) assert.ok(limit === 0 || Math.abs(limit) >= 2 ** -1022, `${name}: ${limit}`);
  });

  it('bytes are told in units that can be read', () =>
    assert.deepEqual([0, 999, 1000, 123_456, 1.5e9].map(bytesText), ['0 B', '999 B', '1.0 kB', '123 kB', '1.5 GB']));

  it('a file that is a link is read like the one it leads to', async () => {
    const links = join(folder, 'links');
    writeHospital(join(folder, 'real'));
    mkdirSync(links);
    for (const module of ['hosp', 'icu']) symlinkSync(join(folder, 'real', module), join(links, module), 'junction');
    assert.equal((await loadMimic({from: links, to: join(folder, 'out')})).read.length, 12);
  });
});
