import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

/** Time in ms without a question after which memory is given back. */
const PATIENCE = 1000;

/** Growth of the heap in bytes that makes it worth while. */
const WORTH = 20e6;

/**
 * Collects what a burst of questions has left behind once there is a pause: type checkers are thrown away after each
 * cell, and V8 would let them pile up.
 *
 * @returns to be called after each question
 */
export function collectWhenIdle(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let timer: NodeJS.Timeout | undefined;
  let least = 0;
  const tidy = (): void => {
    if (process.memoryUsage().heapUsed < least + WORTH) return;
    collect();
    least = process.memoryUsage().heapUsed;
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(tidy, PATIENCE);
  };
}
