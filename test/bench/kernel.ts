import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {join, resolve} from 'node:path';
import {snapshotPath} from '../../kernels/jupyter/snapshot';
import {JupyterClient} from '../kernels/support/jupyterClient';

// `npm run bench:kernel`: our kernel beside tslab on the same machine in the same minutes, each three times in turn,
// after one start of each that does not count (our first start makes the snapshot that later ones use). tslab is
// started the way our kernelspec does it, without which it cannot import the library.

const ROOT = resolve(__dirname, '../..');
const TSLAB = [process.execPath, join(ROOT, 'kernels/jupyter/tslab.cjs'), 'kernel', '--config-path'];
const ROUNDS = 3;

/** Longest time in ms for one cell. */
const PATIENCE = 120_000;

/** One column of the result; times in ms, memory in MiB. */
type Figures = Record<'start' | 'first' | 'trivial' | 'library' | 'after' | 'memory', number>;

const LABELS: Readonly<Record<keyof Figures, string>> = {
  start: 'start: first answer to kernel_info (ms)',
  first: 'first result after start (ms)',
  trivial: 'trivial cell, median of 20 (ms)',
  library: 'cell that imports lib/index (ms)',
  after: 'trivial cell after it, median of 20 (ms)',
  memory: 'resident memory after 100 cells (MiB)',
};

/** A cell that gave no result in time. */
class Silence extends Error {}

/** Measures again after a silence; three of them are too many. */
async function patiently<T>(attempt: () => Promise<T>, left = 2): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Silence) || left === 0) throw error;
    console.error('a cell gave no result; that kernel is started again');
    return patiently(attempt, left - 1);
  }
}

async function measure(argv?: readonly string[]): Promise<Figures> {
  const begin = performance.now();
  const kernel = await JupyterClient.start(argv, join(ROOT, 'notebooks'));
  try {
    const start = performance.now() - begin;
    await result(kernel, '1 + 1');
    const first = performance.now() - begin;
    await settle(kernel);
    const trivial = await median(kernel, 20);
    const library = await result(kernel, "import {rng, uniform} from '../lib/index';\nuniform(rng(1), 3).length");
    await settle(kernel);
    const after = await median(kernel, 20);
    for (let i = 0; i < 60; i++) await result(kernel, `const v${i} = uniform(rng(${i}), 3); ${i}`);
    await settle(kernel);
    return {start, first, trivial, library, after, memory: memoryOfTree(kernel.process.pid!)};
  } finally {
    kernel.close();
  }
}

/** A start of each, so that every later one finds the caches of the disk, and ours the snapshot. */
async function prepare(): Promise<void> {
  for (const argv of [undefined, TSLAB]) {
    const kernel = await JupyterClient.start(argv, join(ROOT, 'notebooks'));
    await result(kernel, '1 + 1');
    if (!argv) await snapshotMade();
    kernel.close();
  }
}

async function snapshotMade(): Promise<void> {
  for (let seconds = 0; seconds < 120 && !existsSync(snapshotPath(ROOT)); seconds++)
    await new Promise((done) => setTimeout(done, 1000));
}

/** Time from the request to the value on screen; tslab sends it as display_data or stream, we as execute_result. */
async function result(kernel: JupyterClient, code: string): Promise<number> {
  const begin = performance.now();
  const id = await kernel.send('shell', 'execute_request', {
    code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true,
  });
  const shows = ['execute_result', 'display_data', 'stream'];
  await kernel.until(() => late(begin)
    ?? kernel.published.find(({parent, header}) => parent.msg_id === id && shows.includes(header.msg_type)));
  const time = performance.now() - begin;
  await kernel.answerTo(id);
  return time;
}

/** tslab now and then answers with nothing, when it has tripped over its own watcher of files. */
function late(begin: number): undefined {
  if (performance.now() - begin > PATIENCE) throw new Silence('a cell gave no result');
  return undefined;
}

/** Lets work in the background come to its end, so that each figure is of one thing. */
async function settle(kernel: JupyterClient): Promise<void> {
  await kernel.ask('complete_request', {code: 'parseI', cursor_pos: 6});
  await new Promise((done) => setTimeout(done, 1500));
}

async function median(kernel: JupyterClient, n: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < n; i++) times.push(await result(kernel, `${i} + 1`));
  return middle(times);
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Memory of a process and all it started, in MiB; pages that they share count once. */
function memoryOfTree(root: number): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(statusOf);
  const family = new Set([root]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const {pid, parent} of processes) if (family.has(parent)) family.add(pid);
  }
  return processes.filter(({pid}) => family.has(pid)).reduce((sum, {resident}) => sum + resident, 0);
}

function statusOf(name: string): {pid: number; parent: number; resident: number}[] {
  try {
    const text = readFileSync(`/proc/${name}/status`, 'utf8');
    const parent = Number(/^PPid:\s+(\d+)/m.exec(text)?.[1]);
    const shared = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/smaps_rollup`, 'utf8'))?.[1]);
    return [{pid: Number(name), parent, resident: shared / 1024}];
  } catch {
    return []; // ended meanwhile
  }
}

async function main(): Promise<void> {
  await prepare();
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await patiently(() => measure()));
    theirs.push(await patiently(() => measure(TSLAB)));
    console.error(`round ${round + 1} of ${ROUNDS} done`);
  }
  console.log(
    `median of ${ROUNDS} rounds in turn, Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log(`${''.padEnd(48)}${'obsnode'.padStart(9)}${'tslab'.padStart(9)}`);
  for (const key of Object.keys(LABELS) as (keyof Figures)[]) {
    const cells = [ours, theirs].map((all) => middle(all.map((figures) => figures[key])).toFixed(0).padStart(9));
    console.log(LABELS[key].padEnd(48) + cells.join(''));
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
