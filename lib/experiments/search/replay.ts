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
  /** Who started it. */
  readonly worker: string;
}

interface Growing extends StudyTrial {
  state: TrialState;
  value?: number;
  readonly params: Record<string, Choice>;
  readonly reported: Map<number, number>;
  readonly attributes: Record<string, unknown>;
  readonly study: number;
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
  createStudy: 0, createTrial: 4, param: 5, state: 6, report: 7, attribute: 8,
});

/** Follows the journal of the study of this name. A change to a trial that has ended is ignored, as Optuna does. */
export function replay(name: string): Replay {
  const studies: {name: string; direction: number}[] = [], all: Growing[] = [];
  const own = () => {
    const at = studies.findIndex(study => study.name === name);
    return at < 0 ? undefined : at;
  };
  const open = (line: JournalLine): Growing | undefined => {
    const trial = all[line.trial_id as number];
    return trial && (trial.state === 'running' || trial.state === 'waiting') ? trial : undefined;
  };
  const create = (line: JournalLine) => {
    const study = line.study_id as number, number = all.filter(trial => trial.study === study).length;
    all.push({
      id: all.length, number, study, state: STATES[(line.state as number | undefined) ?? 0], params: {},
      reported: new Map(), attributes: {}, worker: line.worker_id,
    });
  };
  const actions: Readonly<Record<number, (line: JournalLine) => void>> = {
    [OP.createStudy]: line => {
      studies.push({name: line.study_name as string, direction: (line.directions as number[])[0]});
    },
    [OP.createTrial]: create,
    [OP.param]: line => {
      const trial = open(line), value = externalValue(line.distribution as string, line.param_value_internal as number);
      if (trial) trial.params[line.param_name as string] = value;
    },
    [OP.state]: line => {
      const trial = open(line);
      if (!trial) return;
      trial.state = STATES[line.state as number];
      trial.value = (line.values as number[] | null)?.[0];
    },
    [OP.report]: line => void open(line)?.reported.set(line.step as number, line.intermediate_value as number),
    [OP.attribute]: line => void Object.assign(open(line)?.attributes ?? {}, line.user_attr),
  };
  return Object.freeze({
    apply: (lines: readonly JournalLine[]) => lines.forEach(line => actions[line.op_code]?.(line)),
    study: own,
    direction: () => studies[own() ?? -1]?.direction,
    trials: () => all.filter(trial => trial.study === own()),
    nextId: () => all.length,
  });
}
