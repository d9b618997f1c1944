import {relative, resolve} from 'node:path';
import {writeSite} from '../html/writeSite';
import {readArguments, type RunArguments, UsageError} from './arguments';
import {findNotebooks} from './find';
import {runAll, type Verdict} from './runAll';

const ROOT = resolve(__dirname, '../..');

/** Exit codes: 1 a notebook failed, 2 the command line is wrong, 130 interrupted. */
async function main(): Promise<number> {
  const request = readArguments(process.argv.slice(2), ROOT);
  if (!request) return 0;
  const paths = findNotebooks(ROOT, request.pattern);
  if (paths.length === 0) throw new UsageError('there are no notebooks in notebooks/');
  return run(paths, request);
}

async function run(paths: readonly string[], request: RunArguments): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const verdicts = await runAll(paths, {...request, root: ROOT, signal: interrupt.signal});
  const failed = verdicts.filter(({ok}) => !ok).length;
  console.log(summary(verdicts, await writeSite(request.out), request));
  if (interrupt.signal.aborted) return 130;
  return failed > 0 ? 1 : 0;
}

function summary(verdicts: readonly Verdict[], index: string, {profile}: RunArguments): string {
  const bad = verdicts.filter(({ok}) => !ok);
  // After many notebooks the reports have long scrolled away.
  const again = verdicts.length > 1 ? bad.map(({report}) => report ?? '').filter(Boolean) : [];
  return [
    ...(again.length > 0 ? ['', 'What failed, once more:', ...again, ''] : []),
    `notebooks (${profile}): ${verdicts.length - bad.length} passed, ${bad.length} failed`,
    `Executed notebooks, figures and tables: ${relative(process.cwd(), index)}`,
  ].join('\n');
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error instanceof UsageError ? `${error.message}. See --help.` : error.message);
    process.exitCode = 2;
  },
);
