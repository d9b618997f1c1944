/**
 * Prepares a file of many rows in the layout of MIMIC-IV's `icu/chartevents`, made up here, and holds time and memory
 * against their limits: `npm run bench -- mimic [--rows N] [--memory MB]`. Exit code 1 when one is exceeded.
 * Default 30 million rows within 3 minutes and 1 GB resident; a file in temporary space of about 12 bytes a row.
 */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {openDatabase} from '../../lib/data/database';
import {rng} from '../../lib/math';
import {fillFromMimic} from '../../lib/studies/sepsis';
import {writeHospital} from '../studies/sepsis/physionet/hospital';
import {writeManyCharts} from '../studies/sepsis/physionet/manyRows';

/** Seconds and bytes that the preparation of 30 million rows may take. */
const SECONDS = 180, BYTES = 1e9;

/** Milliseconds between two looks at the memory. */
const LOOK = 100;

interface Measured {
  readonly code: number | null;
  readonly seconds: number;
  /** Most bytes resident at a time; missing where the system does not say. */
  readonly bytes?: number;
}

/** Runs the program as a reader does. */
function prepare(from: string, to: string, memory: string): Promise<Measured> {
  const program = ['--require', 'tsx/cjs', 'lib/studies/sepsis/sources/program.ts', 'mimic-iv', from, '--to', to];
  return new Promise((done, fail) => {
    const begin = performance.now();
    const child = spawn(process.execPath, [...program, '--memory', memory], {
      cwd: resolve(__dirname, '../..'), stdio: 'inherit',
    });
    let bytes: number | undefined;
    const timer = setInterval(() => (bytes = mostResident(child.pid!) ?? bytes), LOOK);
    child.on('error', fail);
    child.on('close', code => {
      clearInterval(timer);
      done({code, seconds: (performance.now() - begin) / 1000, bytes});
    });
  });
}

function mostResident(pid: number): number | undefined {
  const path = `/proc/${pid}/status`;
  const found = existsSync(path) && /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'));
  return found ? 1024 * Number(found[1]) : undefined;
}

async function countRows(path: string): Promise<number> {
  const database = await openDatabase();
  const [{rows}] = await database.rows<{rows: number}>(`SELECT count(*) AS rows FROM read_parquet('${path}')`);
  database.close();
  return rows;
}

/** Fills the views of the study, in a database that is a file. */
async function fill(prepared: string, path: string, memory: number): Promise<void> {
  const begin = performance.now(), database = await openDatabase({path, memory, temporary: `${path}.tmp`});
  await fillFromMimic(database, {folder: prepared});
  const [{rows}] = await database.rows<{rows: number}>('SELECT count(*) AS rows FROM measurements');
  database.close();
  console.log(`views filled with ${rows} measurements in ${((performance.now() - begin) / 1000).toFixed(1)} s; this `
    + `program, which made the file, at most ${megabytes(1024 * process.resourceUsage().maxRSS)} resident`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

async function main(): Promise<void> {
  const {values} = parseArgs({options: {
    rows: {type: 'string', default: '30000000'}, memory: {type: 'string', default: '500'},
  }});
  const rows = Number(values.rows), folder = mkdtempSync(join(tmpdir(), 'mimic-'));
  const [from, to] = [join(folder, 'in'), join(folder, 'out')], charts = join(from, 'icu/chartevents.csv.gz');
  try {
    writeHospital(from);
    const kept = await writeManyCharts(charts, {rows, rng: rng(1)});
    console.log(`${rows} rows, ${megabytes(statSync(charts).size)} compressed; ${cpus()[0].model}, `
      + `${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`);
    const {code, seconds, bytes} = await prepare(from, to, values.memory), prepared = join(to, 'chartevents.parquet');
    assert.equal(code, 0);
    const resident = bytes === undefined ? 'not measured' : megabytes(bytes);
    const size = megabytes(statSync(prepared).size);
    console.log(`${seconds.toFixed(1)} s, ${resident} resident at most, ${size} prepared`);
    assert.equal(await countRows(prepared), kept);
    await fill(to, join(folder, 'views'), Number(values.memory));
    const limit = SECONDS * Math.max(1, rows / 30e6);
    if (seconds > limit || (bytes ?? 0) > BYTES) {
      console.error(`The limits are ${limit} s and ${BYTES / 1e6} MB.`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
}

void main();
