/** A worker of the tests of the pool: does what its order says. */
import {existsSync, writeFileSync} from 'node:fs';

interface Order {
  /** It dies unless this file is there, which it writes before. */
  readonly dieOnce?: string;
  readonly die?: boolean;
  readonly milliseconds?: number;
  readonly answer?: object;
}

process.on('disconnect', () => process.exit(0));
process.on('message', ({dieOnce, die, milliseconds = 0, answer = {state: 'done'}}: Order) => {
  if (die) process.kill(process.pid, 'SIGKILL');
  if (dieOnce && !existsSync(dieOnce)) {
    writeFileSync(dieOnce, '');
    process.kill(process.pid, 'SIGKILL');
  }
  setTimeout(() => process.send!(answer), milliseconds);
});
