import {spawn} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, relative, resolve} from 'node:path';
import cac from 'cac';
import {ArgumentError} from '../errors';
import {runs} from '../experiments';
import {codeVersion} from '../experiments/codeVersion';
import {defaultProvider} from '../graph';
import {sweeps, trainableStudies} from './catalogue';
import {fileFault} from './fileFault';
import {EXIT} from './train';

const ROOT = resolve(__dirname, '../..');

/** A command line that cannot be understood. */
class UsageError extends Error {}

type Engine = runs.TrainSpec['engine'];

interface Request {
  readonly specs: (engine: Engine) => readonly runs.TrainSpec[];
  readonly on: 'local' | 'slurm';
  readonly jobs: number;
  readonly out: string;
  /** Folder of checkpoints; the notebooks' own by default, which then find their trainings done. */
  readonly checkpoints: string;
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const complain = (text: string): boolean => process.stderr.write(`${text}\n`);

/** Reads `npm run sweep -- ARGUMENTS`; nothing where help was printed. @throws UsageError */
function readRequest(argv: readonly string[]): Request | undefined {
  const program = cac('npm run sweep --'), known = Object.keys(sweeps).join(', ');
  let request: Request | undefined;
  program.command('<name>', `Run trainings: those of a table (${known}), or of a folder that holds specs/*.json`)
    .option('--profile <name>', 'quick or full', {default: 'quick'})
    .option('--on <where>', 'local: a pool of processes; slurm: jobs of a cluster, by Snakemake', {default: 'local'})
    .option('--jobs <n>', 'Processes, or jobs at a time', {default: availableParallelism()})
    .option('--out <folder>', 'Where specifications and results go (default: out/sweeps/NAME-PROFILE)')
    .option('--checkpoints <folder>', 'Where checkpoints are kept (default: .cache/trainings, as for notebooks)')
    .action((name: string, options: Readonly<Record<string, unknown>>) => { request = toRequest(name, options); });
  program.help();
  try {
    program.parse(['node', 'sweep', ...argv]);
    if (!request && !program.options.help) throw new UsageError(`name a sweep: ${known}`);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return request;
}

function toRequest(name: string, {profile, on, jobs, out, checkpoints}: Readonly<Record<string, unknown>>): Request {
  const fromCaller = (path: unknown) => resolve(process.env.INIT_CWD ?? process.cwd(), String(path));
  const isKnown = Object.hasOwn(sweeps, name), own = fromCaller(name);
  if (!isKnown && !existsSync(join(own, 'specs'))) {
    const names = Object.keys(sweeps).join(', ');
    throw new UsageError(`there is no sweep ${name}: name one of ${names}, or a folder that holds specs/*.json`);
  }
  if (!Number.isSafeInteger(Number(jobs)) || Number(jobs) < 1) {
    throw new UsageError(`--jobs must be a whole number of at least 1; received ${String(jobs)}`);
  }
  const wanted = oneOf('--profile', profile, ['quick', 'full']), at = isKnown ? `${name}-${wanted}` : '';
  const cache = process.env.OBSNODE_CACHE ?? join(ROOT, '.cache');
  return {
    specs: engine => (isKnown ? sweeps[name](wanted, engine) : specsIn(own, engine)),
    on: oneOf('--on', on, ['local', 'slurm']), jobs: Number(jobs),
    out: out !== undefined ? fromCaller(out) : isKnown ? join(ROOT, 'out', 'sweeps', at) : own,
    checkpoints: checkpoints === undefined ? join(cache, 'trainings') : fromCaller(checkpoints),
  };
}

function oneOf<const T extends string>(option: string, value: unknown, known: readonly T[]): T {
  const found = known.find(one => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`${option} must be one of ${known.join(', ')}; received ${String(value)}`);
}

const specsIn = (folder: string, engine: Engine): readonly runs.TrainSpec[] =>
  readdirSync(join(folder, 'specs')).filter(file => file.endsWith('.json')).sort().map(file =>
    runs.readSpec(JSON.parse(readFileSync(join(folder, 'specs', file), 'utf8')), trainableStudies, {engine}));

/** Runs what is missing in processes of this machine. */
async function local(
  folder: runs.SweepFolder, missing: readonly string[], {jobs, checkpoints}: Request, signal: AbortSignal,
): Promise<readonly runs.Ended[]> {
  const work = missing.map((hash): runs.Job => {
    const {model, draw, seed} = folder.specs.get(hash)!, order = {
      spec: folder.specPath(hash), out: folder.resultPath(hash), checkpoints,
    };
    return {name: `${model}, draw ${JSON.stringify(draw)}, seed ${seed}, ${hash}`, kind: model, order};
  });
  const kept = folder.specs.size - missing.length, line = progressLine(process.stderr);
  const program = {path: join(__dirname, 'train.ts'), execArgv: ['--require', 'tsx/cjs'], args: ['--worker']};
  const onProgress = ({ended: {job, state}, done, total, secondsLeft}: runs.PoolProgress) =>
    line.tell(`${kept + done} of ${kept + total}, ${spanText(secondsLeft)} left; ${state}: ${job.kind}`);
  const ended = await runs.runPool(work, {jobs, program, signal, onProgress});
  line.end();
  return ended;
}

/** The same command as jobs of a cluster. @throws UsageError where there is no Snakemake */
function slurm({path}: runs.SweepFolder, {jobs, checkpoints}: Request, signal: AbortSignal): Promise<number> {
  const here = join(ROOT, 'kernels', 'cluster'), args = [
    '--snakefile', join(here, 'Snakefile'), '--profile', join(here, 'slurm'), '--directory', path, '--jobs', `${jobs}`,
    '--config', `root=${ROOT}`, `node=${process.execPath}`, `checkpoints=${checkpoints}`,
  ];
  return new Promise((done, fail) => {
    const child = spawn(process.env.SNAKEMAKE ?? 'snakemake', args, {stdio: 'inherit'});
    signal.addEventListener('abort', () => child.kill('SIGINT'));
    child.on('error', () => fail(new UsageError('--on slurm needs Snakemake and its plug-in: see environment.md')));
    child.on('close', code => done(code ?? 1));
  });
}

const spanText = (seconds: number): string =>
  (seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`);

/** One line that is overwritten; where it cannot be, a line for each call. */
function progressLine(stream: NodeJS.WriteStream) {
  let told = false;
  return {
    tell(text: string): void {
      stream.write(stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
      told = true;
    },
    end(): void {
      if (stream.isTTY && told) stream.write('\n');
    },
  };
}

async function main(signal: AbortSignal): Promise<number> {
  const request = readRequest(process.argv.slice(2));
  if (!request) return EXIT.done;
  const engine = await defaultProvider(), code = await codeVersion();
  const folder = runs.sweepFolder(request.out, request.specs(engine)), hashes = [...folder.specs.keys()];
  const missing = hashes.filter(hash => !folder.result(hash, code));
  // Snakemake judges by times of files: what other code made would pass for finished.
  for (const hash of missing) rmSync(folder.resultPath(hash), {force: true});
  if (request.on === 'slurm' && missing.length > 0) await slurm(folder, request, signal);
  const ended = request.on === 'local' ? await local(folder, missing, request, signal) : [];
  for (const {state, job, message} of ended) {
    if (state === 'failed' || state === 'invalid') complain(`${state}: ${job.name}: ${message}`);
  }
  const states = hashes.map(hash => folder.result(hash, code)?.state ?? 'missing');
  const count = (state: string) => states.filter(found => found === state).length;
  say(`${count('done')} done, ${count('diverged')} diverged, ${count('missing')} missing; `
    + `results in ${relative(process.cwd(), join(folder.path, 'results'))}`);
  if (await codeVersion() !== code) {
    complain('The library changed while this ran, so results may be of one version or the other: run the same command '
      + 'again, and what the present one has not made is made.');
  }
  if (signal.aborted) return EXIT.interrupted;
  return count('missing') > 0 ? EXIT.failed : EXIT.done;
}

const interrupt = new AbortController(), stop = () => interrupt.abort();
process.once('SIGINT', stop).once('SIGTERM', stop);
main(interrupt.signal).then(code => {
  process.exitCode = code;
}, (error: Error) => {
  const usage = error instanceof UsageError, ours = usage || error instanceof ArgumentError;
  complain(usage ? `${error.message}. See --help.` : fileFault(error) ?? (ours ? error.message : error.stack!));
  process.exitCode = ours ? EXIT.invalid : EXIT.failed;
});
