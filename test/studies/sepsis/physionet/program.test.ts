import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {openDatabase} from '../../../../lib/data/database';
import {rng, uniform} from '../../../../lib/math';
import {hospital, writeHospital} from './hospital';
import {writeManyCharts} from './manyRows';

const root = resolve(__dirname, '../../../..');

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program of `npm run data`; `during` gets the process. */
function data(args: readonly string[], during?: (kill: (signal: NodeJS.Signals) => void) => void): Promise<Run> {
  return new Promise((done, fail) => {
    const program = ['--require', 'tsx/cjs', 'lib/studies/sepsis/sources/program.ts', ...args];
    const child = spawn(process.execPath, program, {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
    let out = '', err = '';
    child.stdout.on('data', chunk => (out += chunk));
    child.stderr.on('data', chunk => (err += chunk));
    child.on('error', fail);
    child.on('close', code => done({code, out, err}));
    during?.(signal => child.kill(signal));
  });
}

/** Calls back when a run has taken the folder; what an earlier one has left there is taken away before. */
function begun(folder: string, then: () => void): void {
  const lock = join(folder, 'loading.lock');
  rmSync(lock, {force: true});
  const timer = setInterval(() => {
    if (!existsSync(lock)) return;
    clearInterval(timer);
    then();
  }, 5);
  timer.unref();
}

/** What a prepared folder holds, whatever the order of rows: number and sum of fingerprints of each table. */
async function contents(folder: string): Promise<Record<string, unknown>> {
  const database = await openDatabase(), found: Record<string, unknown> = {};
  try {
    for (const name of readdirSync(folder).filter(file => file.endsWith('.parquet')).sort()) {
      const [row] = await database.rows(`
        SELECT count(*) AS rows, CAST(sum(hash(t) % 1000003) AS BIGINT) AS print
        FROM read_parquet('${join(folder, name)}') AS t`);
      found[name] = row;
    }
    return found;
  } finally {
    database.close();
  }
}

describe('npm run data', function () {
  this.timeout(240_000);
  let folder: string, from: string, to: string, whole: string;
  /** Milliseconds from its first file on that the program takes, undisturbed. */
  let span: number;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-program-'));
    [from, to, whole] = [join(folder, 'in'), join(folder, 'out'), join(folder, 'whole')];
    writeHospital(from);
    await writeManyCharts(join(from, 'icu/chartevents.csv.gz'), {rows: 1_000_000, rng: rng(1)});
    let begin = NaN;
    const {code, err} = await data(['mimic-iv', from, '--to', whole], () => begun(whole, () => {
      begin = performance.now();
    }));
    assert.equal(code, 0, err);
    span = performance.now() - begin;
  });
  after(() => rmSync(folder, {recursive: true}));

  it('killed at any time leaves nothing half written, and the next run goes on to the same result', async () => {
    const expected = await contents(whole);
    let killed = 0;
    for (const part of uniform(rng(2), 6)) {
      const run = await data(['mimic-iv', from, '--to', to], kill => begun(to, () =>
        setTimeout(() => kill('SIGKILL'), 0.8 * part * span).unref()));
      for (const [name, table] of Object.entries(await contents(to))) assert.deepEqual(table, expected[name], name);
      const manifest = join(to, 'manifest.json');
      if (existsSync(manifest)) assert.equal(JSON.parse(readFileSync(manifest, 'utf8')).format, 1);
      // What is whole is not read again, so that the next kill would come too late.
      if (run.code === 0) rmSync(to, {recursive: true});
      else killed++;
    }
    assert.ok(killed >= 2, `killed ${killed} times`);
    const {code, out} = await data(['mimic-iv', from, '--to', to]);
    assert.equal(code, 0);
    assert.match(out, /Prepared in .*out\.$/m);
    assert.deepEqual(await contents(to), expected);
    assert.equal(readdirSync(to).length, 14);
  });

  it('interrupted says so, keeps what is prepared, and the next run goes on', async () => {
    const other = join(folder, 'interrupted');
    const run = await data(['mimic-iv', from, '--to', other], kill => {
      const timer = setInterval(() => {
        if (!existsSync(join(other, 'labevents.parquet'))) return;
        clearInterval(timer);
        kill('SIGINT');
      }, 5);
      timer.unref();
    });
    assert.equal(run.code, 130, run.err);
    assert.match(run.err, /Interrupted: what was prepared stays/);
    const left = readdirSync(other);
    assert.ok(left.includes('labevents.parquet') && !left.includes('chartevents.parquet'), left.join());
    assert.deepEqual(left.filter(name => !/^(\w+\.parquet|manifest\.json|NOTICE\.txt)$/.test(name)), []);
    const {code, out} = await data(['mimic-iv', from, '--to', other]);
    assert.equal(code, 0);
    assert.match(out, /: [2-8] files read, \d+ up to date/);
  });

  it('check says what is there, what is up to date and what would be read, and writes nothing', async () => {
    const empty = join(folder, 'empty'), first = await data(['check', 'mimic-iv', from, '--to', empty]);
    assert.equal(first.code, 0);
    assert.match(first.out, /hosp\/labevents\.csv\.gz +\d+ B {2}to be read[^]*nothing is prepared/);
    assert.ok(!existsSync(empty));
    const second = await data(['check', 'mimic-iv', from, '--to', whole]);
    assert.match(second.out, /icu\/chartevents\.csv\.gz +[\d.]+ MB {2}up to date[^]*12 tables of .* are prepared/);
    assert.match(second.out, /chartevents +600,000 rows/);
    assert.equal((await data(['check', 'mimic-iv', join(folder, 'nowhere')])).code, 1);
    const damaged = join(folder, 'damaged');
    writeHospital(damaged);
    const records = join(damaged, 'hosp/emar.csv.gz');
    truncateSync(records, statSync(records).size - 6);
    const patients = readFileSync(join(damaged, 'hosp/patients.csv.gz'));
    writeFileSync(join(damaged, 'SHA256SUMS.txt'), `${createHash('sha256').update(patients).digest('hex')} `
      + `hosp/patients.csv.gz\n${'0'.repeat(64)} hosp/admissions.csv.gz\n`);
    const third = await data(['check', 'mimic-iv', damaged, '--whole', '--to', empty]);
    for (const [file, said] of [['patients', 'as published'], ['admissions', 'not as SHA256SUMS.txt says'],
      ['labevents', 'sound'], ['emar', 'it ends too early: it was cut off']]) {
      assert.match(third.out, new RegExp(`hosp/${file}\\.csv\\.gz +\\d+ B {2}to be read, ${said}$`, 'm'));
    }
  });

  it('without a word names the sources', async () => {
    const {code, out} = await data([]);
    assert.equal(code, 0);
    for (const name of ['mimic-iv', 'mimic_demo', 'eicu_demo']) assert.match(out, new RegExp(`^ {2}${name} `, 'm'));
  });

  it('answers 2 to what it does not understand, 1 to what it cannot do, and quotes no row', async () => {
    for (const args of [['nix'], ['check', 'nix'], ['mimic-iv'], ['mimic-iv', from, '--memory', 'much'],
      ['mimic-iv', from, '--memory', '100'], ['mimic-iv', from, '--to'], ['mimic-iv', from, '--other']]) {
      const {code, err} = await data(args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
      assert.match(err, /See --help\.$/m);
    }
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeHospital(broken, '2.2', {...hospital, 'hosp/patients': [{subject_id: 'SECRET', gender: 'SECRET'}]});
    const {code, out, err} = await data(['mimic-iv', broken, '--to', join(folder, 'never')]);
    assert.equal(code, 1);
    assert.match(err, /hosp\/patients\.csv\.gz, line 2, with whole numbers in column subject_id/);
    assert.ok(!/SECRET|at .*\.ts:/.test(out + err), out + err);
  });
});
