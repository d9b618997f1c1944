import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import cac from 'cac';

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
  const program = cac('npm run notebook --');
  let request: RunArguments | null = null;
  program
    .command('[pattern]', 'Run notebooks without a browser; the pattern is a path, a number such as 05, or part of a name')
    .option('--set <key=value>', 'Override a parameter; may be repeated')
    .option('--profile <name>', 'quick or full', {default: process.env.OBSNODE_PROFILE || 'quick'})
    .option('--timeout <seconds>', 'Longest time for one cell', {default: TIMEOUT})
    .option('--jobs <n>', 'Notebooks at the same time', {default: Math.max(1, Math.floor(availableParallelism() / 2))})
    .option('--out <folder>', 'Where executed notebooks, figures and tables go', {default: process.env.OBSNODE_OUT || 'out'})
    .option('--in-place', 'Write complete runs over the notebooks as well')
    .option('--no-check', 'Do not type-check beside the run')
    .action((pattern: string | undefined, options: Record<string, unknown>) => {
      request = toRequest(pattern, options, root);
    });
  program.help();
  try {
    program.parse(['node', 'notebook', ...argv]);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return request;
}

function toRequest(pattern: string | undefined, options: Record<string, unknown>, root: string): RunArguments {
  const profile = String(options.profile);
  if (profile !== 'quick' && profile !== 'full') throw new UsageError(`unknown profile ${profile}; the profiles are quick and full`);
  return {
    pattern,
    profile,
    overrides: overridesFrom(options.set),
    timeout: positive('--timeout', options.timeout),
    jobs: Math.ceil(positive('--jobs', options.jobs)),
    out: resolve(root, String(options.out)),
    inPlace: Boolean(options.inPlace),
    check: options.check !== false,
  };
}

function positive(name: string, value: unknown): number {
  const number = Number(value);
  if (!(number > 0)) throw new UsageError(`${name} must be a positive number; received ${String(value)}`);
  return number;
}

function overridesFrom(given: unknown): Record<string, string> {
  const items = given === undefined ? [] : [given].flat();
  return Object.fromEntries(
    items.map((item) => {
      const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(String(item));
      if (!match) throw new UsageError(`--set takes key=value, e.g. --set epochs=200; received ${String(item)}`);
      return [match[1], match[2]];
    }),
  );
}
