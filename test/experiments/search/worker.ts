/** A worker of the test of several processes: runs trials of the study until it has as many as wanted. */
import {search} from '../../../lib';

const [journal, wanted] = [process.argv[2], Number(process.argv[3])];

async function work(): Promise<void> {
  const space = {x: search.float(-1, 1), kind: search.choice('a', 'b')};
  const study = await search.openStudy(journal, {name: 'shared', space, patience: 5});
  while (study.trials().length < wanted) {
    const [trial] = await study.ask();
    const value = (trial.params.x as number) ** 2;
    await study.report(trial, 1, 2 * value);
    await study.tell(trial, {value});
  }
}

void work();
