/**
 * Times training steps in several engines, interleaved: `npm run bench -- graph [options]`. A run of everything takes
 * about 15 minutes. `--only NAMES`: parts, separated by commas: W, W2, ODE, LSTM, CDE, attention, released, scaling;
 * and small, a little reference step. `--engines NAMES`: engines, separated by commas: native, native-workers,
 * onnxruntime, onnxruntime-workers, least-memory, webgpu, cuda, wasm, cpu, torch, torch-compile, jax, diffrax; default
 * all that are there.
 * `--python PATH`: an interpreter with torch, jax, diffrax and torchdiffeq; default $OBSNODE_PYTHON. Without one its
 * rows are left out. `--threads 1,2`: threads of those engines for W. `--rounds N`, default 7. `--save` writes each
 * part into results.json, in the place of what was there for it.
 */
import {existsSync, readFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {writeWhole} from '../../../lib/files';
import {programCosts, optimise, record} from '../../../lib/graph';
import {collectProvenance} from '../../../lib/notebook';
import {compare, type Row} from './compare';
import {arithmetic, matMulRate, operationCost} from './floor';
import {scaling, type Point} from './scaling';
import {ENGINES, PARTS, partNamed, start, workload, type EngineName, type EngineOptions} from './workloads';
import {referenceSizes, type Step} from './steps';

async function main(): Promise<void> {
  const {values} = parseArgs({options: {
    only: {type: 'string'}, engines: {type: 'string'}, python: {type: 'string', default: process.env.OBSNODE_PYTHON},
    threads: {type: 'string', default: '1,2'}, rounds: {type: 'string', default: '7'}, save: {type: 'boolean'},
  }});
  const parts = values.only ? values.only.split(',').map(partNamed) : PARTS, rounds = Number(values.rounds);
  const engines = (values.engines?.split(',') ?? ENGINES) as readonly EngineName[];
  const unknown = engines.find(e => !ENGINES.includes(e));
  if (unknown) throw new Error(`no engine '${unknown}'; there are ${ENGINES.join(', ')}`);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a whole number >= 1, not '${values.rounds}'`);
  if (!values.python) console.log(
    'No rows of Python: set OBSNODE_PYTHON, or give --python, an interpreter with torch, jax, diffrax and torchdiffeq.',
  );
  const options: EngineOptions = {
    engines, python: values.python, threads: values.threads.split(',').map(Number),
    leftOut: reason => { if (values.python || values.engines) console.log(`left out: ${reason}`); },
  };
  for (const part of parts) {
    const before = loadavg()[0];
    const results = part === 'scaling' ? await measureScaling(options, rounds) : await measure(part, options, rounds);
    const machine =
      `${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}, load average ${before.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after`;
    console.log(machine);
    const measured = `${new Date().toISOString().slice(0, 10)}, by the code of ${collectProvenance().code}`;
    if (values.save) save(part, {machine, measured, ...results});
  }
}

async function measure(name: string, options: EngineOptions, rounds: number): Promise<object> {
  const w = workload(name), flops = flopsOf(w.step), engines = await start(w, options);
  const rows = await compare([...engines, await arithmetic(flops, 1), await arithmetic(flops, 2)], rounds, w.compared);
  const rate = await matMulRate(), perOperation = await operationCost();
  print(
    `${name}: ${(flops / 1e9).toFixed(2)} GFLOP a step, floor ${(flops / rate * 1e3).toFixed(1)} ms at ${(rate / 1e9).toFixed(0)} GFLOP/s of one large product on one thread; ${(perOperation * 1e6).toFixed(1)} us to start an operation of ONNX Runtime`,
    rows,
  );
  return {...(referenceSizes[name] ? {sizes: referenceSizes[name]} : {}), flops, rate, perOperation, rows};
}

async function measureScaling(options: EngineOptions, rounds: number): Promise<{points: readonly Point[]}> {
  return {points: await scaling(options, rounds, ({vary, value, rows}) => print(`W with ${vary} ${value}`, rows))};
}

const flopsOf = (step: Step) =>
  programCosts(optimise(record(step.fn, step.specs))).reduce((sum, r) => sum + r.flops, 0);

/** Puts the results of a part beside those of the others. */
function save(part: string, results: object): void {
  const file = join(__dirname, 'results.json');
  const all = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as object : {};
  writeWhole(file, `${JSON.stringify({...all, [part]: results}, null, 1)}\n`);
}

function print(title: string, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(r => r.engine.length)) + 2;
  console.log(
    `\n${title}\n${'engine'.padEnd(width)}${'median ms'.padStart(12)}${'quartiles'.padStart(18)}${'min'.padStart(9)}${'times first'.padStart(14)}${'quartiles'.padStart(16)}${'CPU ms'.padStart(9)}${'rounds'.padStart(8)}  note`,
  );
  for (const r of rows) console.log(
    `${r.engine.padEnd(width)}${r.median.toFixed(1).padStart(12)}${r.quartiles.map(q => q.toFixed(1)).join(' - ').padStart(18)}${r.min.toFixed(1).padStart(9)}${r.timesFirst.median.toFixed(2).padStart(14)}${r.timesFirst.quartiles.map(q => q.toFixed(2)).join(' - ').padStart(16)}${r.processor.toFixed(1).padStart(9)}${String(r.rounds).padStart(8)}  ${r.note}`,
  );
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
