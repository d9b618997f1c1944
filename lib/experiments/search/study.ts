import {randomUUID} from 'node:crypto';
import {hostname} from 'node:os';
import {expect, expectWhole} from '../../errors';
import {rng} from '../../math';
import {distributionJson, internalValue} from './distribution';
import {openJournal, type JournalLine} from './journal';
import {LOST, OP, replay, STATES, type Replay, type StudyTrial} from './replay';
import {randomSampler} from './samplers/random';
import type {OutsideSampler, PointSampler, Sampler} from './samplers/sampler';
import {expectSpace, paramsAt, type Params, type Space} from './space';
import type {Pruner} from './halving';

/** Options of {@link openStudy}. */
export interface StudyOptions {
  /** In the journal, which may hold several. */
  readonly name: string;
  readonly space: Space;
  /** Default: random points of seed 0. */
  readonly sampler?: Sampler;
  /** Whether a smaller value is better; default `'minimize'`. */
  readonly direction?: 'minimize' | 'maximize';
  /** Default: no trial is stopped early. */
  readonly pruner?: Pruner;
  /**
   * Seconds after which a lock on the journal is taken from an owner that shows no sign of life, > 0; default 30, as in
   * Optuna. A process that sleeps longer while it writes loses the lock.
   */
  readonly patience?: number;
}

/** What a trial came to. */
export type Outcome = {readonly value: number} | {readonly pruned: number} | {readonly failed: string};

/** A search over hyper-parameters whose only store is a journal file, which Optuna and its dashboard read and join. */
export interface Study {
  readonly name: string;
  /** Starts trials: as many as asked for, each with parameters of its own. */
  ask(count?: number): Promise<readonly StudyTrial[]>;
  /** Notes a value on the way; answers whether the trial should stop here. */
  report(trial: StudyTrial, step: number, value: number): Promise<boolean>;
  /**
   * Ends a trial, with notes such as its processor seconds.
   * @throws Error for a trial that has ended already, here or in another process
   */
  tell(trial: StudyTrial, outcome: Outcome, notes?: Readonly<Record<string, unknown>>): Promise<void>;
  /** All trials so far, by number, of all workers. */
  trials(): readonly StudyTrial[];
  /** The best of those that are complete; undefined while none is. */
  best(): StudyTrial | undefined;
  /** Ends as failed the running trials of processes of this machine that live no more; answers which. */
  reap(): Promise<readonly StudyTrial[]>;
}

/**
 * Opens the study of that name in a journal, or starts it. Several processes, on several machines, may have it open.
 * @param path of the journal file, made where there is none
 * @throws ArgumentError for a space that makes no sense, or a study that was started with another direction
 * @example
 * ```ts
 * import {search} from './lib';
 * const space = {rate: search.float(1e-4, 1e-1, {log: true}), width: search.int(8, 64)};
 * const study = await search.openStudy('out/study.log', {name: 'small', space});
 * const [trial] = await study.ask();
 * await study.tell(trial, {value: Math.log(trial.params.rate as number) ** 2});
 * console.log(study.best()!.number);   // 0
 * ```
 */
export async function openStudy(path: string, options: StudyOptions): Promise<Study> {
  const {name, space, sampler = randomSampler(rng(0)), direction = 'minimize', pruner, patience = 30} = options;
  expectSpace('openStudy', space);
  expect(patience > 0, {fn: 'openStudy', argument: 'patience', expected: 'seconds > 0', received: patience});
  const [code, sign] = direction === 'minimize' ? [1, 1] as const : [2, -1] as const;
  const store = storeOf(path, name, patience);
  await store.change(({study, line}) =>
    (study() === undefined ? [line(OP.createStudy, {study_name: name, directions: [code]})] : []));
  expect(store.state.direction() === code, {
    fn: 'openStudy', argument: 'direction', received: direction, expected: 'that with which the study was started',
  });
  const outside = (asked: OutsideSampler, count: number) => asked.start({journal: path, name, space, direction}, count);
  const complete = () => store.trials().filter(t => t.state === 'complete' && Number.isFinite(t.value));
  return Object.freeze({
    name,
    async ask(count = 1) {
      expectWhole('ask', {count});
      const started = 'start' in sampler ? await outside(sampler, count) : await start(store, space, sampler, count);
      return started.map(number => store.trials()[number]);
    },
    async report({id, number}: StudyTrial, step: number, value: number) {
      await store.change(({line}) => [line(OP.report, {trial_id: id, step, intermediate_value: value})]);
      const trials = store.trials();
      return pruner?.(trials[number], step, trials, sign) ?? false;
    },
    tell: (trial: StudyTrial, outcome: Outcome, notes: Readonly<Record<string, unknown>> = {}) =>
      end(store, trial, outcome, notes),
    trials: store.trials,
    best: () => complete().reduce<StudyTrial | undefined>((best, t) =>
      (best && sign * best.value! <= sign * t.value! ? best : t), undefined),
    async reap() {
      const lost = () => store.trials().filter(t => t.state === 'running' && isDead(t.worker));
      const found = lost();
      for (const trial of found) await end(store, trial, {failed: LOST}, {}).catch(() => undefined);
      return found;
    },
  });
}

