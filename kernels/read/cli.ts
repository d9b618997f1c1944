import {join, resolve} from 'node:path';
import cac from 'cac';
import {endWithParent} from '../jupyter/parent';
import {announcement} from './announcement';
import {startReader} from './reader';

const ROOT = resolve(__dirname, '../..');

/**
 * Where the pages are unless told otherwise: the texts that a reader types are kept by the browser for this address.
 */
const PORT = 4390;

/** `npm run read`: the pages of the notebooks, live. */
async function main(argv: readonly string[]): Promise<void> {
  const program = cac('npm run read --');
  program.option('--port <number>', 'Port on this machine', {default: PORT})
    .option('--profile <name>', 'quick or full: sizes of what the cells compute', {default: 'quick'});
  program.help();
  const {options, args} = program.parse(['node', 'read', ...argv]);
  if (options.help) return;
  const port = Number(options.port), profile = String(options.profile);
  if (args.length > 0) throw new Error(`npm run read takes options alone; received ${args.join(' ')}`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a port number; received ${options.port}`);
  }
  if (profile !== 'quick' && profile !== 'full') {
    throw new Error(`--profile must be quick or full; received ${profile}`);
  }
  console.log('Writing the pages ...');
  const reading = await startReader({
    root: ROOT, out: join(ROOT, 'out', 'read'), port, profile, log: (line) => console.error(line),
  });
  console.log(announcement(reading.address));
  const end = (): void => void reading.close().then(() => process.exit(0));
  process.once('SIGINT', end).once('SIGTERM', end).once('SIGHUP', end);
  endWithParent(end);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
