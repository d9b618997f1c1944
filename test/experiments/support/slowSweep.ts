import {appendFileSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {sweep} from '../../../lib/experiments';

/** A sweep of eight runs of 0.1 s, each of which leaves a line in `log`. Run with the cache's folder and the log as arguments. */
const [, , cache, log] = process.argv;
const run = async ({k}: {readonly k: number}) => {
  await setTimeout(100);
  appendFileSync(log, `${k}\n`);
  return {square: k ** 2};
};

void sweep({k: [0, 1, 2, 3, 4, 5, 6, 7]}, {inputs: {}, run}, {cache}).then(rows => console.log(JSON.stringify(rows)));
