import {resolve} from 'node:path';
import {readConnection} from './connection';
import {Kernel} from './kernel';

const ROOT = resolve(__dirname, '../..');

/** Time in ms between two looks at the parent process. */
const PARENT_PERIOD = 2000;

function main([path]: readonly string[]): void {
  if (!path) throw new Error('usage: start.cjs <connection file>; Jupyter passes it');
  const log = (line: string): void => void process.stderr.write(`[obsnode kernel] ${line}\n`);
  const kernel = new Kernel({
    connection: readConnection(path), root: ROOT, directory: process.cwd(), log, onExit: () => process.exit(0),
  });
  process.on('SIGINT', () => kernel.interrupt());
  process.on('SIGTERM', () => void kernel.close());
  endWithParent(() => void kernel.close());
  kernel.start().catch((error: Error) => {
    log(String(error.stack));
    process.exit(1);
  });
}

/** A kernel whose Jupyter is gone would wait for ever. */
function endWithParent(close: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && close(), PARENT_PERIOD).unref();
}

main(process.argv.slice(2));
