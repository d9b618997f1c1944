import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';

/** A cell of a notebook, by the notebook's number and the cell's id: `'07/86a14922'`. */
export type CoveragePlace = string;

/** A number or sentence that a committed notebook computed; nothing of it is typed. */
export type CoverageEvidence =
  /** The claim (✓) that holds these words. */
  | {readonly claim: string}
  /** A cell of the table whose title begins like this. */
  | {
    readonly table: string;
    readonly row: string;
    readonly column: string;
    /** Of rows with equal names: where the numbers come from, and the heading that they stand under. */
    readonly source?: string;
    readonly group?: string;
    /** What to call it. */
    readonly as: string;
  };

/** Something of the paper that has a name, and what became of it. */
export interface CoverageItem {
  /** As the paper calls it, e.g. `'Figure 2'`, `'(8a)'`. */
  readonly item: string;
  /** What it is about. */
  readonly about: string;
  /** Where it is shown, best place first. */
  readonly at: readonly CoveragePlace[];
  /** In a few words: published, as released, as written; derived; checked; absent. */
  readonly how: string;
  /** What the first notebook named in `at` computed about it. */
  readonly said?: readonly CoverageEvidence[];
}

const FILE = resolve(__dirname, '../../../data/front/coverage.json');

/** Every figure, table, definition, theorem and equation of the paper, in its order: `data/front/coverage.json`. */
export const paperCoverage = (): CoverageItem[] => JSON.parse(readFileSync(FILE, 'utf8')) as CoverageItem[];
