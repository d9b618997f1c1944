import type {Dosing} from '../kinetics/dosing';
import type {Person} from '../kinetics/person';

/** What is on record of one person. */
export interface PropofolRecord {
  readonly id: number;
  /** Number of the study that took the samples. */
  readonly study: number;
  readonly person: Person;
  readonly dosing: Dosing;
  /** `[m]` [min], none before the one before it. */
  readonly times: Float64Array;
  /** `[m]`: measured concentrations in blood [mg/L], above 0. */
  readonly measured: Float64Array;
}
