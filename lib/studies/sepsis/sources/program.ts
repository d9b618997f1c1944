import {resolve} from 'node:path';
import cac from 'cac';
import {dataSets, hasData} from '../../../data/registry';
import {ArgumentError} from '../../../errors';
import {checkMimic, loadMimic, type CheckMimicOptions, type LoadProgress} from './physionet';

/** A command line that cannot be understood. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command line asks for. */
type Request = (signal: AbortSignal) => Promise<void>;

/** Open data sets of this study, which need no preparation. */
const OPEN = ['mimic_demo', 'eicu_demo'];

const MIMIC = 'mimic-iv';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Reads `npm run data -- ARGUMENTS`. @throws UsageError */
function readRequest(argv: readonly string[]): Request | null {
  const program = cac('npm run data --');
  let request: Request | null = null;
  program.command('', 'Say which sources of intensive-care records there are').action(() => {
    const [other] = program.args;
    if (other !== undefined) throw new UsageError(`unknown source ${other}; it must be ${MIMIC} or check`);
    request = sources;
  });
  program.command(`${MIMIC} <path>`, 'Prepare MIMIC-IV as PhysioNet ships it: the folder that holds hosp and icu')
    .option('--to <folder>', 'Where prepared tables go. Default data/cache/mimic-iv')
    .option('--memory <MB>', 'Memory that the engine may use, at least 200', {default: 500})
    .action((path: string, options: {to?: unknown; memory: unknown}) => {
      const memory = Math.floor(Number(options.memory)), to = folderOf(options.to);
      if (!(memory >= 200)) throw new UsageError('--memory must be a number of at least 200');
      request = signal => load({from: fromCaller(String(path)), to, memory, signal});
    });
  program.command('check [source] [path]', 'Say what is there, whole and up to date; nothing is written')
    .option('--to <folder>', 'Where prepared tables lie. Default data/cache/mimic-iv')
    .option('--whole', 'Read each file through, to see that it is sound')
    .action((source: string | undefined, path: string | undefined, options: {to?: unknown; whole?: boolean}) => {
      if (![undefined, MIMIC].includes(source)) throw new UsageError(`unknown source ${source}; it must be ${MIMIC}`);
      const to = folderOf(options.to);
      const from = path === undefined ? undefined : fromCaller(String(path));
      request = signal => check({from, to, whole: options.whole, signal});
    });
  program.help();
  try {
    program.parse(['node', 'data', ...argv]);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return request;
}

function folderOf(given: unknown): string | undefined {
  if (Array.isArray(given)) throw new UsageError('--to can be given once');
  if (given === true || given === '') throw new UsageError('--to needs a folder');
  return given === undefined ? undefined : fromCaller(String(given));
}

/** Paths are the caller's, whichever folder npm runs this program in. */
const fromCaller = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

async function sources(): Promise<void> {
  say('Sources of intensive-care records:');
  say(`  ${MIMIC.padEnd(12)} MIMIC-IV 2.2, 3.0 or 3.1 (credentialed) or its open demo, as PhysioNet ships them:`);
  say(`  ${''.padEnd(12)} npm run data -- ${MIMIC} /path/to/the/folder/with/hosp/and/icu`);
  for (const name of OPEN) say(`  ${name.padEnd(12)} ${dataSets[name].title}: ${hasData(name) ? 'here' : 'not here'}`);
  say('');
  for (const line of await checkMimic()) say(line);
}

async function check(options: CheckMimicOptions): Promise<void> {
  for (const line of await checkMimic(options)) say(line);
  if (options.from !== undefined) return;
  for (const name of OPEN) say(`${name}: ${hasData(name) ? 'here' : `not here; ${dataSets[name].obtain}`}`);
}

async function load(options: {from: string; to?: string; memory: number; signal: AbortSignal}): Promise<void> {
  const line = progressLine();
  const {folder, release, read, kept} = await loadMimic({
    ...options, progress: line.tell, warn: text => process.stderr.write(`Warning: ${text}\n`),
  });
  line.end();
  say(`${release}: ${read.length} files read, ${kept.length} up to date. Prepared in ${folder}.`);
}

const spanText = (seconds: number): string =>
  (seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`);

/** Least seconds between two lines where a line cannot be overwritten. */
const PERIOD = 10;

function progressLine(stream = process.stderr) {
  let last = -Infinity, length = 0;
  return {
    tell({file, done, total, left}: LoadProgress): void {
      const time = left === undefined ? '' : `, about ${spanText(left)} left`;
      const text = `${file}: ${Math.floor(100 * done / total)} % of all${time}`;
      if (stream.isTTY) stream.write(`\r\x1b[K${text}`);
      else if (performance.now() - last > PERIOD * 1000) stream.write(`${text}\n`);
      else return;
      [last, length] = [performance.now(), text.length];
    },
    end(): void {
      if (stream.isTTY && length > 0) stream.write('\r\x1b[K');
    },
  };
}

/** Exit codes: 1 it could not be done, 2 the command line is wrong, 130 interrupted. */
async function main(): Promise<number> {
  const interrupt = new AbortController(), onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await readRequest(process.argv.slice(2))?.(interrupt.signal);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write('\nInterrupted: what was prepared stays, and the next run goes on from there.\n');
      return 130;
    }
    process.stderr.write(`\n${error instanceof UsageError ? `${error.message}. See --help.` : messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Errors that are not our own may quote what files hold: of them only the kind is told. */
function messageOf(error: unknown): string {
  if (error instanceof ArgumentError) return error.message.replace(/^loadMimic: /, '');
  const {code, name} = error as NodeJS.ErrnoException;
  return `It could not be done (${code ?? name}).`;
}

void main().then(code => {
  process.exitCode = code;
});
