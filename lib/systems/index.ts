/**
 * Dynamical systems: one definition, read as formulas, in float64 and as tensors.
 * @module
 */
export type {ControlSystem, DynamicalSystem, MapSystem} from './system';
export {compileSystem, type CompiledSystem} from './controlSystem';
export {systemLatex} from './latex';
export {fieldOf, mapOf, outputsOf, type Constants, type Float64Field} from './float64';
export {tensorFieldOf, tensorMapOf, tensorOutputsOf, type TensorConstants, type TensorField} from './tensors';
export {
  pendulumSystem, twoCompartments, threeCompartments, twinTissues, lotkaVolterra,
  inputDependent, unobservable, shiftedWindow, squaredOutput, cubicChain,
} from './workedSystems';
