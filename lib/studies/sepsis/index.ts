/**
 * Real sepsis: from tables of intensive care to Sepsis-3, SOFA and the third experiment.
 * @paper section 5.3, A.3.3
 * @module
 */
export {createViews, sepsisViews, type SepsisView, type SqlType, type View} from './views';
export {quantities, type Quantity, type QuantityName} from './quantities';
export {
  publishedFigure4, publishedSepsisSlips, publishedTable3, sepsisOutcomes, storedSofaMap, type PublishedSepsisModel,
  type SepsisOutcome,
} from './published';
export {eicuDemoRules, fillFromEicuDemo, type EicuDemoOptions} from './sources/eicuDemo';
export {
  antibioticNames, antiInfectivePattern, namePattern, paperAntibioticNames, unlistedAntibioticNames,
} from './antibiotics';
export {
  sepsisPresets, sepsisRuleChoices, sepsisRules, type SepsisPreset, type SepsisRule, type SepsisRuleName,
  type SepsisRules, type SepsisRulesOptions,
} from './concepts/rules';
export {concepts, conceptSql, type Concept, type ConceptName} from './concepts/concepts';
export {deriveSepsis} from './concepts/derive';
export {ruleEffects, type RuleEffect} from './concepts/effects';
export {
  sepsisRows, sofaComponents, sofaRows, suspicionRows, type SepsisRow, type SofaComponent, type SofaRow,
  type SuspicionRow,
} from './concepts/rows';
export {fillFromMimicDemo} from './sources/mimicDemo';
export {
  checkMimic, fillFromMimic, loadMimic, type CheckMimicOptions, type FillFromMimicOptions, type LoadedMimic,
  type LoadMimicOptions, type LoadProgress, type Manifest, type PreparedTable,
} from './sources/physionet';
export {simulatedWard, wardSeverity, type Ward, type WardOptions} from './ward/simulatedWard';
export {fillFromWard} from './ward/fill';
export {writeWardAsMimic} from './ward/mimicFiles';
export type {WardTable, WardTables} from './ward/tables';
export {
  WARD_DEFINITIONS, type SepsisTruth, type StaySofa, type StayTruth, type WardDefinition,
} from './ward/truth';
export {NOT_MEASURED, SOFA_ORGANS, type SofaOrgan} from './ward/organs';
export {wardLaw} from './ward/law';
export {episodeShares, type EpisodePattern} from './ward/episode';
export {
  cohortPresets, cohortRules, type CohortPreset, type CohortRules, type CohortRulesOptions,
} from './cohort/rules';
export {sepsisCohort, type CohortStep, type SepsisCohort} from './cohort/cohort';
export {
  readStays, studiedAntibiotics, type Course, type ReadStaysOptions, type Series, type StayRecord,
} from './cohort/records';
export {
  chooseCovariates, paperCovariates, type ChooseCovariatesOptions, type CovariateChoice,
} from './cohort/covariates';
export {stretches, type Stretch, type StretchOptions} from './cohort/courses';
export {sepsisTask, type SepsisTask, type SepsisTaskOptions} from './cohort/task';
export {sepsisSplit, type SepsisSplit} from './cohort/split';
export {type ImputeOptions} from './cohort/impute';
export {
  eicuDemoSource, mimicDemoSource, mimicSource, openRecords, sepsisSource, sepsisSources, wardSource,
  type SepsisSource, type SepsisSourceName, type SepsisSourceOptions,
} from './cohort/source';
export {sepsisStudy, type SepsisStudy, type SepsisStudyOptions} from './cohort/study';
export {decisionHours, sepsisForecasters, type SepsisForecastersOptions, type SepsisSetting} from './methods';
export {chosenSettings, type ChosenSetting, type ChosenSettingsOptions} from './settings';
export {releasedSepsisObsNode, type ReleasedSepsisParams} from './releasedObsNode';
export {sofaPoints, type SofaPoints} from './points';
export type {WardHours} from './ward/clock';
