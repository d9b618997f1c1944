/**
 * Propofol in blood and brain: published compartment models, measured concentrations, and how to learn corrections.
 * @module
 */
export type {Person} from './kinetics/person';
export {fatFreeMass, leanBodyMass} from './kinetics/leanMass';
export {propofolSystem, rateConstants, type Compartments} from './kinetics/compartments';
export {marsh, type MarshOptions} from './kinetics/marsh';
export {schnider} from './kinetics/schnider';
export {eleveld, eleveldConstants, type EleveldConstants, type EleveldOptions} from './kinetics/eleveld';
export {schuttlerIhmsen, type SchuttlerIhmsenOptions} from './kinetics/schuttlerIhmsen';
export {bolusOf, type Dosing} from './kinetics/dosing';
export {plasma} from './kinetics/concentrations';
export {course, type Course} from './kinetics/course';
export {effectAfterBolus, effectPeak, type EffectPeak} from './kinetics/effectPeak';
export {doseFor, ofOneKind} from './doseFor';
export type {PropofolRecord} from './data/record';
export {
  eleveldPeople, publishedCompartments, publishedErrors, type PublishedErrors,
} from './data/eleveldPeople';
export {withoutTwins} from './data/withoutTwins';
export {simulatedPeople, type SimulatedPeopleOptions} from './simulatedPeople';
export {logsOf, fromLogs, type CovariateModel, type Subject} from './fit/covariateModel';
export {fitCovariates, type CovariateFit, type FitOptions} from './fit/fitCovariates';
export {allometricModel, constantModel, eleveldModel} from './fit/structures';
export {featureNames, features} from './fit/features';
export type {FittedMethod, Predictor, PropofolMethod} from './fit/method';
export {correctedMethod, publishedMethod, structureMethod, type Anchor, type CorrectedOptions} from './fit/methods';
export {boostingMethod, doseSummaries, type BoostingMethodOptions} from './fit/boosting';
export {individualErrors} from './fit/individual';
export {
  bestShare, mostProbable, parted, recognised, scatterOf, shifted, unmoved, updateErrors, type Parting, type Scatter,
  type Updater,
} from './fit/updating';
export {chosenMethod, type ChosenOptions} from './fit/chosen';
export {logErrorsOf, medianErrors, middle, performance} from './fit/score';
export {crossValidated, together, type CrossValidated, type CrossValidationOptions} from './compare/crossValidation';
export {studyInterval, type StudyInterval, type StudyIntervalOptions} from './compare/studyInterval';
export {
  bolusPeople, BOLUS_STEP, LINEAR_KINETICS, SATURABLE, SLOW_MIXING, type BolusHabit, type BolusPeopleOptions,
  type BolusRun, type BolusTruth,
} from './bolusPeople';
export {anyCompartments, bolusMechanism} from './bolusMechanism';
export {bolusScores, doseScores, type BolusQuestion, type BolusScores, type DoseScores} from './bolusScores';
