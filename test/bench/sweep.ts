import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {availableParallelism, cpus, loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {runs} from '../../lib/experiments';
import {defaultProvider} from '../../lib/graph';
import {trainableCancer} from '../../lib/studies/cancer';

/**
 * `npm run bench -- sweep`: what a sweep takes beside its trainings, and whether its processes always have one in hand.
 * Overheads are processor seconds, which a loaded machine hardly changes; what share of the time a process had a
 * training in hand is read from the clock, on both sides of the fraction. Linux only.
 */
const ROOT = resolve(__dirname, '../..'), SWEEP = 'lib/programs/sweep.ts', TRAIN = 'lib/programs/train.ts';
/** The length of a trial of which overheads are a share [s]. */
const TRIAL = 30;

const {values: given} = parseArgs({options: {
  trials: {type: 'string', default: '8'}, epochs: {type: 'string', default: '8'},
  patients: {type: 'string', default: '1000'}, jobs: {type: 'string', default: `${availableParallelism()}`},
}});
const [TRIALS, EPOCHS, PATIENTS, JOBS] = [given.trials, given.epochs, given.patients, given.jobs].map(Number);

/** Processor seconds of processes that this one has started and that have ended, with theirs. */
function spentBelow(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function program(...args: string[]): {readonly spent: number; readonly seconds: number} {
  const before = spentBelow(), start = performance.now();
  const all = ['--require', 'tsx/cjs', ...args];
  const {status, stderr} = spawnSync(process.execPath, all, {cwd: ROOT, encoding: 'utf8'});
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  return {spent: spentBelow() - before, seconds: (performance.now() - start) / 1000};
}

/** A sweep of so many trainings of one kind; what it took beside them, and what it takes when all are done. */
async function measured(folder: string, trials: number) {
  const path = join(folder, `${trials}`), engine = await defaultProvider();
  const sweep = runs.sweepFolder(path, Array.from({length: trials}, (_, seed) => runs.readSpec({
    study: 'cancer', draw: {patients: PATIENTS, tested: 100}, model: 'DoseAI', seed, budget: {epochs: EPOCHS},
  }, [trainableCancer], {engine})));
  const args = [SWEEP, path, '--jobs', `${JOBS}`, '--checkpoints', join(path, 'made')];
  const {spent} = program(...args), idle = program(...args).spent;
  const costs = [...sweep.specs.keys()].map(hash => runs.readCosts(join(path, 'results', `${hash}.cost.json`))[0]);
  const own = costs.reduce((sum, cost) => sum + cost.processorSeconds, 0);
  return {path, sweep, costs, own, spent, idle, beside: spent - own};
}

/** While trials were left: the share of the processes' time in which they had one, and the processors' use. */
function occupancy(costs: readonly runs.RunCost[]) {
  const spans = costs.map(({started, seconds, processorSeconds}) => {
    const from = Date.parse(started) / 1000;
    return {from, to: from + seconds, rate: processorSeconds / seconds};
  });
  const [first, last] = [Math.min, Math.max].map(pick => pick(...spans.map(({from}) => from)));
  const sum = (weight: (span: (typeof spans)[number]) => number) => spans.reduce((total, span) =>
    total + weight(span) * (Math.min(span.to, last) - Math.min(span.from, last)), 0);
  const span = last - first;
  return {inHand: sum(() => 1) / (JOBS * span), use: sum(({rate}) => rate) / (JOBS * span), span};
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sweep-'));
  try {
    const few = await measured(folder, JOBS), many = await measured(folder, TRIALS);
    const [hash] = few.sweep.specs.keys(), out = join(folder, 'alone.json');
    const alone = program(TRAIN, few.sweep.specPath(hash), '--out', out);
    const [{processorSeconds}] = runs.readCosts(join(folder, 'alone.cost.json'));
    const each = (many.beside - few.beside) / (TRIALS - JOBS), {inHand, use, span} = occupancy(many.costs);
    const row = (text: string, seconds: number) =>
      `${text.padEnd(64)}${seconds.toFixed(2).padStart(8)}${`${(100 * seconds / TRIAL).toFixed(1)} %`.padStart(10)}`;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log([
      `Node ${process.version}, ${cpus()[0].model}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}; `
        + `trainings of ${(many.own / TRIALS).toFixed(1)} processor seconds, ${JOBS} at a time`, '',
      `${''.padEnd(64)}${'s'.padStart(8)}${`of ${TRIAL} s`.padStart(10)}`,
      row('a sweep that finds everything done', many.idle),
      row(`beside ${JOBS} trainings, one a process: a trial`, few.beside / JOBS),
      row(`beside ${TRIALS} trainings: a trial`, many.beside / TRIALS),
      row('one more trial for a process that runs', each),
      row('a process of its own, as on a cluster: a trial', alone.spent - processorSeconds), '',
      `While trials were left (${span.toFixed(0)} s), processes had one in hand ${percent(inHand)} of the time and had `
        + `${percent(use)} of ${JOBS} processors.`,
    ].join('\n'));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

void main();
