import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {writeWhole} from '../../lib/files';

/**
 * `npm run bench -- journal`: how many trials a second so many processes of this machine write to one journal, and how
 * long they wait for its lock. A trial is written in three steps, each under the lock, and takes no time beside. With
 * `--write` the result goes to data/searches/writers.json, which notebook 12 shows.
 */
const ROOT = resolve(__dirname, '../..');

const {values: {seconds, writers, write}} = parseArgs({options: {
  seconds: {type: 'string', default: '5'}, writers: {type: 'string', default: '1,2,4,8,16'}, write: {type: 'boolean'},
}});

/** What a writer says. */
interface Said {
  readonly trials: number;
  readonly took: number;
  /** For the lock, and for reading what is new [ms]. */
  readonly waits: readonly number[];
  /** Sum [ms]. */
  readonly held: number;
  /** Processor seconds. */
  readonly used: number;
}

async function measured(folder: string, count: number) {
  const path = join(folder, `${count}.log`), go = join(folder, `${count}.go`);
  const names = Array.from({length: count}, (_, k) => join(folder, `${count}-${k}`));
  writeFileSync(path, `${JSON.stringify({op_code: 0, worker_id: 'bench', study_name: 'bench', directions: [1]})}\n`);
  const ends = names.map(mine => new Promise<void>((done, fail) => spawn(process.execPath, [
    '--require', 'tsx/cjs', join(__dirname, '_journalWriter.ts'), path, go, mine, seconds,
  ], {stdio: 'inherit', cwd: ROOT}).on('exit', code => (code === 0 ? done() : fail(new Error(`a writer: ${code}`))))));
  while (!names.every(mine => existsSync(`${mine}.ready`))) await sleep(20);
  writeFileSync(go, '');
  await Promise.all(ends);
  const said = names.map(mine => JSON.parse(readFileSync(`${mine}.json`, 'utf8')) as Said);
  const waits = said.flatMap(one => one.waits).sort((a, b) => a - b), appends = waits.length;
  const at = (share: number) => round(waits[Math.min(appends - 1, Math.floor(share * appends))]);
  return {
    writers: count, trialsPerSecond: round(total(said.map(({trials, took}) => trials / took))),
    appendsPerSecond: round(total(said.map(one => one.waits.length / one.took))), waitMedian: at(0.5), wait99: at(0.99),
    writing: round(total(said.map(({held}) => held)) / appends),
    processor: round(1000 * total(said.map(({used}) => used)) / appends),
    bytesPerTrial: Math.round(statSync(path).size / total(said.map(({trials}) => trials))), load: round(loadavg()[0]),
  };
}

const total = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const round = (value: number): number => Number(value.toPrecision(3));

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-journal-')), rows = [];
  try {
    for (const count of writers.split(',').map(Number)) rows.push(await measured(folder, count));
  } finally {
    rmSync(folder, {recursive: true});
  }
  const made = {
    by: `npm run bench -- journal --write --seconds ${seconds}`, node: process.version, processor: cpus()[0].model,
    processors: cpus().length, disk: 'local',
    units: 'waits, writing, processor: ms an append; three appends a trial',
  };
  console.table(rows);
  if (!write) return;
  const lines = rows.map(row => `    ${JSON.stringify(row)}`).join(',\n');
  const text = `{\n  "made": ${JSON.stringify(made)},\n  "rows": [\n${lines}\n  ]\n}\n`;
  writeWhole(join(ROOT, 'data', 'searches', 'writers.json'), text);
}

void main();
