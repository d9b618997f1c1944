import {resolve} from 'node:path';
import {readConnection} from './connection';
import {Kernel} from './kernel';
import {endWithParent} from './parent';

const ROOT = resolve(__dirname, '../..');

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

main(process.argv.slice(2));