/** The journal and what it comes to, for one worker. */
function storeOf(path: string, name: string, patience: number) {
  const journal = openJournal(path, patience), state = replay(name);
  const worker_id = `${hostname()}/${process.pid}/${randomUUID()}`;
  const line = (op_code: number, fields: object): JournalLine => ({op_code, worker_id, ...fields});
  const refresh = () => state.apply(journal.read());
  return Object.freeze({
    state,
    /** As the journal is now. */
    trials(): readonly StudyTrial[] {
      refresh();
      return state.trials();
    },
    /** Appends what `decide` makes of the study as it is when nobody else writes. */
    async change(decide: (now: Replay & {line: typeof line}) => readonly JournalLine[]) {
      await journal.append(fresh => {
        state.apply(fresh);
        return decide({...state, line});
      });
      refresh();
    },
  });
}

type Store = ReturnType<typeof storeOf>;

/** Takes up trials that somebody queued, then starts others at points that their numbers choose. */
async function start(store: Store, space: Space, {point}: PointSampler, count: number): Promise<number[]> {
  let numbers: number[] = [];
  const domains = Object.keys(space).length;
  await store.change(({study, trials, nextId, line}) => {
    numbers = [];
    const known = trials(), queued = known.filter(t => t.state === 'waiting').slice(0, count);
    const paramLines = (trial_id: number, number: number, given: Params) =>
      Object.entries(paramsAt(space, point(number, domains), given)).map(([param_name, value]) => line(OP.param, {
        trial_id, param_name, param_value_internal: internalValue(space[param_name], value),
        distribution: distributionJson(space[param_name]),
      }));
    const taken = queued.flatMap(({id, number, params, wanted}) => {
      numbers.push(number);
      return [line(OP.state, {
        trial_id: id, state: STATES.indexOf('running'), values: null, datetime_start: new Date().toISOString(),
      }), ...paramLines(id, number, {...params, ...wanted})];
    });
    return [...taken, ...Array.from({length: count - queued.length}, (_, k) => {
      numbers.push(known.length + k);
      return [
        line(OP.createTrial, {study_id: study(), datetime_start: new Date().toISOString()}),
        ...paramLines(nextId() + k, known.length + k, {}),
      ];
    }).flat()];
  });
  return numbers;
}

/** Ends a trial that runs. */
async function end(store: Store, {id, number}: StudyTrial, outcome: Outcome, notes: Readonly<Record<string, unknown>>) {
  await store.change(({trials, line}) => {
    const {state} = trials()[number];
    if (state !== 'running') throw new Error(`tell: trial ${number} has ended already: it is ${state}.`);
    const [ended, value] = 'value' in outcome ? ['complete', outcome.value] as const
      : 'pruned' in outcome ? ['pruned', outcome.pruned] as const : ['failed', undefined] as const;
    const noted = Object.entries('failed' in outcome ? {...notes, error: outcome.failed} : notes);
    return [
      ...noted.map(([key, note]) => line(OP.attribute, {trial_id: id, user_attr: {[key]: note}})),
      line(OP.state, {
        trial_id: id, state: STATES.indexOf(ended), values: value === undefined ? null : [value],
        datetime_complete: new Date().toISOString(),
      }),
    ];
  });
}

/** Whether a worker of this machine lives no more; of others nothing is known. */
function isDead(worker: string): boolean {
  const [host, pid] = worker.split('/');
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
