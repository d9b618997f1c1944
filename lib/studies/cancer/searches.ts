import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type {search} from '../../experiments';

/** One training of a search. */
export interface SearchedTrial {
  readonly state: search.TrialState;
  readonly params: search.Params;
  /** Lowest error on validation data; of a trial that was stopped early, the last one. */
  readonly value?: number;
  /** Error after each pass. */
  readonly reported: readonly number[];
  /** Of the processor. */
  readonly seconds: number;
  readonly error?: string;
}

/** The search for one method. */
export interface MethodSearch {
  readonly method: string;
  readonly space: search.Space;
  readonly trials: readonly SearchedTrial[];
}

/** Searches for the settings of every learned method, with how they were made. */
export interface CancerSearches {
  readonly made: {
    readonly by: string; readonly code: string; readonly epochs: number; readonly seconds: number;
    readonly sampler: string; readonly draw: Readonly<Record<string, number>>;
  };
  readonly studies: readonly MethodSearch[];
}

/** The searches that `test/laws/cancerSearch.ts` made, with equal budgets, on patients that no table uses. */
export function cancerSearches(): CancerSearches {
  const path = resolve(__dirname, '../../../data/searches/cancer.json');
  return JSON.parse(readFileSync(path, 'utf8')) as CancerSearches;
}

/** The complete trial with the lowest error; undefined where none was completed. */
export function bestOf({trials}: MethodSearch): SearchedTrial | undefined {
  const complete = trials.filter(t => t.state === 'complete' && Number.isFinite(t.value));
  return [...complete].sort((a, b) => a.value! - b.value!)[0];
}
