import {fold} from '../../../math';
import type {Compartments} from '../kinetics/compartments';
import type {Person} from '../kinetics/person';
import {linearCorrections, networkCorrections, type CorrectionOptions} from './corrections';
import {logsOf, type CovariateModel} from './covariateModel';
import {features, heldFeatures} from './features';
import {fitCovariates} from './fitCovariates';
import type {FittedMethod, PropofolMethod} from './method';
import {logPrediction} from './prediction';
import {allometricModel} from './structures';

/** A published model as it is: nothing is learned. */
export function publishedMethod(name: string, model: (person: Person) => Compartments): PropofolMethod {
  return Object.freeze<PropofolMethod>({
    name, fit: () => mechanism(person => logsOf(model(person))),
  });
}

/** A structure whose constants are fitted without a penalty. */
export function structureMethod(model: CovariateModel): PropofolMethod {
  return Object.freeze<PropofolMethod>({
    name: model.name,
    fit(training) {
      const {constants} = fitCovariates(model, training);
      return mechanism(person => model.locals(constants, person));
    },
  });
}

/** A mechanism that is not fitted. */
export interface Anchor {
  readonly name: string;
  /** What it says of a person. */
  readonly model: (person: Person) => Compartments;
}

/** Options of {@link correctedMethod}. */
export interface CorrectedOptions extends Omit<CorrectionOptions, 'read'> {
  /** Weight of the penalty on corrections, above 0. */
  readonly lambda: number;
  /** Units of a network; 0, the default, for linear corrections. */
  readonly width?: number;
  /**
   * Whether whoever is younger, older, lighter, heavier ... than all to learn from is corrected like the nearest of
   * these: corrections do not go on along their lines where nobody was. Default false.
   */
  readonly held?: boolean;
  /** The mechanism to correct. Default: the law of size, its six constants fitted first and then left as they are. */
  readonly anchor?: Anchor;
}

/**
 * A mechanism whose compartments are corrected by what is known of the person: first the mechanism alone is fitted,
 * then, with the mechanism frozen, corrections of its logarithms and, if asked for, of the input.
 */
export function correctedMethod(options: CorrectedOptions): PropofolMethod {
  const {lambda, width = 0, input = false, held = false, anchor} = options, kind = width > 0 ? 'network' : 'linear';
  const tags = `${input ? ' + input' : ''}${held ? ', held' : ''}, λ = ${lambda}`;
  const name = `${anchor?.name ?? 'allometric'} + ${kind}${tags}`;
  return Object.freeze<PropofolMethod>({
    name,
    fit(training, rng) {
      const size = allometricModel(), {constants: frozen} = anchor ? {constants: size.start}
        : fitCovariates(size, training);
      const known = (person: Person) => (anchor ? logsOf(anchor.model(person)) : size.locals(frozen, person));
      const told = {input, read: held ? heldFeatures(training.map(({person}) => person)) : features};
      const model = width > 0 ? networkCorrections(name, known, {...told, width, rng: fold(rng, 'network')})
        : linearCorrections(name, known, told);
      const {constants} = fitCovariates(model, training, {lambda});
      return {
        ...mechanism(person => model.locals(constants, person)),
        ...(input && {note: `gain of the input ${constants[constants.length - 1].toFixed(3)}`}),
      };
    },
  });
}

/** A mechanism that says this of each person. */
const mechanism = (locals: (person: Person) => Float64Array): FittedMethod =>
  ({locals, predict: subject => logPrediction(subject, locals(subject.person))});
