import {expectWhole} from '../../errors';
import {DivergenceError} from '../../training';
import {inParallel} from '../parallel';
import {LOST, type StudyTrial} from './replay';
import type {Study} from './study';

/** What the function that is searched is given beside the parameters. */
export interface ObjectiveContext {
  /** Fires when the search is stopped. */
  readonly signal: AbortSignal;
  /** Notes a value on the way; throws {@link Pruned} where the trial should stop. */
  report(step: number, value: number): Promise<void>;
}

/** Thrown out of an objective whose trial is not worth going on. */
export class Pruned extends Error {
  override readonly name = 'Pruned';
  constructor(readonly value: number) {
    super(`Stopped early at ${value}`);
  }
}

/** What a search may cost, and how. */
export interface OptimiseOptions {
  /** Trials of the whole study, those of others and of earlier runs included; >= 1. */
  readonly trials: number;
  /** Processor seconds of the whole study, by the notes of its trials; default: no limit. */
  readonly seconds?: number;
  /** Trials at a time, in this process; default 1. Each is charged its share of the processor's time. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** Called after each trial. */
  readonly onProgress?: (done: number, total: number, trial: StudyTrial) => void;
}

/**
 * Runs trials until the study has as many as asked for, or has cost as much. A search that was stopped or killed goes
 * on where it was: trials of dead processes are ended as failed, and do not count. A trial whose function throws, or
 * answers with no finite number, ends as failed and the search goes on.
 * @returns the best trial; undefined where none is complete
 * @throws ArgumentError for budgets that are no whole numbers >= 1; the signal's reason when stopped
 */
export async function optimise(
  study: Study, objective: (params: StudyTrial['params'], context: ObjectiveContext) => Promise<number> | number,
  {trials, seconds = Infinity, jobs = 1, signal, onProgress}: OptimiseOptions,
): Promise<StudyTrial | undefined> {
  expectWhole('optimise', {trials, jobs});
  await study.reap();
  const counted = () => study.trials().filter(t => t.attributes.error !== LOST);
  const spent = () => counted().reduce((sum, t) => sum + (Number(t.attributes.seconds) || 0), 0);
  const missing = Array.from({length: Math.max(0, trials - counted().length)}, (_, k) => k);
  await inParallel(missing, jobs, async (_, stop) => {
    if (spent() >= seconds || counted().length >= trials) return;
    const [trial] = await study.ask();
    await tried(study, trial, objective, {signal: stop, jobs});
    onProgress?.(counted().filter(t => t.state !== 'running').length, trials, study.trials()[trial.number]);
  }, signal);
  return study.best();
}

async function tried(
  study: Study, trial: StudyTrial, objective: Parameters<typeof optimise>[1],
  {signal, jobs}: {readonly signal: AbortSignal; readonly jobs: number},
): Promise<void> {
  const before = process.cpuUsage(), seconds = () => {
    const {user, system} = process.cpuUsage(before);
    return {seconds: (user + system) / 1e6 / jobs};
  };
  const report = async (step: number, value: number) => {
    if (await study.report(trial, step, value)) throw new Pruned(value);
  };
  try {
    const value = await objective(trial.params, {signal, report});
    await study.tell(trial, Number.isFinite(value) ? {value} : {failed: `no finite value: ${value}`}, seconds());
  } catch (error) {
    if (error instanceof Pruned) return study.tell(trial, {pruned: error.value}, seconds());
    if (signal.aborted) {
      await study.tell(trial, {failed: LOST}, seconds());
      throw error;
    }
    const why = error instanceof DivergenceError ? 'diverged' : (error as Error)?.message ?? String(error);
    await study.tell(trial, {failed: why}, seconds());
  }
}
