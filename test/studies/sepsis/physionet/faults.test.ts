import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {constants, gunzipSync, gzipSync} from 'node:zlib';
import {rng, uniform} from '../../../../lib/math';
import {loadMimic} from '../../../../lib/studies/sepsis';
import {csvText, headers, hospital, writeHospital} from './hospital';

/** Stands for what belongs to a patient: no message may hold it. */
const SECRET = 'SECRET4711';

const labs = 'hosp/labevents';

describe('Files of MIMIC-IV that are not as they should be', function () {
  this.timeout(240_000);
  let root: string, from: string, to: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'obsnode-faults-'));
    [from, to] = [join(root, 'in'), join(root, 'out')];
    writeHospital(from);
  });
  afterEach(() => rmSync(root, {recursive: true}));
  const file = (name: string) => join(from, `${name}.csv.gz`);
  const text = (name: string) => gunzipSync(readFileSync(file(name))).toString();

  /** The loader refuses with this message, quotes nothing, leaves nothing half written, and goes on when all is well. */
  async function refused(message: RegExp, options: {prepared?: number; free?: () => Promise<number>} = {}) {
    const {prepared = 4, free} = options, plenty = free && (() => Promise.resolve(1e12));
    const error: Error = await loadMimic({from, to, free}).then(() => assert.fail('was not refused'), e => e);
    assert.match(error.message, message);
    assert.match(error.message, /^loadMimic: argument `(from|to)` must be .*; received .*\. [A-Z].*\.$/s);
    assert.ok(![error.message, error.stack, JSON.stringify(error)].some(part => part?.includes(SECRET)), error.message);
    const left = existsSync(to) ? readdirSync(to) : [];
    assert.deepEqual(left.filter(name => !/^(\w+\.parquet|manifest\.json|NOTICE\.txt)$/.test(name)), []);
    assert.equal(left.filter(name => name.endsWith('.parquet')).length, prepared);
    rmSync(from, {recursive: true});
    writeHospital(from);
    const {read, manifest} = await loadMimic({from, to, free: plenty});
    assert.ok(read.length > 0 && Object.keys(manifest.tables).length === 12);
  }

  /** Labs of a size that a cut goes through the middle of. */
  function manyLabs(): string {
    const rows = Array.from(uniform(rng(1), 4000), (u, k) => ({
      subject_id: 1001, specimen_id: k, itemid: 50912, charttime: '2152-03-01 13:00:00', valuenum: u.toFixed(6),
      value: SECRET,
    }));
    return csvText(headers['2.2'][labs], rows);
  }

  it('cut off within: refused', async () => {
    const whole = gzipSync(manyLabs());
    writeFileSync(file(labs), whole.subarray(0, Math.floor(0.6 * whole.length)));
    await refused(/hosp\/labevents\.csv\.gz.*cut off.*Download hosp\/labevents\.csv\.gz again/);
  });

  it('cut off at the end of a line, where the text alone does not tell: refused', async () => {
    const lines = manyLabs().split('\n'), half = `${lines.slice(0, 2000).join('\n')}\n`;
    writeFileSync(file(labs), gzipSync(half, {finishFlush: constants.Z_SYNC_FLUSH}));
    await refused(/hosp\/labevents\.csv\.gz.*cut off/);
  });

  it('with another digit than was compressed: refused', async () => {
    const stored = gzipSync(manyLabs(), {level: 0}), at = stored.indexOf('2152-03-01 13');
    stored[at + 3] = '9'.charCodeAt(0);
    writeFileSync(file(labs), stored);
    await refused(/hosp\/labevents\.csv\.gz.*damaged/);
  });

  it('with another checksum than PhysioNet says: refused; with the same: read', async () => {
    const sum = createHash('sha256').update(readFileSync(file('hosp/patients'))).digest('hex');
    writeFileSync(join(from, 'SHA256SUMS.txt'), `${sum} hosp/patients.csv.gz\n${sum}  hosp/admissions.csv.gz\n`);
    await refused(/hosp\/admissions\.csv\.gz.*SHA256SUMS/, {prepared: 1});
  });

  const cell = (name: string, column: string, value: string) => {
    const header = headers['2.2'][name], rows = hospital[name].map(row => ({...row}));
    rows[1] = {...rows[1], [column]: value};
    writeFileSync(file(name), gzipSync(csvText(header, rows)));
  };

  it('with text where a number or a time belongs: refused by file, line and column', async () => {
    cell(labs, 'valuenum', SECRET);
    await refused(/labevents\.csv\.gz, line 3, with numbers in column valuenum; received "text that is not a number/);
    rmSync(to, {recursive: true});
    cell('icu/icustays', 'intime', SECRET);
    await refused(/icu\/icustays\.csv\.gz, line 3, with dates with times in column intime/, {prepared: 2});
    rmSync(to, {recursive: true});
    cell('icu/chartevents', 'itemid', `${SECRET},"\n`);
    await refused(/icu\/chartevents\.csv\.gz, line 3, with whole numbers in column itemid/, {prepared: 5});
  });

  it('with too many cells, or a quote that does not end: refused by file and line', async () => {
    writeFileSync(file(labs), gzipSync(`${text(labs)}${','.repeat(16)}${SECRET}\n`));
    await refused(/hosp\/labevents\.csv\.gz, line \d+.*a row of 17 cells where the header has 16/);
    rmSync(to, {recursive: true});
    writeFileSync(file(labs), gzipSync(`${text(labs)}${','.repeat(15)}"${SECRET}\n`));
    await refused(/hosp\/labevents\.csv\.gz, line \d+.*a quoted cell that never ends/);
  });

  it('with bytes that are no text: refused', async () => {
    const row = Buffer.concat([Buffer.from(`7,7,${SECRET}`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(file(labs), gzipSync(Buffer.concat([Buffer.from(text(labs)), row])));
    await refused(/hosp\/labevents\.csv\.gz.*holds no UTF-8 near byte \d+/);
    rmSync(to, {recursive: true});
    writeFileSync(file(labs), gzipSync(text(labs).replace('ART.', `ART\0${SECRET}`)));
    await refused(/hosp\/labevents\.csv\.gz.*holds NUL characters/);
  });

  it('empty, or of another kind than its name says: refused', async () => {
    writeFileSync(file(labs), '');
    await refused(/hosp\/labevents\.csv\.gz with a line of column names; received "an empty file"/, {prepared: 0});
    writeFileSync(file(labs), `${SECRET}${manyLabs()}`);
    await refused(/hosp\/labevents\.csv\.gz.*cannot be read/, {prepared: 12});
  });

  it('without a column: refused by file and column', async () => {
    writeFileSync(file(labs), gzipSync(manyLabs().replace('specimen_id', SECRET).replace('valuenum', 'number')));
    await refused(/hosp\/labevents\.csv\.gz with the columns specimen_id, valuenum;/, {prepared: 0});
  });

  it('without a file that must be there: refused by its name', async () => {
    rmSync(file(labs));
    rmSync(file('icu/chartevents'));
    await refused(/with hosp\/labevents\.csv\.gz, icu\/chartevents\.csv\.gz; received "a folder wi/, {prepared: 0});
  });

  it('of another data set or an older release: refused by name', async () => {
    const charts = text('icu/chartevents');
    writeFileSync(file('icu/chartevents'), gzipSync(charts.replace('caregiver_id,', '')));
    await refused(/MIMIC-IV 2\.1 or older/, {prepared: 0});
    rmSync(to, {recursive: true});
    writeFileSync(file('icu/chartevents'), gzipSync(charts.replace('stay_id', 'icustay_id')));
    await refused(/MIMIC-III/, {prepared: 0});
    rmSync(to, {recursive: true});
    mkdirSync(join(from, 'core'));
    await refused(/MIMIC-IV 1\.0 or older/, {prepared: 0});
    rmSync(to, {recursive: true});
    writeFileSync(join(from, 'ICUSTAYS.csv.gz'), '');
    await refused(/MIMIC-III/, {prepared: 0});
    rmSync(to, {recursive: true});
    for (const name of ['patient', 'lab']) writeFileSync(join(from, `${name}.csv.gz`), '');
    await refused(/eICU/, {prepared: 0});
  });

  it('in a folder that is none, or one above: refused, and where they lie is said', async () => {
    renameSync(from, join(root, 'moved'));
    mkdirSync(from);
    renameSync(join(root, 'moved'), join(from, 'mimic-iv-2.2'));
    await refused(/a folder above it.*Name .*mimic-iv-2\.2\.$/, {prepared: 0});
    const to2 = join(root, 'b');
    await assert.rejects(loadMimic({from: join(root, 'nowhere'), to: to2}), /a folder that is not there/);
    await assert.rejects(loadMimic({from: file(labs), to: to2}), /received "a file"/);
    assert.ok(!existsSync(to2));
  });

  it('need room: where it is not there they are not begun', async () => {
    await refused(/out with 1\d\d MB free; received "5\.0 MB free"/, {prepared: 0, free: () => Promise.resolve(5e6)});
  });

  it('end on a full disk without a half-written table', async function () {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk], {stdio: 'ignore'});
    } catch {
      console.log('      skipped: only a superuser can make a small disk');
      return this.skip();
    }
    try {
      to = join(disk, 'out');
      const rows = Array.from(uniform(rng(2), 200_000), u => ({
        subject_id: 1001, itemid: 50912, charttime: '2152-03-01 13:00:00', valuenum: 100 * u,
      }));
      writeFileSync(file(labs), gzipSync(csvText(headers['2.2'][labs], rows)));
      await refused(/out with room for what is kept of hosp\/labevents\.csv\.gz; received "a disk that is full"/, {
        free: () => Promise.resolve(1e12),
      });
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('are read by one run at a time', async () => {
    mkdirSync(to);
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']), ended = once(other, 'exit');
    try {
      writeFileSync(join(to, 'loading.lock'), String(other.pid));
      const message = new RegExp(`without another run in it; received "process ${other.pid}"`);
      await assert.rejects(loadMimic({from, to}), message);
      assert.deepEqual(readdirSync(to), ['loading.lock']);
    } finally {
      other.kill();
      await ended;
    }
    // A process that is no longer there holds nothing.
    writeFileSync(join(to, 'labevents.parquet.7.tmp'), 'half');
    const [first, second] = await Promise.allSettled([loadMimic({from, to}), loadMimic({from, to})]);
    assert.deepEqual([first.status, second.status].sort(), ['fulfilled', 'rejected']);
    // Nor does one that had the number of this one.
    writeFileSync(join(to, 'loading.lock'), String(process.pid));
    assert.equal((await loadMimic({from, to})).kept.length, 12);
    assert.ok(statSync(join(to, 'labevents.parquet')).size > 0);
    assert.equal(readdirSync(to).length, 14);
  });

  it('are not begun with options that make no sense', async () => {
    await assert.rejects(loadMimic({from, to, memory: 10}), /argument `memory` must be a whole number >= 200/);
    await assert.rejects(loadMimic({from, to, threads: 0}), /argument `threads` must be a whole number >= 1/);
    assert.ok(!existsSync(to));
  });
});
