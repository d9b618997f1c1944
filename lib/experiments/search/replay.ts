import type {JournalLine} from './journal';
import {externalValue} from './distribution';
import type {Choice, Params} from './space';

/** States of a trial, in the order in which Optuna numbers these. */
export const STATES = ['running', 'complete', 'pruned', 'failed', 'waiting'] as const;

/** What has become of a trial. */
export type TrialState = typeof STATES[number];

/** A trial as the journal has it. */
export interface StudyTrial {
  /** In the journal, which may hold other studies. */
  readonly id: number;
  /** In the study, from 0. */
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** What it came to; undefined until then, and for a failed one. */
  readonly value?: number;
  /** Reported on the way, by step. */
  readonly reported: ReadonlyMap<number, number>;
  /** What else was noted, such as seconds. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Parameters that whoever queued it wants, by name; the others are the sampler's choice. */
  readonly wanted: Params;
  /** Who started it. */
  readonly worker: string;
}

interface Growing extends StudyTrial {
  worker: string;
  state: TrialState;
  value?: number;
  readonly params: Record<string, Choice>;
  readonly reported: Map<number, number>;
  readonly attributes: Record<string, unknown>;
}

/** What the lines of a journal come to, for one of its studies. */
export interface Replay {
  apply(lines: readonly JournalLine[]): void;
  /** Number of the study in the journal; undefined until somebody created it. */
  study(): number | undefined;
  /** 1: smaller is better, 2: larger. */
  direction(): number | undefined;
  /** Of this study, by number. */
  trials(): readonly StudyTrial[];
  /** How many trials the journal has, of all studies: the id of the next one. */
  nextId(): number;
}

/** What the notes of a trial say whose process died, or was stopped: it is tried anew. */
export const LOST = 'its process ended';

/** Optuna's codes of what is done. */
export const OP = Object.freeze({
  createStudy: 0, deleteStudy: 1, createTrial: 4, param: 5, state: 6, report: 7, attribute: 8,
});

/** A line that creates a trial; all but the study is there where another program describes the trial in one go. */
interface CreateLine {
  readonly study_id: number;
  readonly state?: number;
  readonly value?: number | null;
  readonly values?: readonly number[] | null;
  readonly params?: Readonly<Record<string, number>>;
  readonly distributions?: Readonly<Record<string, string>>;
  readonly user_attrs?: Readonly<Record<string, unknown>>;
  readonly system_attrs?: {readonly fixed_params?: Params};
  readonly intermediate_values?: Readonly<Record<string, number>>;
}

function created(line: JournalLine & CreateLine, id: number, number: number): Growing {
  const {state = 0, value, values, params = {}, distributions = {}, intermediate_values: reported = {}} = line;
  return {
    id, number, state: STATES[state], value: value ?? values?.[0], attributes: {...line.user_attrs},
    params: Object.fromEntries(Object.entries(params).map(([name, internal]) =>
      [name, externalValue(distributions[name], internal)])),
    reported: new Map(Object.entries(reported).map(([step, error]) => [Number(step), error])),
    wanted: line.system_attrs?.fixed_params ?? {}, worker: line.worker_id,
  };
}

/**
 * Follows the journal of the study of this name. As Optuna does, it ignores a change to a trial that has ended, a study
 * that is created twice, and what is done to a study that was deleted.
 */
export function replay(name: string): Replay {
  const studies: ({readonly name: string; readonly direction: number; readonly trials: Growing[]} | undefined)[] = [];
  const all: Growing[] = [];
  const find = (wanted: string) => {
    const at = studies.findIndex(study => study?.name === wanted);
    return at < 0 ? undefined : at;
  };
  const own = () => studies[find(name) ?? -1];
  const open = (line: JournalLine): Growing | undefined => {
    const trial = all[line.trial_id as number];
    return trial && (trial.state === 'running' || trial.state === 'waiting') ? trial : undefined;
  };
  const actions: Readonly<Record<number, (line: JournalLine) => void>> = {
    [OP.createStudy]: ({study_name, directions}) => {
      if (find(study_name as string) !== undefined) return;
      studies.push({name: study_name as string, direction: (directions as number[])[0], trials: []});
    },
    // The numbers of studies behind it stay.
    [OP.deleteStudy]: ({study_id}) => {
      if ((study_id as number) in studies) studies[study_id as number] = undefined;
    },
    [OP.createTrial]: line => {
      const trials = studies[line.study_id as number]?.trials;
      if (!trials) return;
      const trial = created(line as JournalLine & CreateLine, all.length, trials.length);
      all.push(trial);
      trials.push(trial);
    },
    [OP.param]: line => {
      const trial = open(line), value = externalValue(line.distribution as string, line.param_value_internal as number);
      if (trial) trial.params[line.param_name as string] = value;
    },
    [OP.state]: line => {
      const trial = open(line);
      if (!trial) return;
      trial.state = STATES[line.state as number];
      trial.value = (line.values as number[] | null)?.[0];
      // Whoever takes a queued trial up answers for it from then on.
      if (trial.state === 'running') trial.worker = line.worker_id;
    },
    [OP.report]: line => void open(line)?.reported.set(line.step as number, line.intermediate_value as number),
    [OP.attribute]: line => void Object.assign(open(line)?.attributes ?? {}, line.user_attr),
  };
  return Object.freeze({
    apply: (lines: readonly JournalLine[]) => lines.forEach(line => actions[line.op_code]?.(line)),
    study: () => find(name),
    direction: () => own()?.direction,
    trials: () => own()?.trials.slice() ?? [],
    nextId: () => all.length,
  });
}
