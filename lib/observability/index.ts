export {compileSystem, fieldOf, outputsOf, type CompiledSystem, type ControlSystem} from './system';
export {outputDerivatives, observabilityMatrix, type ObservabilityMatrix, type OutputDerivatives} from './output-derivatives';
export {analyseObservability, numericalRank, randomState, type AnalyseOptions, type ObservabilityReport, type RankUnderInput} from './rank';
export {normalForm, normalFormMap, type NormalForm, type NormalFormMap, type NormalFormOptions} from './normal-form';
export {empiricalGramian, type EmpiricalGramian, type GramianOptions, type NumericSystem} from './gramian';
export {randomNormalForm, reconstructState, type NormalFormNetwork, type RandomNormalFormOptions} from './random-normal-form';
export {cancerBoth, cancerSensitivity, cancerVolume, cancerWeight, inputDependent, lotkaVolterra, pendulumSystem, threeCompartments, twinTissues, twoCompartments, unobservable, workedSystems} from './systems';
export {counterExample, estimateCounterExample, sampleCounterExample, type CounterExample, type CounterExampleOptions, type CounterExampleSample, type MeanEstimate} from './counter-example';
