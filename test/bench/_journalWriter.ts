/** A writer of the benchmark of journals: one trial after the other, until its time is over. */
import {existsSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {openJournal, type JournalLine} from '../../lib/experiments/search/journal';
import {OP, replay} from '../../lib/experiments/search/replay';

const [path, go, mine, seconds] = process.argv.slice(2);

/** Lines of a trial of four parameters, in the three steps in which it is written. */
function steps(trial_id: number): JournalLine[][] {
  const value = 0.123456789012345, worker_id = 'host/12345/123e4567-e89b-12d3-a456-426614174000';
  const datetime = new Date().toISOString();
  const distribution = '{"name":"FloatDistribution","attributes":{"step":null,"low":0.0001,"high":0.1,"log":true}}';
  return [
    [
      {op_code: OP.createTrial, worker_id, study_id: 0, datetime_start: datetime},
      ...[0, 1, 2, 3].map(k => ({
        op_code: OP.param, worker_id, trial_id, param_name: `x${k}`, param_value_internal: value, distribution,
      })),
    ],
    [{op_code: OP.report, worker_id, trial_id, step: 1, intermediate_value: value}],
    [
      {op_code: OP.attribute, worker_id, trial_id, user_attr: {seconds: 1.5}},
      {op_code: OP.state, worker_id, trial_id, state: 1, values: [value], datetime_complete: datetime},
    ],
  ];
}

async function main(): Promise<void> {
  const journal = openJournal(path), state = replay('bench');
  writeFileSync(`${mine}.ready`, '');
  while (!existsSync(go)) await sleep(5);
  const before = process.cpuUsage(), start = performance.now(), waits: number[] = [];
  let held = 0, trials = 0, trial = 0;
  while (performance.now() - start < 1000 * Number(seconds)) {
    for (let step = 0; step < 3; step++) {
      const asked = performance.now();
      let got = asked;
      await journal.append(fresh => {
        got = performance.now();
        state.apply(fresh);
        if (step === 0) trial = state.nextId();
        return steps(trial)[step];
      });
      waits.push(got - asked);
      held += performance.now() - got;
    }
    trials++;
  }
  const {user, system} = process.cpuUsage(before), took = (performance.now() - start) / 1000;
  writeFileSync(`${mine}.json`, JSON.stringify({trials, took, waits, held, used: (user + system) / 1e6}));
}

void main();
