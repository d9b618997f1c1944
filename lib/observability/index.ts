/**
 * Whether a hidden state can be seen: rank, normal form, twins, counter-examples.
 * @module
 */
export {
  outputDerivatives, observabilityMatrix, type ObservabilityMatrix, type OutputDerivatives,
} from './outputDerivatives';
export {
  analyseObservability, type AnalyseOptions, type ObservabilityReport, type ObservabilityVerdict, type RankUnderInput,
} from './rank';
export {type Coordinate, type RankLoss} from './rankLoss';
export {numericalRank} from './numericalRank';
export {randomState} from './randomState';
export {normalForm, normalFormMap, type NormalForm, type NormalFormMap, type NormalFormOptions} from './normalForm';
export {
  empiricalGramian, spreadDirections, type EmpiricalGramian, type GramianOptions, type NumericSystem,
} from './gramian';
export {visibilityOver, type Visibility} from './visibilityOver';
export {simulateObservability, type EmpiricalOptions, type EmpiricalReport} from './empiricalVerdict';
export {twinState, type TwinOptions, type TwinState} from './twinState';
export {learnedField, normalFormField} from './learnedField';
export {
  randomNormalForm, reconstructState, type NormalFormNetwork, type RandomNormalFormOptions,
} from './randomNormalForm';
export {workedSystems, type WorkedSystem} from './workedSystems';
export {
  counterExample, estimateCounterExample, sampleCounterExample, type CounterExample, type CounterExampleOptions,
  type CounterExampleSample, type MeanEstimate,
} from './counterExample';
