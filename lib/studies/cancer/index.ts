/**
 * Simulated cancer patients, after the released program and as the paper prints them; the published results.
 * @paper section 5.1, A.3.1
 * @module
 */
export {cancerChannels, readPublishedCancer, type PublishedCancerSplit} from './publishedPatients';
export {publishedHeatmap, publishedTable1, type PublishedHeatmap, type PublishedModel} from './published';
export {cancerPlans, type CancerPlanKind, type CancerPlansOptions} from './plans';
export {cancerQuestions, type CancerQuestion, type CancerQuestionsOptions} from './questions';
export {mechanistic, type MechanisticOptions} from './mechanistic/mechanistic';
export {releasedObsNode, RELEASED, type ReleasedParams} from './releasedObsNode';
export {publishedWeights} from './publishedWeights';
export {
  ablatedObsNode, cancerForms, cancerRecognitions, cancerSolvers, obsNodeSettings, type CancerForm,
  type CancerRecognition, type CancerSolver, type ObsNodeSettings,
} from './ablation';
export {cancerTraining, obsNodeForCancer, type CancerObsNodeOptions} from './training';
export {
  cancerCohort, resimulate, type CancerCohort, type CancerCohortOptions, type CancerRun, type ResimulateOptions,
} from './simulator/cohort';
export {concentrations, counterfactualTwins, factualDoses, type CancerPlan} from './simulator/counterfactual';
export {LARGEST_DIAMETER, sphereDiameter, sphereVolume} from './simulator/geometry';
export {cancerNoise, cancerNoiseSd, withoutNoise, type CancerNoise} from './simulator/noise';
export type {CancerParameters} from './simulator/parameters';
export {cancerPlan, oneStepPlans, randomDoses, slidingPlans, type NamedCancerPlan} from './simulator/plans';
export {
  cancerDoseLevels, doseProbabilities, logisticPolicy, softmaxPolicy, type CancerDecision, type CancerPolicy,
} from './simulator/policy';
export {printedCancer, printedPopulation} from './simulator/printed';
export {releasedCancer, releasedPopulation} from './simulator/released';
export {cancerVariant, simulateCancer, type CancerSimulation} from './simulator/simulate';
export type {CancerStep, CancerStepper, CancerVariant, CancerVariantName} from './simulator/variant';
export {replayCancer, type CancerReplay} from './simulator/replay';
export {cancerMoments, pooledEstimates, zScores, type Estimate} from './simulator/moments';
export {
  CANCER_ON, CHOOSING_SEEDS, cancerForecasters, cancerMethods, cancerTrainings, type CancerForecaster,
  type CancerForecastersOptions, type CancerTrainingChoice,
} from './methods';
export {enoughForCancer, type EnoughForCancerOptions} from './enough';
export {publishedCancerProtocol} from './publishedProtocol';
export {cancerSymbols} from './symbols';
export {
  cancerBoth, cancerConstants, cancerSensitivity, cancerSystems, cancerVolume, cancerWeight, releasedStep,
} from './systems';
export {cancerDraw, type CancerDraw, type CancerDrawOptions} from './draw';
export {cancerSearchSpace} from './searchSpace';
export {
  bestOf, cancerSearches, type CancerSearches, type MethodSearch, type SearchedTrial,
} from './searches';
export {trainableCancer} from './trainable';
export {cancerSweeps, type CancerSweep} from './sweeps';
