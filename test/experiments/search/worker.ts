/**
 * A worker of the test of several processes: runs trials of the study until as many as wanted are complete, and notes
 * each in a file of its own when the study has it.
 */
import {appendFileSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {search} from '../../../lib/experiments';
import {fold, rng, uniform} from '../../../lib/math';

const [journal, wanted, log] = [process.argv[2], Number(process.argv[3]), process.argv[4]];

async function work(): Promise<void> {
  const space = {x: search.float(-1, 1), kind: search.choice('a', 'b')};
  const study = await search.openStudy(journal, {name: 'shared', space, patience: 10});
  while (study.trials().filter(t => t.state === 'complete').length < wanted) {
    const [trial] = await study.ask(), x = trial.params.x as number, value = x * x;
    await study.report(trial, 1, 2 * value);
    await setTimeout(20 * uniform(fold(rng(process.pid), trial.number), 1)[0]);
    await study.tell(trial, {value});
    appendFileSync(log, `${JSON.stringify({number: trial.number, params: trial.params, value})}\n`);
  }
}

void work();
