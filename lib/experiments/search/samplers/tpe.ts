import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {distributionJson} from '../distribution';
import type {Domain} from '../space';
import type {OutsideSampler} from './sampler';

/** Options of {@link tpeSampler}. */
export interface TpeOptions {
  /** Python in which `import optuna` works; default `$OBSNODE_PYTHON`, else `python3`. */
  readonly python?: string;
  /** Of the sampler, a whole number; the k-th trial asked for gets `seed + k`. Default 0. */
  readonly seed?: number;
  /** Trials drawn at random before the sampler begins to learn; default 10, as in Optuna. */
  readonly startup?: number;
}

/** Asks for trials: conditional parameters exist as the space says, one study, one sampler. */
const ASK = `
import json, sys
import optuna
from optuna.distributions import json_to_distribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
optuna.logging.set_verbosity(optuna.logging.ERROR)
job = json.loads(sys.argv[1])
study = optuna.load_study(study_name=job["name"], storage=JournalStorage(JournalFileBackend(job["journal"])),
    sampler=optuna.samplers.TPESampler(n_startup_trials=job["startup"], constant_liar=True,
        seed=job["seed"] + job["known"]))
numbers = []
for _ in range(job["count"]):
    trial = study.ask()
    for name, domain, when in job["space"]:
        if all(trial.params.get(key) == value for key, value in when.items()):
            trial._suggest(name, json_to_distribution(domain))
    numbers.append(trial.number)
print(json.dumps(numbers))
`;

/**
 * Tree-structured Parzen estimator of Optuna, which must be installed (`pip install optuna`): it learns from finished
 * trials and takes unfinished ones for bad, so that workers beside each other do not try the same.
 * @reference Bergstra, Bardenet, Bengio, Kegl 2011, Algorithms for hyper-parameter optimization, NeurIPS
 * @throws Error from its first trial on, saying what to install, where Python or Optuna is missing
 */
export function tpeSampler({
  python = process.env.OBSNODE_PYTHON ?? 'python3', seed = 0, startup = 10,
}: TpeOptions = {}): OutsideSampler {
  let known = 0;
  return Object.freeze({
    name: 'TPE',
    async start({journal, name, space}: Parameters<OutsideSampler['start']>[0], count: number) {
      const listed = Object.entries(space).map(([key, domain]: [string, Domain]) =>
        [key, distributionJson(domain), domain.when ?? {}]);
      const job = JSON.stringify({journal, name, space: listed, count, seed, startup, known});
      known += count;
      const {stdout} = await promisify(execFile)(python, ['-c', ASK, job]).catch((error: Error & {stderr?: string}) => {
        const last = error.stderr?.trim().split('\n').at(-1) || error.message;
        throw new Error(`tpeSampler: ${python} could not ask Optuna (${last}). Install it: ${python} -m pip install `
          + 'optuna, or name another Python in $OBSNODE_PYTHON, or sample with sobolSampler.');
      });
      return JSON.parse(stdout) as number[];
    },
  });
}
