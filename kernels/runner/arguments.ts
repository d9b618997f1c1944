import {availableParallelism} from 'node:os';
import {basename, resolve} from 'node:path';
import cac from 'cac';
import {findNotebooks} from './find';
import {readNotebook} from '../nbformat/notebook';

/** What the command line asks for. */
export interface RunArguments {
  readonly pattern?: string;
  readonly profile: 'quick' | 'full';
  readonly overrides: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly jobs: number;
  readonly out: string;
  readonly inPlace: boolean;
  readonly check: boolean;
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const TIMEOUT = 1200;

/**
 * Reads the arguments of `npm run notebook --`.
 *
 * @param root project root, where `out/` is by default
 * @returns the request, or null when help was printed
 * @throws UsageError
 */
export function readArguments(argv: readonly string[], root: string): RunArguments | null {
  if (argv.some((text) => text.trim() === '' || /^--\w+=$/.test(text))) throw new UsageError('an argument is empty');
  const program = cac('npm run notebook --');
  let request: RunArguments | null = null;
  program
    .command(
      '[pattern]', 'Run notebooks without a browser; the pattern is a path, a number such as 05, or part of a name',
    )
    .option('--set <key=value>', 'Override a parameter; may be repeated, with another key. With a pattern, --help '
      + 'lists the parameters and their ranges')
    .option('--profile <name>', 'quick or full', {default: process.env.OBSNODE_PROFILE || 'quick'})
    .option('--timeout <seconds>', 'Longest time for one cell; Infinity for no limit', {default: TIMEOUT})
    .option('--jobs <n>', 'Notebooks at the same time', {default: Math.max(1, Math.floor(availableParallelism() / 2))})
    .option('--out <folder>', 'Where executed notebooks, figures and tables go', {
      default: process.env.OBSNODE_OUT || 'out',
    })
    .option('--in-place', 'Write complete runs over the notebooks as well')
    .option('--no-check', 'Do not type-check beside the run')
    .action((pattern: string | undefined, options: Record<string, unknown>) => {
      if (program.args.length > 1) throw new UsageError(`one pattern is taken; received ${program.args.join(', ')}`);
      request = toRequest(pattern, options, root);
    });
  program.help((sections) => [...sections, ...parameterHelp(root, program.args[0])]);
  try {
    program.parse(['node', 'notebook', ...argv]);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return request;
}

/** The parameters of the notebook that `--help` was asked about. */
function parameterHelp(root: string, pattern: string | undefined): {title: string; body: string}[] {
  if (!pattern) return [];
  const {describeParameters} = require('./parameterHelp') as typeof import('./parameterHelp'); // loads the compiler
  return findNotebooks(root, pattern).map((path) =>
    ({title: `Parameters of ${basename(path)}`, body: describeParameters(readNotebook(path))}));
}

function toRequest(pattern: string | undefined, options: Record<string, unknown>, root: string): RunArguments {
  const profile = String(once('--profile', options.profile));
  if (profile !== 'quick' && profile !== 'full') {
    throw new UsageError(`unknown profile ${profile}; the profiles are quick and full`);
  }
  const jobs = positive('--jobs', options.jobs);
  if (!Number.isSafeInteger(jobs)) {
    throw new UsageError(`--jobs must be a whole number of at least 1; received ${jobs}`);
  }
  return {
    pattern,
    profile,
    overrides: overridesFrom(options.set),
    timeout: positive('--timeout', options.timeout),
    jobs,
    out: resolve(root, String(once('--out', options.out))),
    inPlace: Boolean(options.inPlace),
    check: options.check !== false,
  };
}

function once(name: string, value: unknown): unknown {
  if (Array.isArray(value)) throw new UsageError(`${name} can be given once; received ${value.join(', ')}`);
  return value;
}

function positive(name: string, value: unknown): number {
  const number = Number(once(name, value));
  if (!(number > 0)) throw new UsageError(`${name} must be a positive number; received ${String(value)}`);
  return number;
}

/** Parameters by name, as `--set` gives them. @throws UsageError */
export function overridesFrom(given: unknown): Record<string, string> {
  const overrides = new Map<string, string>();
  for (const item of given === undefined ? [] : [given].flat()) {
    const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(String(item));
    if (!match) throw new UsageError(`--set takes key=value, e.g. --set epochs=200; received ${String(item)}`);
    if (overrides.has(match[1])) {
      throw new UsageError(`--set ${match[1]} can be given once; received ${[given].flat().join(', ')}`);
    }
    overrides.set(match[1], match[2]);
  }
  return Object.fromEntries(overrides);
}
