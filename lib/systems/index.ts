/**
 * Dynamical systems: one definition, read as formulas, in float64 and as tensors.
 * @module
 */
export {compileSystem, fieldOf, outputsOf, type CompiledSystem, type ControlSystem} from './controlSystem';
export {
  pendulumSystem, twoCompartments, threeCompartments, twinTissues, lotkaVolterra, inputDependent, unobservable,
  shiftedWindow, squaredOutput, cubicChain,
} from './workedSystems';
