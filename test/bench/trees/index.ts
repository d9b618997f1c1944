/**
 * Times growing trees beside scikit-learn on the same data, in turn, one thread each:
 * `npm run bench -- trees [--python PATH] [--rounds N]`.
 * `--python`: an interpreter with scikit-learn; default $OBSNODE_PYTHON. Without one its columns are left out.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {
  fold, gradientBoosting, mean, ndarray, normal, predictTrees, randomForest, regressionTree, rng, type RegressionTrees,
} from '../../../lib/math';

const ROWS = 20_000, COLUMNS = 60;

interface Run {
  readonly seconds: number;
  /** On the training data: that both did the same work. */
  readonly error: number;
}

function main(): void {
  const {values} = parseArgs({options: {
    python: {type: 'string', default: process.env.OBSNODE_PYTHON}, rounds: {type: 'string', default: '3'},
  }});
  const {x, y} = data(), folder = mkdtempSync(join(tmpdir(), 'trees-')), file = join(folder, 'data'), {python} = values;
  const ours: Readonly<Record<string, (() => RegressionTrees) | undefined>> = {
    'tree': () => regressionTree(x, y),
    'forest': () => randomForest(x, y, {rng: rng(1), trees: 20, minLeaf: 5, tried: COLUMNS / 3}),
    'boosting': () => gradientBoosting(x, y, {trees: 200, maxDepth: 5}),
  };
  try {
    writeFileSync(file, Buffer.concat([Buffer.from(x.data.buffer), Buffer.from(y.buffer)]));
    const theirs = (what: string) => (python ? scikit(python, file, what) : undefined);
    for (const what of [...Object.keys(ours), 'histogram boosting'])
      report(what, Number(values.rounds), () => own(ours[what]), () => theirs(what));
  } finally {
    rmSync(folder, {recursive: true});
  }
  const machine = `${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`;
  console.log(`${ROWS} rows, ${COLUMNS} columns; ${machine}`);

  function own(grow?: () => RegressionTrees): Run | undefined {
    if (!grow) return undefined;
    const begin = performance.now(), fit = grow(), seconds = (performance.now() - begin) / 1000;
    return {seconds, error: mean(predictTrees(fit, x).map((v, i) => (v - y[i]) ** 2))};
  }
}

/** A third of the columns has few values. */
function data() {
  const values = normal(rng(1), ROWS * COLUMNS).map((v, k) => (k % 3 === 0 ? Math.round(v) : v));
  const noise = normal(fold(rng(1), 'noise'), ROWS);
  const y = noise.map((e, i) => {
    const row = values.subarray(i * COLUMNS, (i + 1) * COLUMNS);
    return Math.sin(2 * row[1]) + row[0] * row[2] + Math.abs(row[4]) + 0.3 * row[5] * Number(row[7] > 0) + 0.5 * e;
  });
  return {x: ndarray([ROWS, COLUMNS], values), y};
}

function scikit(python: string, file: string, what: string): Run {
  const args = [join(__dirname, 'trees.py'), file, `${ROWS}`, `${COLUMNS}`, what];
  const env = {...process.env, OMP_NUM_THREADS: '1'};
  const [seconds, error] = execFileSync(python, args, {encoding: 'utf8', env}).trim().split(' ').map(Number);
  return {seconds, error};
}

function report(what: string, rounds: number, ours: () => Run | undefined, theirs: () => Run | undefined): void {
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
