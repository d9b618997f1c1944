/**
 * Times growing trees beside scikit-learn on the same data, in turn, one thread each, after a first time that is not
 * counted, in which Node compiles:
 * `npm run bench -- trees [--python PATH] [--rounds N] [--rows N] [--columns N]`.
 * `--python`: an interpreter with scikit-learn; default $OBSNODE_PYTHON. Without one its columns are left out.
 * `--rows`, `--columns`: default 15,000 x 5, the size of the study of fluxes; at least 5 columns.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {
  fold, gradientBoosting, mean, ndarray, normal, predictTrees, randomForest, regressionTree, rng, type RegressionTrees,
} from '../../../lib/math';

interface Run {
  /** Of the processor. */
  readonly seconds: number;
  /** On the training data: that both did the same work. */
  readonly error: number;
}

function main(): void {
  const {values} = parseArgs({options: {
    python: {type: 'string', default: process.env.OBSNODE_PYTHON}, rounds: {type: 'string', default: '3'},
    rows: {type: 'string', default: '15000'}, columns: {type: 'string', default: '5'},
  }});
  const rows = Number(values.rows), columns = Number(values.columns), tried = Math.ceil(columns / 3), {python} = values;
  const {x, y} = data(rows, columns), folder = mkdtempSync(join(tmpdir(), 'trees-')), file = join(folder, 'data');
  const ours: Readonly<Record<string, (() => RegressionTrees) | undefined>> = {
    'tree': () => regressionTree(x, y),
    'forest': () => randomForest(x, y, {rng: rng(1), trees: 50, minLeaf: 5, tried}),
    'boosting': () => gradientBoosting(x, y, {trees: 200, maxDepth: 5}),
  };
  try {
    writeFileSync(file, Buffer.concat([Buffer.from(x.data.buffer), Buffer.from(y.buffer)]));
    const theirs = (what: string) => (python ? scikit(python, [file, `${rows}`, `${columns}`, what]) : undefined);
    for (const what of [...Object.keys(ours), 'histogram boosting'])
      report(what, Number(values.rounds), () => own(ours[what]), () => theirs(what));
  } finally {
    rmSync(folder, {recursive: true});
  }
  const machine = `${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`;
  console.log(`${rows} rows, ${columns} columns; ${machine}`);

  function own(grow?: () => RegressionTrees): Run | undefined {
    if (!grow) return undefined;
    const begin = process.cpuUsage(), fit = grow(), {user, system} = process.cpuUsage(begin);
    const seconds = (user + system) / 1e6;
    return {seconds, error: mean(predictTrees(fit, x).map((v, i) => (v - y[i]) ** 2))};
  }
}

/** A third of the columns has few values. */
function data(rows: number, columns: number) {
  const values = normal(rng(1), rows * columns).map((v, k) => (k % columns % 3 === 0 ? Math.round(v) : v));
  const noise = normal(fold(rng(1), 'noise'), rows);
  const y = noise.map((e, i) => {
    const row = values.subarray(i * columns, (i + 1) * columns);
    return Math.sin(2 * row[1]) + row[0] * row[2] + Math.abs(row[4]) + 0.3 * row[3] * Number(row[4] > 0) + 0.5 * e;
  });
  return {x: ndarray([rows, columns], values), y};
}

function scikit(python: string, given: readonly string[]): Run {
  const env = {...process.env, OMP_NUM_THREADS: '1'}, args = [join(__dirname, 'trees.py'), ...given];
  const [seconds, error] = execFileSync(python, args, {encoding: 'utf8', env}).trim().split(' ').map(Number);
  return {seconds, error};
}

function report(what: string, rounds: number, ours: () => Run | undefined, theirs: () => Run | undefined): void {
  ours();
  const runs = Array.from({length: rounds}, () => [ours(), theirs()] as const);
  const [a, b] = [0, 1].map(k => middle(runs.flatMap(pair => pair[k] ?? [])));
  const ratio = a && b ? `, ratio ${(a.seconds / b.seconds).toFixed(2)}` : '';
  console.log(`${what}: ${shown('obsnode', a)}${shown('scikit-learn', b)}${ratio}`);
}

function middle(runs: readonly Run[]): Run | undefined {
  return [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
}

function shown(name: string, run?: Run): string {
  return run ? ` ${name} ${run.seconds.toFixed(2)} s (error ${run.error.toFixed(4)})` : '';
}

main();
