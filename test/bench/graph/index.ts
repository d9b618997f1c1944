/**
 * Times a training step in several engines, interleaved: `node --import tsx test/bench/graph [options]`.
 * `--workload NAME` (default W): W, W2, small, or one of the library's networks, 'ODE step', 'LSTM step', 'CDE step', 'attention step'.
 * `--rounds N` (default 7), `--python PATH` (with torch, jax, diffrax; default $OBSNODE_PYTHON; W, W2 and small only), `--threads 1,2` for the
 * Python engines (default 1), `--eager` adds eager TensorFlow.js, `--scaling` varies horizon, batch and width of our own engine,
 * `--save` writes what was measured into results.json, in the place of what was there for this workload.
 */
import {existsSync, readFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {writeWhole} from '../../../lib/files';
import {programCosts, optimise, record} from '../../../lib/graph';
import type {StepSizes} from '../../graph/reference-step';
import {eagerTensorFlow, ours, python, type Engine, type Timing} from './engines';
import {matMulRate, operationCost} from './floor';
import {modelStep, modelSteps, reference, referenceSizes, type Step} from './steps';

interface Row {
  readonly engine: string;
  readonly median: number;
  readonly quartiles: readonly [number, number];
  readonly min: number;
  /** Median processor time a step. */
  readonly processor: number;
  readonly note: string;
}

async function main(): Promise<void> {
  const {values} = parseArgs({options: {workload: {type: 'string', default: 'W'}, rounds: {type: 'string', default: '7'}, python: {type: 'string', default: process.env.OBSNODE_PYTHON}, threads: {type: 'string', default: '1'}, eager: {type: 'boolean'}, scaling: {type: 'boolean'}, save: {type: 'boolean'}}});
  const {workload} = values, rounds = Number(values.rounds), sizes = referenceSizes[workload];
  if (!sizes && !modelSteps.includes(workload)) throw new Error(`no workload '${workload}'; there are ${[...Object.keys(referenceSizes), ...modelSteps].join(', ')}`);
  const step = sizes ? reference(sizes) : modelStep(workload);
  const loadBefore = loadavg()[0];
  const own = [await ours(step), ...(sizes ? [await ours(step, reference({...sizes, batch: sizes.batch / 2}))] : []), ...(values.eager ? [await eagerTensorFlow(step)] : [])];
  const others = sizes && values.python ? await pythonEngines(sizes, values.python, values.threads.split(',').map(Number)) : [];
  const rows = await compare([...own, ...others], rounds);
  const rate = await matMulRate(), perOperation = await operationCost(), flops = arithmetic(step);
  print(`${workload}: ${(flops / 1e9).toFixed(2)} GFLOP a step, floor ${(flops / rate * 1e3).toFixed(1)} ms at ${(rate / 1e9).toFixed(0)} GFLOP/s of one large product on one thread; ${(perOperation * 1e6).toFixed(1)} us to start an operation`, rows);
  const scaling = sizes && values.scaling ? await scale(sizes, rounds) : [];
  if (scaling.length > 0) print('scaling of obsnode, one thread', scaling);
  const machine = `${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}, load average ${loadBefore.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after`;
  if (values.save) save(workload, {machine, ...(sizes ? {sizes} : {}), flops, rate, perOperation, rows, ...(scaling.length > 0 ? {scaling} : {})});
  console.log(machine);
}

const arithmetic = (step: Step) => programCosts(optimise(record(step.fn, step.specs))).reduce((sum, r) => sum + r.flops, 0);

/** Puts the results of a workload beside those of the others. */
function save(workload: string, results: object): void {
  const file = join(__dirname, 'results.json');
  const all = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as object : {};
  writeWhole(file, `${JSON.stringify({...all, [workload]: results}, null, 1)}\n`);
}

async function pythonEngines(sizes: StepSizes, interpreter: string, threadCounts: readonly number[]): Promise<Engine[]> {
  const list: Engine[] = [];
  for (const name of ['torch', 'torch-compile', 'jax', 'diffrax'] as const) {
    for (const threads of threadCounts) {
      try {
        list.push(await python(interpreter, name, threads, sizes));
      } catch (error) {
        console.log(`left out: ${(error as Error).message}`);
      }
    }
  }
  return list;
}

/** Rounds over all engines in turn, so that a slow spell of the machine hits them all; at least 0.3 s an engine and round. */
async function compare(list: readonly Engine[], rounds: number): Promise<Row[]> {
  const perRound = new Map<Engine, number>();
  for (const engine of list) perRound.set(engine, Math.max(1, Math.ceil(300 / (await engine.time(1)).elapsed)));
  const times = new Map<Engine, Timing[]>(list.map(e => [e, []]));
  for (let r = 0; r < rounds; r++) {
    for (const engine of list) {
      const n = perRound.get(engine)!, {elapsed, processor} = await engine.time(n);
      times.get(engine)!.push({elapsed: elapsed / n, processor: processor / n});
    }
  }
  for (const engine of list) await engine.close();
  return list.map(engine => row(engine, times.get(engine)!));
}

function row({name, note}: Engine, times: readonly Timing[]): Row {
  const elapsed = quantiles(times.map(t => t.elapsed)), processor = quantiles(times.map(t => t.processor));
  return {engine: name, median: elapsed(0.5), quartiles: [elapsed(0.25), elapsed(0.75)], min: elapsed(0), processor: processor(0.5), note};
}

function quantiles(values: readonly number[]): (q: number) => number {
  const sorted = values.toSorted((a, b) => a - b);
  return q => sorted[Math.round(q * (sorted.length - 1))];
}

/** Our own step at half and twice the horizon, batch and width. */
async function scale(sizes: StepSizes, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const key of ['steps', 'batch', 'width'] as const) {
    for (const factor of [0.5, 1, 2]) {
      const varied = {...sizes, [key]: sizes[key] * factor};
      const [measured] = await compare([await ours(reference(varied))], rounds);
      rows.push({...measured, engine: `${key} ${varied[key]}`});
    }
  }
  return rows;
}

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n${'engine'.padEnd(28)}${'median ms'.padStart(12)}${'quartiles'.padStart(18)}${'min'.padStart(9)}${'CPU ms'.padStart(9)}  note`);
  for (const r of rows) console.log(`${r.engine.padEnd(28)}${r.median.toFixed(1).padStart(12)}${r.quartiles.map(q => q.toFixed(1)).join(' - ').padStart(18)}${r.min.toFixed(1).padStart(9)}${r.processor.toFixed(1).padStart(9)}  ${r.note}`);
}

void main();
