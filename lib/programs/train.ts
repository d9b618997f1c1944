import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import cac from 'cac';
import {ArgumentError} from '../errors';
import {runs} from '../experiments';
import {codeVersion} from '../experiments/codeVersion';
import {defaultProvider} from '../graph';
import {trainableStudies} from './catalogue';
import {fileFault} from './fileFault';

/** Exit codes: each tells a caller what to do next. */
export const EXIT = Object.freeze({done: 0, failed: 1, invalid: 2, diverged: 3, interrupted: 130});

/** What came of an order. */
interface TrainAnswer extends runs.Answer {
  readonly state: keyof typeof EXIT;
}

/** One training: where its specification is, and where its result goes. */
interface TrainOrder {
  readonly spec: string;
  readonly out?: string;
  readonly checkpoints?: string;
}

/** Of the code that this process was started with. */
const code = codeVersion();

type Tell = (fraction: number, text: string) => void;

/** Trains what a file says; an error is an answer. */
async function trained(
  {spec: path, out, checkpoints}: TrainOrder, signal: AbortSignal, onProgress?: Tell,
): Promise<TrainAnswer> {
  try {
    const spec = runs.readSpec(parsed(path), trainableStudies, {engine: await defaultProvider()});
    const study = trainableStudies.find(({name}) => name === spec.study)!;
    const to = out ?? join(dirname(path), `${runs.specHash(spec)}.json`);
    const {state} = await runs.trainSpec(spec, study, {out: to, checkpoints, code: await code, signal, onProgress});
    return {state, message: to};
  } catch (error) {
    const fault = fileFault(error), {message, stack} = error as Error;
    if (error instanceof runs.Interrupted) return {state: 'interrupted', message};
    if (error instanceof ArgumentError || error instanceof BadFile) return {state: 'invalid', message};
    return {state: 'failed', message: fault ?? stack, fatal: fault !== undefined};
  }
}

class BadFile extends Error {}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BadFile(`${path} is no specification: ${(error as Error).message}`);
  }
}

/** Does what the process that started this one says, and ends with it. */
function serve(signal: AbortSignal, stop: () => void): void {
  process.on('disconnect', () => process.exit(EXIT.interrupted));
  process.on('message', order => void trained(order as TrainOrder, signal).then(answer => {
    if (answer.state === 'interrupted') process.exit(EXIT.interrupted);
    process.send!(answer);
  }));
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

function progressLine(stream = process.stderr): Tell {
  return (fraction, text) => {
    if (stream.isTTY) stream.write(`\r\x1b[K${Math.round(100 * fraction)} % ${text}${fraction < 1 ? '' : '\n'}`);
  };
}

type Options = Readonly<Record<'out' | 'checkpoints', string | undefined>>;

async function one(path: string, {out, checkpoints}: Options, signal: AbortSignal): Promise<void> {
  const fromCaller = (given: string) => resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const order = {
    spec: fromCaller(path), out: out && fromCaller(out), checkpoints: checkpoints && fromCaller(checkpoints),
  };
  const {state, message} = await trained(order, signal, progressLine());
  const stream = EXIT[state] === 0 ? process.stdout : process.stderr;
  stream.write(`${state}: ${message}\n`, () => process.exit(EXIT[state]));
}

function main(argv: readonly string[]): void {
  const interrupt = new AbortController(), stop = () => interrupt.abort();
  if (argv[0] === '--worker' && process.send) return serve(interrupt.signal, stop);
  const program = cac('npm run train --'), codes = Object.entries(EXIT);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  program.command('<spec>', 'Train one model as a JSON file says, score it, and write the result')
    .option('--out <file>', 'The result; weights and costs go beside it (default: HASH.json beside that)')
    .option('--checkpoints <folder>', 'Where checkpoints are kept (default: beside the result until it is there)')
    .action((path: string, options: Options) => one(path, options, interrupt.signal));
  program.help(sections => [...sections, {
    title: 'Exit codes', body: codes.map(([state, code]) => `  ${String(code).padEnd(4)} ${state}`).join('\n'),
  }]);
  try {
    program.parse(['node', 'train', ...argv]);
    if (!program.matchedCommand && !program.options.help) throw new Error('name the file of a specification');
  } catch (error) {
    process.stderr.write(`${(error as Error).message}. See --help.\n`);
    process.exitCode = EXIT.invalid;
  }
}

if (require.main === module) main(process.argv.slice(2));
