import type {PropofolRecord} from '../data/record';
import type {Compartments} from '../kinetics/compartments';
import type {Person} from '../kinetics/person';

/**
 * A way from what is known of a person to their compartments, with constants to be fitted.
 */
export interface CovariateModel {
  readonly name: string;
  /** `[p]`: constants at the start, to which a penalty pulls. */
  readonly start: Float64Array;
  /** `[p]`, each >= 0: how much the penalty counts for each constant; 0 leaves it free. */
  readonly penalised: Float64Array;
  /**
   * Logarithms of V1, V2, V3 [L], CL, Q2, Q3 [L/min], then of what inputs are multiplied with: `[6 + G]`.
   * @param constants `[p]`
   */
  locals(constants: Float64Array, person: Person): Float64Array;
  /** How many numbers of {@link locals} describe the input: 0 where a dose enters as it is given. */
  readonly gains: number;
}

/** How many logarithms describe compartments. */
export const KINETIC = 6;

/** Compartments from the first six numbers of locals; the effect site is not fitted. */
export function fromLogs(logs: ArrayLike<number>, ke0 = 0.146): Compartments {
  const [v1, v2, v3, cl, q2, q3] = Array.from({length: KINETIC}, (_, k) => Math.exp(logs[k]));
  return {v1, v2, v3, cl, q2, q3, ke0};
}

/** Logarithms of compartments, in the order of {@link CovariateModel.locals}. */
export const logsOf = ({v1, v2, v3, cl, q2, q3}: Compartments): Float64Array =>
  Float64Array.of(v1, v2, v3, cl, q2, q3).map(Math.log);

/** A record that is predicted: a person, what they were given, and when samples were taken. */
export type Subject = Pick<PropofolRecord, 'person' | 'dosing' | 'times' | 'measured'>;
