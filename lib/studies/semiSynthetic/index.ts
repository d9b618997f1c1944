/**
 * Semi-synthetic intensive care: real or simulated stays under simulated outcomes and treatments.
 * @paper section 5.2, A.3.2
 * @module
 */
export {semiSyntheticLabs, type Substrate} from './substrate/substrate';
export {readDemoStays, type DemoStaysOptions} from './substrate/demos';
export {simulatedStays, type SimulatedStaysOptions} from './substrate/simulatedStays';
export {fitStayLaw} from './substrate/fitStayLaw';
export {demoStayLaw} from './substrate/demoStayLaw';
export {type PanelLaw, type StayLaw} from './substrate/stayLaw';
export {splitStays, type StaySplit} from './substrate/split';
export {semiSyntheticSubstrate, type SubstrateOptions} from './substrate/semiSyntheticSubstrate';
export {semiSyntheticModel, type SemiSyntheticChanges, type SemiSyntheticModel,
  type SemiSyntheticVariant} from './simulator/model';
export {semiSyntheticWorld, splineCurves, standardisedLabs, type SemiSyntheticWorld} from './simulator/world';
export {semiSyntheticNoise, type SemiSyntheticNoise} from './simulator/noise';
export {
  simulateSemiSynthetic, type SemiSyntheticPatients, type SemiSyntheticRun,
} from './simulator/simulate';
export {
  semiSyntheticCohort, type SemiSyntheticCohort, type SemiSyntheticCohortOptions, type SemiSyntheticDraw,
} from './cohort';
export {semiSyntheticPlan, semiSyntheticPlans, type SemiSyntheticPlanKind,
  type SemiSyntheticPlansOptions} from './plans';
export {semiSyntheticFloor, type FloorKnowledge} from './references/floor';
export {bayesFilter, bayesWeights} from './references/bayes';
export {alwaysMinusNever, semiSyntheticEffects, type EffectEstimates, type EffectOptions} from './effects';
export {naiveDifference, type NaiveDifference} from './naiveDifference';
export {semiSyntheticSplits, type SemiSyntheticSplits} from './splits';
export {confounding, type Confounding} from './confounding';
export {revealed, type Revealed} from './references/revealed';
export {publishedFigure3, publishedTable2, type PublishedSemiSyntheticModel} from './published';
export {
  forecastEffect, semiSyntheticQuestions, type ForecastEffect, type SemiSyntheticQuestion,
  type SemiSyntheticQuestionsOptions, type SemiSyntheticTask,
} from './table';
export {semiSyntheticForecasters, type SemiSyntheticForecastersOptions} from './methods';
