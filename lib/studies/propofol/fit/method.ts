import type {Rng} from '../../../math';
import type {PropofolRecord} from '../data/record';
import type {Person} from '../kinetics/person';
import type {Subject} from './covariateModel';

/** Logarithms of predicted concentrations at the samples of somebody, `[m]`; measured ones are not looked at. */
export type Predictor = (subject: Subject) => Float64Array;

/** A way to learn from some people how to predict concentrations of others. */
export interface PropofolMethod {
  readonly name: string;
  /** Learns from `training`, and from nothing else. */
  fit(training: readonly PropofolRecord[], rng: Rng): FittedMethod;
}

/** What was learned. */
export interface FittedMethod {
  readonly predict: Predictor;
  /** What a mechanism says of somebody, see `CovariateModel.locals`; black boxes have none. */
  readonly locals?: (person: Person) => Float64Array;
  /** What was chosen inside the training data, in words. */
  readonly note?: string;
}
